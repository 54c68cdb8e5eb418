import Arithmetic
import Testing

@Suite struct DegreeBoundTests {
  let x = DegreeBound.variable

  @Test func polynomialsAndFractions() throws {
    #expect((x * x * x + x + .one).description == "3/0")
    #expect((x - x).description == "1/0")
    let f = try (x * x + .one).divided(by: x - .one)
    #expect(f == DegreeBound(numerator: 2, denominator: 1) && f.degree == 2)
    #expect((f + f) == DegreeBound(numerator: 3, denominator: 2))
    #expect((f + x) == DegreeBound(numerator: 2, denominator: 1))
    #expect((f * f) == DegreeBound(numerator: 4, denominator: 2))
    #expect(f + .zero == f && (f * .zero).isZero && DegreeBound(0).isZero && DegreeBound(-5) == .one)
    #expect(DegreeBound.zero.description == "0")
  }

  @Test func partialOperations() throws {
    #expect(try (x * x).exponential() == x && DegreeBound.zero.exponential() == .one)
    #expect(try DegreeBound(5).squareRoot() == .one && DegreeBound.zero.squareRoot() == .zero)
    #expect(throws: ArithmeticError.self) { try x.squareRoot() }
    #expect(throws: ArithmeticError.self) { try DegreeBound.zero.reciprocal() }
    #expect(try (x * x).reciprocal() == DegreeBound(numerator: 0, denominator: 2))
  }

  @Test func degreesSaturate() {
    var power = x
    for _ in 0..<70 { power = power * power }
    #expect(power.numerator == Int.max && (power + power).numerator == Int.max)
  }

  @Test func jetsBoundTheDegreesOfDerivatives() throws {
    // Direction and point are both sampled: ∂²(1/x) along (u, v) is 2uv/x³, of degree 2/3 at least.
    let jet = Dual(Dual(x, tangent: x), tangent: Dual(x, tangent: .zero))
    let second = try jet.reciprocal().tangent.tangent
    #expect(second.numerator >= 2 && second.denominator >= 3)
    let matrix = Matrix(repeating: jet, rows: 5, columns: 5)
    #expect((matrix * matrix)[0, 0].tangent.tangent == DegreeBound(numerator: 2, denominator: 0))
  }

  /// The true degrees of a random expression never exceed the bound: zeros on a line are at most its numerator degree.
  @Test func boundsHoldForRandomPolynomials() {
    var generator = SplitMix64(seed: 121)
    for _ in 0..<100 {
      var bound = x
      var coefficients: [Modular] = [0, 1]
      for _ in 0..<generator.uniform(below: 6) {
        let (other, otherBound): ([Modular], DegreeBound) =
          generator.uniform(below: 2) == 0 ? ([.random(using: &generator)], .one) : ([3, 0, 1], x * x)
        if generator.uniform(below: 2) == 0 {
          bound = bound + otherBound
          let count = max(coefficients.count, other.count)
          coefficients = (0..<count).map {
            ($0 < coefficients.count ? coefficients[$0] : 0) + ($0 < other.count ? other[$0] : 0)
          }
        } else {
          bound = bound * otherBound
          var product = [Modular](repeating: 0, count: coefficients.count + other.count - 1)
          for (i, a) in coefficients.enumerated() {
            for (j, b) in other.enumerated() { product[i + j] = product[i + j] + a * b }
          }
          coefficients = product
        }
      }
      let degree = coefficients.lastIndex { !$0.isZero } ?? -1
      #expect(degree <= bound.numerator && bound.denominator == 0)
    }
  }
}
