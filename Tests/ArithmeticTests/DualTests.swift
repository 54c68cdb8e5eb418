import Arithmetic
import Testing

@Suite struct DualTests {
  typealias Second = Dual<Dual<Double>>

  /// `x` moving in both directions at once, for a second derivative.
  func twice(_ x: Double) -> Second { Dual(Dual(x, tangent: 1), tangent: Dual(1, tangent: 0)) }

  @Test func secondDerivativesAreAnalytic() throws {
    let x = 0.7
    let cases: [(Second, Double, Double)] = [
      (try twice(x).exponential(), 2.0137527074704766, 2.0137527074704766),
      (try twice(x).reciprocal(), -1 / (x * x), 2 / (x * x * x)),
      (try twice(x).squareRoot(), 0.5976143046671968, -0.4268673604765692),
      (twice(x) * twice(x) * twice(x), 3 * x * x, 6 * x),
      (try (twice(x) * twice(x)).positivePart(), 2 * x, 2),
      (try (-twice(x)).positivePart(), 0, 0),
    ]
    for (jet, first, second) in cases {
      #expect(abs(jet.value.tangent - first) < 1e-14 && abs(jet.tangent.value - first) < 1e-14)
      #expect(abs(jet.tangent.tangent - second) < 1e-13)
    }
  }

  @Test func rationalDerivativesAreExact() throws {
    // f = (x² + 1)/(x − 2) at x = 5: f′ = (x² − 4x − 1)/(x − 2)², f″ = 10/(x − 2)³.
    let x = Dual(Dual(Rational(5), tangent: 1), tangent: Dual(1, tangent: 0))
    let f = try (x * x + .one).divided(by: x - Dual(2))
    #expect(f.value.value == Rational(26, over: 3) && f.tangent.value == Rational(4, over: 9))
    #expect(f.value.tangent == f.tangent.value && f.tangent.tangent == Rational(10, over: 27))
  }

  @Test func mixedDirectionsStayApart() {
    // ∂²(x²y)/∂x∂y = 2x at (3, 4).
    let x = Dual(Dual(Rational(3), tangent: 1), tangent: .zero)
    let y = Dual(Dual(Rational(4), tangent: 0), tangent: .one)
    let f = x * x * y
    #expect(f.tangent.tangent == 6 && f.value.tangent == 24 && f.tangent.value == 9)
  }

  @Test func productsWithAConstantFactorKeepTheOthersTangent() {
    typealias Jet = Dual<Dual<Formal<Modular>>>
    var generator = SplitMix64(seed: 141)
    let moving = Matrix<Jet>.random(rows: 9, columns: 9, using: &generator)
    let constant = Matrix<Jet>(rows: 9, columns: 9) { _, _ in
      Jet(constant: Dual(constant: .random(using: &generator)))
    }
    let half = Matrix<Jet>(rows: 9, columns: 9) { _, _ in Jet(constant: .random(using: &generator)) }
    for a in [moving, constant, half] {
      for b in [moving, constant, half] { #expect(a * b == Jet.loopProduct(a, b)) }
    }
  }

  @Test func kinksAndBranchPointsAreUndefined() throws {
    let moving = Dual(0.0, tangent: 1)
    let still = Dual(constant: 0.0)
    #expect(throws: ArithmeticError.self) { try moving.squareRoot() }
    #expect(try still.squareRoot() == still)
    #expect(throws: ArithmeticError.self) { try moving.positivePart() }
    #expect(try still.positivePart() == still)
    #expect(throws: ArithmeticError.self) { try moving.reciprocal() }
    #expect(throws: ArithmeticError.self) { try Dual.maximum(moving, still) }
    #expect(try Dual.maximum(moving, moving) == moving)
    #expect(try Dual.maximum(Dual(1.0, tangent: 5), Dual(2.0, tangent: 7)).tangent == 7)
    #expect(try Dual.maximum(Dual(3.0, tangent: 5), Dual(2.0, tangent: 7)).tangent == 5)
  }

  @Test func rowShiftsAreConstants() {
    let row = [Dual(1.0, tangent: 3), Dual(5.0, tangent: 4)]
    #expect(Dual.rowShift(row[...]) == Dual(constant: 5))
    #expect(Dual<Modular>.rowShift([Dual(Modular(3), tangent: 1)][...]) == .zero)
  }

  @Test func descriptionShowsBothParts() {
    #expect(Dual(Rational(1), tangent: Rational(2)).description == "(1 + 2 ε)")
  }
}
