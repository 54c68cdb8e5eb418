import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Testing

@Suite struct GradientProgramTests {
  static let sizes = ["m": 2, "n": 3]
  static let A = Formula.symbol("A", "m", "n")
  static let B = Formula.symbol("B", "m", "n")
  static let C = Formula.symbol("C", "n", "m")
  static let s = Formula.symbol("s", 1, 1)
  static let symbols = [A, B, C, s].flatMap(\.symbols)

  /// Every operator, inside a number.
  static let formulas: [(String, Formula)] = [
    ("sum", (A + B + A).norm(.frobenius)), ("product", (A * C * A).norm(.frobenius)),
    ("kronecker", (A ⊗ C ⊗ s).norm()), ("scale", A.scaled(by: s).norm()), ("hadamard", (A ⊙ B).norm()),
    ("transpose", (A.transposed + C).norm()), ("vectorize", (A.vectorized.transposed * B.vectorized)),
    ("diagonal", (A.vectorized.diagonal * (B.vectorized)).norm()),
    ("blockDiagonal", .blockDiagonal([A, C, s]).norm(.rowSum)),
    ("blocks", .blocks([[A * C, A], [C, .identity("n")]]).norm()),
    ("exponential", A.mapped(.exponential).norm()), ("reciprocal", (s * s + .integer(2)).inverse),
    ("root", (s * s + .size("n")).squareRoot), ("positive part", A.mapped(.positivePart).norm(.frobenius)),
    ("step", (A.mapped(.step) ⊙ B).norm(.frobenius)), ("logarithm", (s * s + .integer(2)).mapped(.logarithm)),
    ("normal distribution", A.mapped(.normalDistribution).norm(.frobenius)),
    ("normal density", A.mapped(.normalDensity).norm(.frobenius)),
    ("gelu", ElementwiseFunctions.gelu(A).norm(.frobenius)),
    ("∂ of gelu", ElementwiseFunctions.gelu(A).jacobian(A).norm(.frobenius)),
    ("∂∂ of gelu", ElementwiseFunctions.gelu(A * C).jacobian(A).jacobian(A).norm(.frobenius)),
    ("∂ of a logarithm", (A ⊙ A + .ones("m", "n")).mapped(.logarithm).jacobian(A).norm(.frobenius)),
    ("constants", ((.commutation("m", "n") * A.vectorized).norm() + (A * .ones("n", "m") + .zero("m", "m")).norm())),
    ("softmax", RowwiseFunctions.softmax(A).norm()),
    ("jacobian of softmax", (RowwiseFunctions.softmaxJacobian(RowwiseFunctions.softmax(A)) * B.vectorized).norm()),
    ("third moment", RowwiseFunctions.thirdMoment(RowwiseFunctions.softmax(A), B).norm()),
    ("largest row", A.norm(.largestRow)), ("row sum", A.norm(.rowSum)), ("largest entry", A.norm(.largestEntry)),
    ("diameter", C.norm(.diameter)), ("row range", A.norm(.rowRange)),
    ("maximum", .maximum([A.norm(), B.norm(), s])), ("minimum", .minimum([A.norm(), B.norm(), C.norm(.rowSum)])),
    ("∂", (A * C * A).jacobian(A).norm(.frobenius)), ("∂ softmax", RowwiseFunctions.softmax(A).jacobian(A).norm()),
    ("∂∂ softmax", RowwiseFunctions.softmax(A).jacobian(A).jacobian(A).norm()),
    (
      "∂ of maps",
      ((s * s + .integer(2)).squareRoot.inverse * (A * C + .identity("m")).vectorized.transposed).transposed
        .jacobian(s).norm(.frobenius)
    ),
    (
      "∂ of blocks", Formula.blocks([[A * C, A], [C, s.scaled(by: s) ⊗ .identity("n")]]).jacobian(s).norm(.frobenius)
    ),
    ("∂ of a norm", (A * C * A).scaled(by: A.norm()).jacobian(A).norm(.frobenius)),
    ("∂ of a positive part", A.mapped(.positivePart).jacobian(A).norm(.frobenius)),
    ("∂ of a constant", C.jacobian(A).norm(.frobenius) + s),
    ("pullback", Formula.pullback(A * C, A, B * C).norm()),
    ("contraction", Formula.contraction(B, (A * C * A).vectorized, A).norm()),
  ]

