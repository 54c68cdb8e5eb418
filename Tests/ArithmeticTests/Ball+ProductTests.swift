import Arithmetic
import Testing

@Suite struct BallProductTests {
  /// Products by FLINT contain those of any points of the factors, and are nearly as tight as those by the definition.
  @Test func productsContainTheExactOnes() throws {
    var generator = SplitMix64(seed: 4)
    for (m, k, n) in [(7, 9, 8), (1, 40, 30), (20, 3, 17)] {
      let a = Matrix<Rational>(rows: m, columns: k) { _, _ in Rational.random(using: &generator) * Rational(1, over: 3)
      }
      let b = Matrix<Rational>(rows: k, columns: n) { _, _ in Rational.random(using: &generator) * Rational(1, over: 7)
      }
      let product = a.map { Ball($0) } * b.map { Ball($0) }
      let exact = a * b
      for (ball, value) in zip(product.entries, exact.entries) {
        #expect(ball.contains(value) && ball.precision == 128)
        #expect(try ball.upper - ball.lower <= Rational(10).power(-34))
      }
    }
  }

  @Test func theLargestPrecisionIsKept() throws {
    let third = Matrix<Ball>(repeating: Ball(Rational(1, over: 3), precision: 300), rows: 8, columns: 8)
    let product = third * Matrix<Ball>(repeating: Ball(2), rows: 8, columns: 8)
    #expect(product.entries.allSatisfy { $0.precision == 300 && $0.contains(Rational(16, over: 3)) })
    #expect(try product[0, 0].upper - product[0, 0].lower <= Rational(1, over: 2).power(280))
  }

  @Test func theWorkingPrecisionIsThatOfConstants() throws {
    #expect(Ball(3).precision == 128)
    try Ball.withWorkingPrecision(500) {
      #expect(Ball(3).precision == 500 && Ball(Rational(1, over: 3)).precision == 500)
      let root = try Ball(6).squareRoot()
      #expect(try root.upper - root.lower <= Rational(1, over: 2).power(490))
    }
    #expect(Ball(3).precision == 128)
  }
}
