import AttentionHessian
import Testing

@Suite struct TruncatedSeriesTests {
  typealias Series = TruncatedSeries<Rational>

  static func random(_ generator: inout SplitMix64, constant: Rational? = nil) -> Series {
    var coefficients = (0..<5).map { _ in Rational(generator.uniform(below: 11) - 5, over: 3) }
    if let constant { coefficients[0] = constant }
    return Series(coefficients)
  }

  @Test func ringLaws() {
    var generator = SplitMix64(seed: 3)
    for _ in 0..<50 {
      let (a, b, c) = (Self.random(&generator), Self.random(&generator), Self.random(&generator))
      #expect(a * b == b * a && (a * b) * c == a * (b * c) && a * (b + c) == a * b + a * c)
      #expect(a + b == b + a && (a + b) - b == a && a - a == .zero && a * .one == a && a * .zero == .zero)
    }
  }

  /// Products beyond the truncation are dropped, and nothing else is.
  @Test func theTruncationIsExact() {
    let t = Series(1, power: 1)
    let power = (0..<Series.truncation).reduce(Series.one) { product, _ in product * t }
    #expect(power.order == Series.truncation)
    #expect((power * t).isZero)
    #expect(Series(1, power: Series.truncation + 1).isZero)
    #expect(Series([0, 0, 3]).order == 2 && Series.zero.order == nil)
    #expect(Series([0, 0]) == .zero && Series([1, 0]) == .one)
  }

  @Test func theReciprocalInverts() throws {
    var generator = SplitMix64(seed: 4)
    for _ in 0..<30 {
      let a = Self.random(&generator, constant: Rational(generator.uniform(below: 5) + 1, over: 2))
      #expect(a * (try a.reciprocal()) == .one)
    }
    #expect(throws: ArithmeticError.self) { try Series(1, power: 1).reciprocal() }
    #expect(throws: ArithmeticError.self) { try Series.zero.reciprocal() }
  }

  @Test func theRootSquares() throws {
    var generator = SplitMix64(seed: 5)
    for _ in 0..<30 {
      let a = Self.random(&generator, constant: Rational(4, over: 9))
      let root = try a.squareRoot()
      #expect(root * root == a)
    }
    #expect(throws: ArithmeticError.self) { try Series(1, power: 2).squareRoot() }
  }

  /// `e^(a+b) = eᵃ eᵇ`, and the coefficients of `eᵗ` are `1/n!`.
  @Test func theExponentialTurnsSumsIntoProducts() throws {
    var generator = SplitMix64(seed: 6)
    for _ in 0..<20 {
      let a = Self.random(&generator, constant: 0), b = Self.random(&generator, constant: 0)
      #expect(try (a + b).exponential() == a.exponential() * b.exponential())
    }
    var factorial = Rational(1)
    for (n, coefficient) in try Series(1, power: 1).exponential().coefficients.enumerated() {
      if n > 0 { factorial = factorial * Rational(n) }
      #expect(coefficient * factorial == 1)
    }
    #expect(try Series.zero.exponential() == .one)
    #expect(throws: ArithmeticError.self) { try Series.one.exponential() }
  }

  /// The product by matrices of coefficients is the product by the definition.
  @Test func matrixProductsAgree() {
    var generator = SplitMix64(seed: 7)
    let a = Matrix(rows: 5, columns: 4) { _, _ in Self.random(&generator) }
    let b = Matrix(rows: 4, columns: 6) { _, _ in Self.random(&generator) }
    #expect(Series.product(a, b) == Series.loopProduct(a, b))
  }
}