  static func point(_ seed: UInt64, _ dimension: Int) -> [Double] {
    var generator = SplitMix64(seed: seed)
    return (0..<dimension).map { _ in Double.random(using: &generator) }
  }

  @Test(arguments: formulas.indices) func theValueIsThatOfTheEvaluator(index: Int) throws {
    let (name, formula) = Self.formulas[index]
    let program = try GradientProgram([formula], symbols: Self.symbols, sizes: Self.sizes)
    let point = Self.point(7, program.dimension)
    let value = try #require(GradientEvaluation(program).values(at: point), "\(name)")
    let expected = try formula.value(in: program.environment(point)).scalar
    #expect(abs(value[0] - expected) <= 1e-12 * max(1, abs(expected)), "\(name): \(value[0]), not \(expected)")
  }

  @Test(arguments: formulas.indices) func theGradientIsThatOfDifferences(index: Int) throws {
    let (name, formula) = Self.formulas[index]
    let program = try GradientProgram([formula, Self.A.norm()], symbols: Self.symbols, sizes: Self.sizes)
    let point = Self.point(11, program.dimension)
    let evaluation = GradientEvaluation(program)
    _ = try #require(evaluation.values(at: point))
    let gradient = evaluation.gradient(weights: [1, -2])
    for k in point.indices {
      var above = point, below = point
      above[k] += 1e-5
      below[k] -= 1e-5
      let (high, low) = (try #require(evaluation.values(at: above)), try #require(evaluation.values(at: below)))
      let expected = ((high[0] - low[0]) - 2 * (high[1] - low[1])) / 2e-5
      #expect(abs(gradient[k] - expected) <= 1e-6 * max(1, abs(expected)), "\(name), coordinate \(k)")
    }
  }

  @Test func anUndefinedValueIsNone() throws {
    let program = try GradientProgram([Self.s.inverse, Self.s.squareRoot], symbols: Self.s.symbols, sizes: [:])
    #expect(GradientEvaluation(program).values(at: [0]) == nil)
    #expect(GradientEvaluation(program).values(at: [-1]) == nil)
    #expect(GradientEvaluation(program).values(at: [4]) == [0.25, 2])
  }

  @Test func logitsBeyondTheRangeOfTheExponentialAreFine() throws {
    let program = try GradientProgram(
      [RowwiseFunctions.softmax(Self.A).norm()], symbols: Self.A.symbols, sizes: Self.sizes)
    let evaluation = GradientEvaluation(program)
    #expect(evaluation.values(at: [1000, 0, -1000, 0, 0, 1000])?[0] == 1)
  }

  @Test func sizesAreChecked() throws {
    #expect(throws: EvaluationError.unknownSize("m")) {
      try GradientProgram([Self.A.norm()], symbols: Self.A.symbols, sizes: ["n": 2])
    }
    #expect(throws: EvaluationError.self) {
      try GradientProgram([Self.A.norm()], symbols: Self.A.symbols, sizes: ["m": 1 << 20, "n": 1 << 20])
    }
    #expect(throws: EvaluationError.self) {
      try GradientProgram([(Self.A ⊗ Self.A ⊗ Self.A).norm()], symbols: Self.A.symbols, sizes: ["m": 2000, "n": 2000])
    }
    #expect(throws: EvaluationError.unbound(Self.B.symbols[0])) {
      try GradientProgram([(Self.A + Self.B).norm()], symbols: Self.A.symbols, sizes: Self.sizes)
    }
  }
}
