import Arithmetic
import Testing

@Suite struct RationalDecimalTests {
  @Test(arguments: [
    ("3/4", 3, "0.750", "0.750"), ("1/3", 3, "0.333", "0.334"), ("-1/3", 3, "-0.334", "-0.333"),
    ("2/3", 1, "0.6", "0.7"),
    ("0.0000123", 3, "1.23e-5", "1.23e-5"), ("0.000123", 3, "0.000123", "0.000123"), ("123", 3, "123", "123"),
    ("123456", 3, "1.23e5", "1.24e5"), ("123.4", 3, "123", "124"), ("999.9", 3, "999", "1.00e3"),
    ("0.09999", 3, "0.0999", "0.100"),
    ("0.00009999", 2, "9.9e-5", "0.00010"), ("7", 1, "7", "7"), ("77", 1, "7e1", "8e1"),
    ("1e400", 2, "1.0e400", "1.0e400"),
    ("1e-400", 4, "1.000e-400", "1.000e-400"), ("0", 5, "0", "0"), ("-123456", 3, "-1.24e5", "-1.23e5"),
  ])
  func roundsOutward(text: String, digits: Int, down: String, up: String) throws {
    let x = try Rational(exactly: text)
    #expect(x.decimal(significantDigits: digits, rounding: .down) == down)
    #expect(x.decimal(significantDigits: digits, rounding: .up) == up)
  }

  @Test func nearestIsNearest() throws {
    #expect(try Rational(exactly: "0.12345").decimal(significantDigits: 4, rounding: .nearest) == "0.1235")
    #expect(try Rational(exactly: "-0.12344").decimal(significantDigits: 4, rounding: .nearest) == "-0.1234")
    #expect(try Rational(exactly: "9.996").decimal(significantDigits: 3, rounding: .nearest) == "10.0")
  }

  @Test func printedBoundsHoldTheNumberWithinOneUnit() throws {
    var generator = SplitMix64(seed: 71)
    for index in 0..<200 {
      let size = try Rational(10).power(generator.uniform(below: 60) - 30)
      let x = Rational(Int(generator.next() >> 20) - (1 << 43), over: Int(generator.next() >> 30) + 1) * size
      let digits = index % 9 + 1
      let down = try Rational(exactly: x.decimal(significantDigits: digits, rounding: .down))
      let up = try Rational(exactly: x.decimal(significantDigits: digits, rounding: .up))
      let nearest = try Rational(exactly: x.decimal(significantDigits: digits, rounding: .nearest))
      #expect(down <= x && x <= up && down <= nearest && nearest <= up)
      #expect(try (up - down) * Rational(10).power(digits - 1) <= Rational.maximum(down.magnitude, up.magnitude))
    }
  }
}
