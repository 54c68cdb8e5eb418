import Arithmetic
import Testing

@Suite struct BallTextTests {
  @Test func descriptionsAreEnclosures() throws {
    #expect(Ball(3).description == "3" && Ball(-120).description == "-120" && Ball.zero.description == "0")
    #expect(Ball(Rational(3, over: 8)).description == "0.375")
    let third = Ball(Rational(1, over: 3)).description
    #expect(third.hasPrefix("[0.33333333333333333333333333333") && third.contains(" ± ") && third.hasSuffix("]"))
    #expect((Ball(Rational(1, over: 3)) - Ball(Rational(1, over: 3))).description.hasPrefix("[0 ± "))
  }

  @Test func printedBoundsHoldTheBallAndShrinkWithMoreDigits() throws {
    var generator = SplitMix64(seed: 21)
    for _ in 0..<200 {
      let size = try Rational(10).power(generator.uniform(below: 60) - 30)
      let x = Ball(Rational(Int(generator.next() >> 20) - (1 << 43), over: Int(generator.next() >> 40) + 1) * size)
      var previous: (lower: Rational, upper: Rational)?
      for digits in [1, 2, 5, 17, 30] {
        let text = try x.decimalBounds(digits: digits)
        let bounds = (lower: try Rational(exactly: text.lower), upper: try Rational(exactly: text.upper))
        #expect(try bounds.lower <= x.lower && x.upper <= bounds.upper)
        if let previous { #expect(previous.lower <= bounds.lower && bounds.upper <= previous.upper) }
        previous = bounds
      }
    }
    let text = try Ball(Rational(2, over: 3)).decimalBounds(digits: 3)
    #expect(text.lower == "0.666" && text.upper == "0.667")
  }
}
