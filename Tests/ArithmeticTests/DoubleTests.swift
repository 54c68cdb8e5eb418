import Testing

@testable import Arithmetic

@Suite struct DoubleTests {
  func root<S: Scalar>(_ x: S) throws -> S { try x.squareRoot() }
  func inverse<S: Scalar>(_ x: S) throws -> S { try x.reciprocal() }

  func larger<S: Scalar>(_ x: S, _ y: S) throws -> S { try S.maximum(x, y) }

  @Test func maximaKeepWhatIsNotANumber() throws {
    #expect(try larger(1.0, 2.0) == 2 && larger(2.0, 1.0) == 2 && larger(2.0, 2.0) == 2)
    #expect(try larger(.nan, 2.0).isNaN && larger(2.0, .nan).isNaN)
  }

  @Test func partialOperationsAreHonest() throws {
    #expect(throws: ArithmeticError.self) { try inverse(0.0) }
    #expect(throws: ArithmeticError.self) { try inverse(-0.0) }
    #expect(throws: ArithmeticError.self) { try root(-1.0) }
    #expect(throws: ArithmeticError.self) { try root(Double.nan) }
    #expect(throws: ArithmeticError.self) { try 1_000.0.exponential() }
    #expect(try root(2.0) == 1.4142135623730951 && root(0.0) == 0)
    #expect(try (-1_000.0).exponential() == 0 && 0.0.exponential() == 1)
    #expect(try (-2.0).positivePart() == 0 && 2.0.positivePart() == 2)
    #expect(Double.rowShift([-1, 7, 3][...]) == 7 && Double.rowShift([]) == 0)
  }

  @Test func largeProductsGoThroughBLASAndAgree() {
    var generator = SplitMix64(seed: 91)
    for (m, n, r) in [(40, 30, 50), (1, 200, 30), (64, 1, 64), (200, 33, 1)] {
      let a = Matrix<Double>.random(rows: m, columns: n, using: &generator)
      let b = Matrix<Double>.random(rows: n, columns: r, using: &generator)
      let difference = a * b - Double.loopProduct(a, b)
      #expect(difference.entries.allSatisfy { abs($0) < 1e-13 })
    }
  }

  @Test func pairCountCountsWhatMeets() {
    let a = Matrix<Double>(rows: 2, columns: 2, entries: [1, 0, 2, 3])
    #expect(Double.pairCount(a, .identity(2)) == 3)
    #expect(Double.pairCount(a, a) == 2 * 1 + 1 * 2)
  }

  @Test func jetsOverDoubleUseTheSameProducts() {
    var generator = SplitMix64(seed: 92)
    let a = Matrix<Dual<Double>>.random(rows: 20, columns: 20, using: &generator)
    let b = Matrix<Dual<Double>>.random(rows: 20, columns: 20, using: &generator)
    let difference = a * b - Dual<Double>.loopProduct(a, b)
    #expect(difference.entries.allSatisfy { abs($0.value) < 1e-13 && abs($0.tangent) < 1e-13 })
  }
}
