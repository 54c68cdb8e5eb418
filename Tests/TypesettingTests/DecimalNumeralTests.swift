import Testing

@testable import Typesetting

@Suite struct DecimalNumeralTests {
  @Test(arguments: [
    ("12.50", "12.50"), ("0.00012", "1.2e-4"), ("1234567", "1.234567e6"), ("-0.05", "-0.05"), ("3e-7", "3e-7"),
    ("99999", "99999"), ("100000", "1.00000e5"), ("0.001", "0.001"), ("0", "0"), ("-0.0", "0.0"), ("1e3", "1000"),
    ("+.5", "0.5"), ("5.", "5"), ("0012", "12"),
  ])
  func readsAndPrints(text: String, printed: String) {
    #expect(DecimalNumeral(text)?.text == printed)
  }

  @Test(arguments: ["", "-", ".", "1/2", "abc", "1e", "1.2.3", "NaN", "inf", "1e99999999999", "٣"])
  func refusesOtherText(text: String) { #expect(DecimalNumeral(text) == nil) }

  @Test func printingKeepsTheValue() {
    var state: UInt64 = 7
    for _ in 0..<500 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let value = Double(bitPattern: state & 0x7FDF_FFFF_FFFF_FFFF)
      guard value.isFinite, value != 0 else { continue }
      let numeral = DecimalNumeral(value, significantDigits: 17)
      #expect(numeral.flatMap { Double($0.text) } == value)
      #expect(numeral.flatMap { Double($0.scientific) } == value)
    }
  }

  @Test func roundsDoubles() {
    #expect(1234.5678.text(significantDigits: 6) == "1234.57")
    #expect(123_456.0.text(significantDigits: 3) == "1.23e5")
    #expect(1234.0.text(significantDigits: 2) == "1.2e3")
    #expect(0.000_051_23.text(significantDigits: 2) == "5.1e-5")
    #expect(0.0.text(significantDigits: 3) == "0.00")
    #expect(Double.nan.text(significantDigits: 3) == "NaN")
    #expect((-Double.infinity).text(significantDigits: 3) == "-∞")
    #expect((-0.001).text(decimals: 2) == "0.00")
    #expect(2.5.text(decimals: 2) == "2.50")
  }
}
