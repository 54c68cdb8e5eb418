import Arithmetic
import Testing

@Suite struct BallScalarTests {
  /// A random expression of `+ − ×` and `1/x`, over both scalars from the same draws.
  private func expression(
    depth: Int, precision: Int, using generator: inout SplitMix64
  ) throws -> (exact: Rational, ball: Ball) {
    if depth == 0 || generator.uniform(below: 5) == 0 {
      let value = Rational(generator.uniform(below: 2_001) - 1_000, over: generator.uniform(below: 50) + 1)
      return (value, Ball(value, precision: precision))
    }
    let a = try expression(depth: depth - 1, precision: precision, using: &generator)
    let b = try expression(depth: depth - 1, precision: precision, using: &generator)
    switch generator.uniform(below: 5) {
    case 0: return (a.exact + b.exact, a.ball + b.ball)
    case 1: return (a.exact - b.exact, a.ball - b.ball)
    case 2: return (-a.exact, -a.ball)
    case 3 where !b.exact.isZero && !b.ball.contains(Rational.zero):
      return (try a.exact.divided(by: b.exact), try a.ball.divided(by: b.ball))
    default: return (a.exact * b.exact, a.ball * b.ball)
    }
  }

  @Test func everyRandomExpressionIsEnclosed() throws {
    var generator = SplitMix64(seed: 11)
    var inexact = 0
    for sample in 0..<10_000 {
      let precision = [16, 53, 128][sample % 3]
      let (exact, ball) = try expression(depth: 5, precision: precision, using: &generator)
      #expect(ball.contains(exact), "sample \(sample): \(exact) is not in \(ball)")
      #expect(try ball.lower <= exact && exact <= ball.upper)
      if !ball.isExact { inexact += 1 }
    }
    #expect(inexact > 5_000)
  }

  @Test func exponentialAgreesWithItsSeries() throws {
    for k in 1...40 {
      let x = Rational(k, over: 41)
      var term = Rational.one
      var sum = Rational.one
      for n in 1...45 {
        term = term * x * Rational(1, over: n)
        sum = sum + term
      }
      let value = try Ball(x).exponential()
      // The rest of the series is below 2·x⁴⁵/45! < 2⁻¹⁸⁰.
      #expect(try value.lower <= sum + Rational(2) * term && sum <= value.upper)
      #expect(try value.upper - value.lower < Rational(1, over: 2).power(120))
      #expect(try Ball(-x).exponential().overlaps(value.reciprocal()))
    }
    #expect(try Ball.zero.exponential() == Ball.one)
    #expect(
      try Ball(Rational(1, over: 3)).exponential().contains(Ball(Rational(1, over: 3), precision: 400).exponential()))
  }

  @Test func squareRootsEncloseTheRoot() throws {
    for k in 1...300 {
      let root = try Ball(Rational(k, over: 7)).squareRoot()
      #expect(try root.lower * root.lower <= Rational(k, over: 7) && Rational(k, over: 7) <= root.upper * root.upper)
      #expect(try root.upper - root.lower < Rational(1, over: 2).power(120))
    }
    #expect(try Ball(49).squareRoot() == Ball(7) && Ball.zero.squareRoot().isZero)
    let touching = Ball.union(.zero, Ball(4))
    if touching.isNonnegative {
      let root = try touching.squareRoot()
      #expect(root.contains(Rational(2)) && root.contains(Rational.zero) && root.contains(Rational(1, over: 1_000_000)))
    }
  }

  /// `log` inverts the exponential; `Φ(x) + Φ(−x) = 1`; `Φ` increases between two points by what its density says.
  @Test func logarithmsAndTheNormalDistribution() throws {
    for k in -12...12 {
      let x = Rational(k, over: 4), ball = Ball(x)
      #expect(try ball.exponential().logarithm().contains(x))
      #expect(try (ball.normalDistribution() + (-ball).normalDistribution()).contains(Rational.one))
      #expect(try ball.normalDensity().overlaps((-ball).normalDensity()))
      // On a short interval the mean of the density is between its extremes.
      let h = Rational(1, over: 1_000), interval = Ball.union(ball, Ball(x + h))
      let rise = try (Ball(x + h).normalDistribution() - ball.normalDistribution()) * Ball(1_000)
      #expect(try interval.normalDensity().contains(rise), "at \(x)")
    }
    // 2φ(0)² = 1/π.
    let pi = try (Ball(2) * Ball.zero.normalDensity() * Ball.zero.normalDensity()).reciprocal()
    #expect(
      try pi.lower > Rational(314_159_265, over: 100_000_000) && pi.upper < Rational(314_159_266, over: 100_000_000))
    #expect(try Ball.zero.normalDistribution().contains(Rational(1, over: 2)))
    #expect(try Ball(3).step() == .one && Ball(-3).step() == .zero && Ball.zero.step() == .zero)
  }

  @Test func undefinedPointsAreRefused() throws {
    let aroundZero = Ball(Rational(1, over: 3)) - Ball(Rational(1, over: 3))
    func isUndefined(_ body: () throws -> Ball) -> Bool {
      do { _ = try body() } catch ArithmeticError.undefined { return true } catch { return false }
      return false
    }
    #expect(isUndefined { try Ball.zero.reciprocal() })
    #expect(isUndefined { try aroundZero.reciprocal() })
    #expect(isUndefined { try aroundZero.squareRoot() })
    #expect(isUndefined { try Ball(-1).squareRoot() })
    #expect(isUndefined { try aroundZero.step() })
    #expect(isUndefined { try aroundZero.logarithm() })
    #expect(isUndefined { try Ball(-1).logarithm() })
  }

  @Test func maximaHoldBothPossibilities() throws {
    let wide = Ball.union(Ball(-1), Ball(3))
    let positive = try wide.positivePart()
    #expect(positive.contains(Rational.zero) && positive.contains(Rational(3)))
    #expect(try positive.upper < Rational(301, over: 100))
    #expect(try Ball(-2).positivePart().isZero && Ball(5).positivePart() == Ball(5))
    #expect(try Ball.maximum(Ball(2), Ball(3)) == Ball(3))
    let maximum = try Ball.maximum(wide, Ball(2))
    #expect(maximum.contains(Rational(2)) && maximum.contains(Rational(3)))
  }

  @Test func rowShiftIsAnExactNumber() {
    let row = [Ball(Rational(1, over: 3)), Ball(Rational(22, over: 7)), Ball(-9)]
    let shift = Ball.rowShift(row[...])
    #expect(shift.isExact && row[1].contains(shift) && Ball.rowShift([]).isZero)
  }
}

extension Ball {
  /// Whether the two have a point in common.
  func overlaps(_ other: Ball) throws -> Bool { try lower <= other.upper && other.lower <= upper }
}
