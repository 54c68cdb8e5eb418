import Arithmetic
import Testing

@Suite struct BallTests {
  @Test func exactNumbersAreExact() throws {
    #expect(Ball(7).isExact && Ball.zero.isExact && Ball(.min).isExact)
    #expect(try Ball(Rational(-3, over: 8)).lower == Rational(-3, over: 8))
    #expect(try #require(Ball(exactly: 0.1)).upper == Rational(exactly: 0.1))
    #expect(try #require(Ball(exactly: .leastNonzeroMagnitude)).upper == Rational(exactly: .leastNonzeroMagnitude))
    #expect(Ball(exactly: .nan) == nil && Ball(exactly: .infinity) == nil)
    let third = Ball(Rational(1, over: 3))
    #expect(!third.isExact && third.contains(Rational(1, over: 3)))
    #expect(try third.upper - third.lower <= Rational(1, over: 2).power(127))
  }

  @Test func equalityIsOfMidpointAndRadius() throws {
    let third = Ball(Rational(1, over: 3))
    #expect(third == Ball(Rational(1, over: 3)) && third.hashValue == Ball(Rational(1, over: 3)).hashValue)
    #expect(third != Ball(Rational(1, over: 3), precision: 64))
    #expect(Ball(2) == Ball(2, precision: 300) && Ball(2).hashValue == Ball(2, precision: 300).hashValue)
    #expect(!(third - third).isZero && (third - third).contains(Rational.zero))
    #expect((Ball(2) - Ball(2)).isZero)
  }

  @Test func theLargerPrecisionIsTaken() throws {
    let mixed = Ball(Rational(1, over: 3), precision: 300) * Ball(5)
    #expect(mixed.precision == 300 && mixed.contains(Rational(5, over: 3)))
    #expect(try mixed.upper - mixed.lower <= Rational(1, over: 2).power(290))
  }

  @Test func endpointsRoundOutwardToDoubles() throws {
    var generator = SplitMix64(seed: 5)
    for k in 0..<400 {
      let size = try Rational(2).power(generator.uniform(below: 2_300) - 1_150)
      let x = Ball(Rational(Int(generator.next() >> 20) - (1 << 43), over: 3 + k) * size)
      #expect(try x.lowerDouble == x.lower.roundedDown && x.upperDouble == x.upper.roundedUp)
    }
    #expect(Ball(Rational(1, over: 3)).lowerDouble.nextUp == Ball(Rational(1, over: 3)).upperDouble)
  }

  @Test func whatHoldsAnotherBallContainsIt() {
    let coarse = Ball(Rational(1, over: 3), precision: 40)
    let fine = Ball(Rational(1, over: 3))
    #expect(coarse.contains(fine) && !fine.contains(coarse))
    let hull = Ball.union(Ball(-1), Ball(3))
    #expect(hull.contains(Rational(-1)) && hull.contains(Rational(3)) && hull.contains(Rational.zero))
    #expect(!hull.contains(Rational(31, over: 10)))
  }

  @Test func extremeExponentsDoNotTrap() throws {
    var x = Ball(2)
    for _ in 0..<70 { x = x * x }
    #expect(throws: ArithmeticError.self) { try x.upper }
    #expect(x.upperDouble == .infinity && x.lowerDouble == .greatestFiniteMagnitude)
    #expect((-x).lowerDouble == -.infinity)
    let small = try x.reciprocal()
    #expect(small.lowerDouble == 0 && small.upperDouble == .leastNonzeroMagnitude)
    #expect(!x.description.isEmpty && !small.description.isEmpty && !x.contains(Rational.one))
    let far = x + (Ball(Rational(1, over: 3)) - Ball(Rational(1, over: 3)))
    #expect(!far.contains(Rational.one) && far.upperDouble == .infinity)
    #expect(throws: ArithmeticError.self) { try far.lower }
    #expect(throws: ArithmeticError.self) { try x.exponential() }
    #expect(try (-x).exponential().upperDouble <= 1)
  }
}
