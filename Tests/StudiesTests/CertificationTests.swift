import Arithmetic
import AttentionHessian
import Evaluation
import Formulas
import Testing

@Suite struct CertificationTests {
  private static let A = Symbol("A", Shape("m", "m")), B = Symbol("B", Shape("m", "m")), r = Symbol("r", .scalar)
  private static let normA = Formula.symbol(A).norm(), bound = Formula.symbol(r)

  private func certify(
    _ statement: Judgement, _ a: Matrix<Rational>, _ b: Matrix<Rational>? = nil, _ bound: Rational = 0,
    precisionLimit: Int = 2048
  ) throws -> Certification {
    let point = Environment<Rational>(
      sizes: ["m": a.rows], values: [Self.A: a, Self.B: b ?? a, Self.r: Matrix(bound)])
    return try Certification(statement, at: point, precisionLimit: precisionLimit)
  }

  private func verdict(_ a: Matrix<Rational>, _ bound: Rational) throws -> Certification.Verdict {
    try certify(Judgement(Self.normA, .atMost, Self.bound), a, nil, bound).verdict
  }

  // MARK: Against an evaluation of fixed precision

  /// `‖a‖₂` of a 2×2 matrix in closed form: `σ² = (f + √(f² − 4 det²))/2` with `f = ‖a‖_F²`, at 256 bits.
  private func closedForm(_ a: Matrix<Rational>) throws -> Ball {
    let f = a.entries.reduce(Rational.zero) { $0 + $1 * $1 }
    let determinant = a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]
    let discriminant = max(f * f - 4 * determinant * determinant, 0)
    let root = try Ball(discriminant, precision: 256).squareRoot()
    return try ((Ball(f, precision: 256) + root) * Ball(Rational(1, over: 2), precision: 256)).squareRoot()
  }

  /// A random matrix; a 3×3 one is a 2×2 block beside a smaller entry, between exact rotations.
  private func draw(_ generator: inout SplitMix64, size: Int) -> (matrix: Matrix<Rational>, block: Matrix<Rational>) {
    let block = Matrix<Rational>(rows: 2, columns: 2) { _, _ in Rational.random(using: &generator) }
    if size == 2 { return (block, block) }
    let rotation = Matrix<Rational>(
      rows: 3, columns: 3,
      entries: [
        Rational(3, over: 5), Rational(4, over: 5), 0, Rational(-4, over: 5), Rational(3, over: 5), 0, 0, 0, 1,
      ])
    let permutation = Matrix<Rational>(rows: 3, columns: 3, entries: [0, 1, 0, 0, 0, 1, 1, 0, 0])
    let inner = Matrix.blockDiagonal([block, Matrix(block[0, 0])])
    return (permutation * rotation * inner * permutation.transposed * rotation.transposed, block)
  }

  /// 10,000 statements; those that the 256 bits cannot tell apart are exact equalities, planted so.
  @Test(arguments: 0..<4) func randomStatementsAgreeWithAnEvaluationAt256Bits(part: Int) throws {
    var generator = SplitMix64(seed: UInt64(77 + part))
    var disagreements = 0, equalities = 0
    for sample in 0..<2_500 {
      let (a, block) = draw(&generator, size: sample.isMultiple(of: 5) ? 3 : 2)
      let norm = try closedForm(block)
      let statement: Judgement, left: Ball, right: Ball
      var b = a, number = Rational.zero
      switch sample % 5 {
      case 0, 1:
        // A decimal near the norm, off by a planted amount.
        let digits = generator.uniform(below: 40) + 1
        let bounds = try norm.decimalBounds(digits: digits)
        number = try Rational(exactly: generator.uniform(below: 2) == 0 ? bounds.lower : bounds.upper)
        (statement, left, right) = (Judgement(Self.normA, .atMost, Self.bound), norm, Ball(number, precision: 256))
      case 2:
        let (other, otherBlock) = draw(&generator, size: a.rows)
        b = other
        statement = Judgement(
          (Formula.symbol(Self.A) * .symbol(Self.B)).norm(), .atMost,
          Self.normA * Formula.symbol(Self.B).norm())
        (left, right) = (try closedForm(a * b), norm * (try closedForm(otherBlock)))
      case 3:
        number = Rational.random(using: &generator)
        statement = Judgement(Formula.symbol(Self.A).norm(.frobenius), .atMost, Self.bound * Self.normA)
        let length = a.entries.reduce(Rational.zero) { $0 + $1 * $1 }
        (left, right) = (try Ball(length, precision: 256).squareRoot(), Ball(number, precision: 256) * norm)
      default:
        let (other, otherBlock) = draw(&generator, size: a.rows)
        b = other
        statement = Judgement(
          Self.normA, .atMost, (Formula.symbol(Self.A) + .symbol(Self.B)).norm() + Formula.symbol(Self.B).norm())
        (left, right) = (norm, try closedForm(a + b) + closedForm(otherBlock))
      }
      let certification = try certify(statement, a, b, number)
      let expected: Certification.Verdict = try left.lower > right.upper ? .refuted : .proven
      if try left.upper >= right.lower && left.lower <= right.upper { equalities += 1 }
      if certification.verdict != expected {
        disagreements += 1
        Issue.record(
          "part \(part), sample \(sample): \(certification.verdict) of \(statement) at\n\(a)\n\(b)\n\(number)")
      }
    }
    #expect(disagreements == 0)
    // Few, such as singular matrices whose norm is a short fraction.
    #expect(equalities < 100)
  }

  // MARK: Equality

  @Test func equalityIsDecidedExactly() throws {
    let tiny = try Rational(10).power(-40)
    let rotation = Matrix<Rational>(
      rows: 2, columns: 2,
      entries: [Rational(3, over: 5), Rational(4, over: 5), Rational(-4, over: 5), Rational(3, over: 5)])
    let reflected = rotation * Matrix.diagonal(of: Matrix(rows: 2, columns: 1, entries: [7, -7])) * rotation.transposed
    for a in [rotation.scaled(by: 7), reflected] {
      #expect(try verdict(a, 7) == .proven && verdict(a, 7 - tiny) == .refuted && verdict(a, 7 + tiny) == .proven)
    }
    let equal = try certify(Judgement(Self.normA, .atMost, Self.bound), reflected, nil, 7)
    #expect(equal.precision == nil && equal.left == .exact(7) && equal.right == .exact(7))
  }

  /// `‖A‖ = √2` against itself, and against a fraction just below.
  @Test func equalityOfRootsIsDecidedExactly() throws {
    let a = Matrix<Rational>(rows: 2, columns: 2, entries: [1, 1, 1, -1])
    let root = Judgement(Self.normA, .atMost, Formula.size("m").squareRoot)
    #expect(try certify(root, a).verdict == .proven && certify(root, a).precision == nil)
    let less = Judgement(Self.normA + Self.bound, .atMost, Formula.size("m").squareRoot)
    #expect(try certify(less, a, nil, Rational(10).power(-60)).verdict == .refuted)
    #expect(try certify(less, a, nil, 0).verdict == .proven)
  }

  /// The golden ratio is no fraction and no root of one: equal in every enclosure, the statement stays undecided.
  @Test func whatCannotBeDecidedIsSaidToBe() throws {
    let a = Matrix<Rational>(rows: 2, columns: 2, entries: [1, 1, 1, 0])
    let golden = (Formula.integer(1) + Formula.integer(5).squareRoot) * Formula.integer(2).inverse
    // Both sides are exact, but a sum with a norm in it is not.
    let sum = Judgement(Self.normA + .integer(1), .atMost, golden + .integer(1))
    guard case .undecided(let tried) = try certify(sum, a, precisionLimit: 256).verdict else {
      Issue.record("the golden ratio was told from itself")
      return
    }
    #expect(tried.contains("256 bits") && tried.contains("2.618"))
    #expect(try certify(Judgement(Self.normA, .atMost, golden), a).verdict == .proven)
  }

  // MARK: Special matrices

  @Test func zeroAndSingleNumbers() throws {
    let zero = Matrix<Rational>.zero(rows: 3, columns: 3)
    #expect(try verdict(zero, 0) == .proven && verdict(zero, Rational(-1, over: 10)) == .refuted)
    #expect(try verdict(Matrix(-2), 2) == .proven && verdict(Matrix(-2), Rational(199, over: 100)) == .refuted)
  }

  @Test func magnitudesFarFromOne() throws {
    for exponent in [-200, 200, 3_000] {
      let size = try Rational(10).power(exponent), slightly = try 1 + Rational(10).power(-50)
      let a = Matrix<Rational>(rows: 2, columns: 2, entries: [3 * size, -4 * size, 4 * size, 3 * size])
      #expect(try verdict(a, 5 * size) == .proven && verdict(a.scaled(by: slightly), 5 * size) == .refuted)
      let skew = Matrix<Rational>(rows: 2, columns: 2, entries: [size, 1, 1, -size])
      #expect(try verdict(skew, size) == .refuted && verdict(skew, size * 2 + 1) == .proven)
    }
  }

  /// A matrix too large for exact elimination to come first, with every eigenvalue repeated.
  @Test func repeatedEigenvaluesOfALargeMatrix() throws {
    let n = 40
    let v = Matrix<Rational>(rows: n, columns: 1) { i, _ in Rational(i % 5 - 2) }
    let reflection =
      try Matrix.identity(n)
      - (v * v.transposed).scaled(by: Rational(2).divided(by: (v.transposed * v).scalar))
    #expect(try verdict(reflection, 1) == .proven)
    #expect(try verdict(reflection, 1 - Rational(10).power(-25)) == .refuted)
    #expect(try verdict(reflection, 1 - Rational(10).power(-60)) == .refuted)
  }

  /// `e` against its decimals: the precision rises until they differ.
  @Test func thePrecisionRisesAsFarAsNeeded() throws {
    let e = Formula.integer(1).mapped(.exponential)
    let digits = try Ball(1, precision: 2_000).exponential().decimalBounds(digits: 300)
    func check(_ text: String) throws -> Certification {
      try certify(Judgement(e, .atMost, Self.bound), Matrix(1), nil, Rational(exactly: text))
    }
    #expect(try check(digits.lower).verdict == .refuted && check(digits.upper).verdict == .proven)
    #expect(try check(digits.upper).precision == 1_024)
    let few = try certify(
      Judgement(e, .atMost, Self.bound), Matrix(1), nil, Rational(exactly: digits.lower), precisionLimit: 512)
    guard case .undecided = few.verdict else {
      Issue.record("\(few.verdict)")
      return
    }
  }

  @Test func malformedStatementsThrow() throws {
    let equal = Judgement(Self.normA, .equal, Self.bound)
    #expect(throws: CertificationError.self) { try certify(equal, Matrix(1)) }
    let unbound = Judgement(Formula.symbol("C", "m", "m").norm(), .atMost, Self.bound)
    #expect(throws: EvaluationError.self) { try certify(unbound, Matrix(1)) }
    let division = Judgement(Self.normA, .atMost, Self.bound.inverse)
    #expect(throws: EvaluationError.self) { try certify(division, Matrix(1), nil, 0) }
    let root = Judgement(Self.normA, .atMost, Self.bound.squareRoot)
    #expect(throws: EvaluationError.self) { try certify(root, Matrix(1), nil, -1) }
  }
}
