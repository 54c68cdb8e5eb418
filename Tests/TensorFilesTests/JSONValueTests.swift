import Testing

@testable import TensorFiles

@Suite struct JSONValueTests {
  @Test(arguments: [
    ("0", 0 as UInt64?), ("18446744073709551615", .max), ("18446744073709551616", nil), ("-0", nil), ("-1", nil),
    ("16.0", nil), ("1e1", nil),
  ])
  func readsUnsignedIntegersStrictly(text: String, value: UInt64?) {
    #expect(JSONValue.number(text).unsignedInteger == value)
  }

  @Test(arguments: [
    ("0", 0 as Int?), ("-1", -1), ("9223372036854775807", .max), ("-9223372036854775808", .min),
    ("9223372036854775808", nil), ("-0", nil), ("16.0", nil), ("1e1", nil),
  ])
  func readsIntegersStrictly(text: String, value: Int?) {
    #expect(JSONValue.number(text).integer == value)
  }

  @Test func readsDoubles() {
    #expect(JSONValue.number("-1.5e3").doubleValue == -1500)
    #expect(JSONValue.number("1e400").doubleValue == nil)
    #expect(JSONValue.number("1e-400").doubleValue == 0)
    #expect(JSONValue.string("1").doubleValue == nil)
  }

  @Test func findsMembersByteForByte() {
    let object: JSONValue = ["a": 1, "\u{E9}": 2, "a": 3]
    #expect(object["a"] == 3)
    #expect(object["\u{E9}"] == 2)
    #expect(object["e\u{301}"] == nil)
    #expect(object.firstDuplicateKey == "a")
    #expect((["a": 1, "b": 2] as JSONValue).firstDuplicateKey == nil)
    #expect((nil as JSONValue)["a"] == nil)
  }

  @Test(arguments: [
    ("-1.5e3", true), ("0", true), ("01", false), ("", false), (" 1", false), ("1 ", false), ("null", false),
  ])
  func knowsNumbers(text: String, isNumber: Bool) {
    #expect(JSONValue.isNumber(text) == isNumber)
  }
}
