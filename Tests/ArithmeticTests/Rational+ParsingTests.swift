import Arithmetic
import Testing

@Suite struct RationalParsingTests {
  @Test(arguments: [
    ("0", "0"), ("-0", "0"), ("12", "12"), ("+7", "7"), ("0.1", "1/10"), ("-0.25", "-1/4"), (".5", "1/2"), ("5.", "5"),
    ("1e-3", "1/1000"), ("2.5E+4", "25000"), ("1e0", "1"), ("1.50e1", "15"), ("-3/4", "-3/4"), ("6/4", "3/2"),
    ("0/9", "0"), ("007", "7"), ("0.000", "0"), ("1e+0003", "1000"),
    ("123456789012345678901234567890/10", "12345678901234567890123456789"),
    ("9223372036854775808", "9223372036854775808"), ("-9223372036854775808", "-9223372036854775808"),
    ("0.1000000000000000055511151231257827", "1000000000000000055511151231257827/10000000000000000000000000000000000"),
  ])
  func readsExactly(text: String, value: String) throws {
    #expect(try Rational(exactly: text).description == value)
  }

  @Test(arguments: [
    "", " ", "1 ", " 1", "1 2", "abc", "nan", "NaN", "inf", "-inf", "infinity", "0x10", "1/0", "1/-2", "1//2", "1/2/3",
    "/2", "1/", "1.5/2", "1/2.5", "1/2e3", "e5", ".", "-", "+", "--1", "+-1", "1e", "1e+", "1e1.5", "1e5e5", "1.2.3",
    "1,5", "1_000",
    "٣", "½", "−1", "1\n", "1\0", "1e100001", "1e-100001", "1e99999999999999999999999", "1e-99999999999999999999999",
  ])
  func refuses(text: String) {
    #expect(throws: Rational.ParseError.self) { try Rational(exactly: text) }
  }

  @Test func messagesSayWhatIsAccepted() {
    func message(_ text: String) -> String {
      do {
        return "accepted \(try Rational(exactly: text))"
      } catch {
        return error.description
      }
    }
    #expect(message("x1").hasPrefix("'x1' is not a number: write an integer (12), a decimal (0.25)"))
    #expect(message("1/0").contains("has a zero denominator"))
    #expect(message("1e200000").contains("an exponent beyond ±100000"))
    #expect(message("a\u{1B}[31m").contains("'a\u{FFFD}[31m'"))
    #expect(message(String(repeating: "9", count: 100_001)).utf8.count < 250)
  }

  @Test func largestInputsAreQuick() throws {
    let nines = try Rational(exactly: String(repeating: "9", count: 100_000))
    #expect(try nines + 1 == Rational(exactly: "1e100000"))
    #expect(try Rational(exactly: "1e-100000") * Rational(exactly: "1e100000") == 1)
    #expect(try Rational(exactly: "0e100000") == 0)
  }

  @Test func descriptionsAreReadBack() throws {
    for x in RationalTests.mixedSamples(seed: 61) { #expect(try Rational(exactly: x.description) == x) }
  }
}
