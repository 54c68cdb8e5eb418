import Arithmetic
import Testing

/// The laws of a commutative ring, on every triple of the samples; a failure prints the law and the samples.
func expectRingLaws<S: Scalar>(_ samples: [S], sourceLocation: SourceLocation = #_sourceLocation) {
  func expect(_ law: String, _ left: S, _ right: S, _ variables: S...) {
    #expect(left == right, "\(law) fails in \(S.self) at \(variables)", sourceLocation: sourceLocation)
  }
  #expect(S(0) == .zero && S(1) == .one && S.zero.isZero && !S.one.isZero, sourceLocation: sourceLocation)
  for a in samples {
    expect("a + 0 = a", a + .zero, a, a)
    expect("a · 1 = a", a * .one, a, a)
    expect("a · 0 = 0", a * .zero, .zero, a)
    expect("a − a = 0", a - a, .zero, a)
    expect("a + (−a) = 0", a + (-a), .zero, a)
    expect("3a = a + a + a", S(3) * a, a + a + a, a)
    expect("−7a = a − 8a", S(-7) * a, a - S(8) * a, a)
    #expect(a.isZero == (a == .zero), sourceLocation: sourceLocation)
    for b in samples {
      expect("a + b = b + a", a + b, b + a, a, b)
      expect("ab = ba", a * b, b * a, a, b)
      expect("a − b = −(b − a)", a - b, -(b - a), a, b)
      if a == b { #expect(a.hashValue == b.hashValue, sourceLocation: sourceLocation) }
      for c in samples {
        expect("(a + b) + c = a + (b + c)", (a + b) + c, a + (b + c), a, b, c)
        expect("(ab)c = a(bc)", (a * b) * c, a * (b * c), a, b, c)
        expect("a(b + c) = ab + ac", a * (b + c), a * b + a * c, a, b, c)
      }
    }
  }
}

/// `x · (1/x) = 1` and `1/(xy) = (1/x)(1/y)` for samples with a reciprocal; 1/0 is undefined.
func expectReciprocals<S: Scalar>(_ samples: [S]) throws {
  for a in samples where !a.isZero {
    guard let inverse = try? a.reciprocal() else { continue }
    #expect(a * inverse == .one, "at \(a)")
    for b in samples {
      if let other = try? b.reciprocal() { #expect(try (a * b).reciprocal() == inverse * other, "at \(a), \(b)") }
    }
  }
  #expect { try S.zero.reciprocal() } throws: { if case ArithmeticError.undefined = $0 { true } else { false } }
}

/// The type's own product and the definition agree at shapes on both sides of every threshold, with and without zeros.
func expectProductIsDefinition<S: Scalar>(seed: UInt64, _ draw: (inout SplitMix64) -> S) {
  var generator = SplitMix64(seed: seed)
  for (m, n, r) in [(1, 1, 1), (2, 3, 5), (4, 7, 3), (1, 9, 11), (9, 70, 5), (13, 11, 17), (3, 0, 2), (0, 3, 2)] {
    for density in [1, 2, 9] {
      func matrix(_ rows: Int, _ columns: Int) -> Matrix<S> {
        Matrix(rows: rows, columns: columns) { _, _ in
          generator.uniform(below: density) == 0 ? draw(&generator) : .zero
        }
      }
      let a = matrix(m, n)
      let b = matrix(n, r)
      let expected = Matrix<S>(rows: m, columns: r) { i, j in
        (0..<n).reduce(S.zero) { $0 + a[i, $1] * b[$1, j] }
      }
      #expect(a * b == expected, "\(S.self) \(m)×\(n)×\(r), one in \(density) entries, seed \(seed)")
      #expect(S.loopProduct(a, b) == expected, "\(S.self) \(m)×\(n)×\(r), one in \(density) entries, seed \(seed)")
    }
  }
}

func samples<S: RandomScalar>(_ type: S.Type, seed: UInt64, count: Int = 7) -> [S] {
  var generator = SplitMix64(seed: seed)
  return [.zero, .one] + (0..<count).map { _ in S.random(using: &generator) }
}

@Suite struct ScalarTests {
  typealias Jet = Dual<Dual<Formal<Modular>>>

  @Test func ringLawsHoldInEveryExactType() throws {
    expectRingLaws(samples(Modular.self, seed: 1))
    expectRingLaws(samples(Rational.self, seed: 2))
    expectRingLaws(samples(Formal<Modular>.self, seed: 3))
    expectRingLaws(samples(Formal<Rational>.self, seed: 4))
    expectRingLaws(samples(Dual<Modular>.self, seed: 5))
    expectRingLaws(samples(Jet.self, seed: 6))
    expectRingLaws(samples(Dual<Dual<Rational>>.self, seed: 7))
    expectRingLaws([Double](arrayLiteral: 0, 1, -3, 17, 0.5, 1_024, -0.125))
  }

  @Test func reciprocalsInvert() throws {
    try expectReciprocals(samples(Modular.self, seed: 11))
    try expectReciprocals(samples(Rational.self, seed: 12))
    try expectReciprocals(samples(Jet.self, seed: 13))
    try expectReciprocals([Double](arrayLiteral: 0, 1, -2, 0.25, 64))
  }

  @Test func productsAgreeWithTheDefinition() {
    expectProductIsDefinition(seed: 21) { Modular.random(using: &$0) }
    expectProductIsDefinition(seed: 22) { Rational.random(using: &$0) }
    expectProductIsDefinition(seed: 23) { Formal<Modular>.random(using: &$0) }
    expectProductIsDefinition(seed: 24) { Jet.random(using: &$0) }
    expectProductIsDefinition(seed: 25) { Dual<Rational>.random(using: &$0) }
    expectProductIsDefinition(seed: 26) { Double($0.uniform(below: 201) - 100) }
    expectProductIsDefinition(seed: 27) { Jet(Dual(constant: .random(using: &$0)), tangent: .one) }
    expectProductIsDefinition(seed: 28) { Dual(Modular.zero, tangent: .random(using: &$0)) }
  }

  @Test func whatATypeCannotDoItRefuses() {
    #expect(throws: ArithmeticError.self) { try Modular(2).exponential() }
    #expect(throws: ArithmeticError.self) { try Modular(2).positivePart() }
    #expect(throws: ArithmeticError.self) { try Modular.maximum(2, 3) }
    #expect(throws: ArithmeticError.self) { try Rational(2).exponential() }
    #expect(throws: ArithmeticError.self) { try Rational(2).squareRoot() }
    #expect(throws: ArithmeticError.self) { try Rational.spectralNorm(of: Matrix(Rational(2))) }
    #expect(throws: ArithmeticError.self) { try Dual<Rational>.spectralNorm(of: Matrix(Dual(2))) }
  }

  @Test func descriptionsOfErrorsSayWhich() {
    #expect(ArithmeticError.undefined("1/0").description == "undefined: 1/0")
    #expect(ArithmeticError.unsupported("exp").description == "unsupported: exp")
  }
}
