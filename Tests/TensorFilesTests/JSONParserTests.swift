import Testing

@testable import TensorFiles

@Suite struct JSONParserTests {
  @Test(
    arguments: [
      ("null", .null), (" true\t", true), ("false\r\n", false), ("0", .number("0")), ("-0", .number("-0")),
      ("-1.50e+03", .number("-1.50e+03")), ("1E5", .number("1E5")), ("\"\"", ""), ("[]", []), ("{}", [:]),
      ("[1,[2,[]]]", [1, [2, []]]), ("{\"a\":1,\"b\":{\"c\":null}}", ["a": 1, "b": ["c": nil]]),
      ("{\"b\":1,\"a\":2,\"b\":3}", ["b": 1, "a": 2, "b": 3]),
      ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\u{8}\u{C}\n\r\t"),
      ("\"\\u0041\\u00e9\\u20AC\\ud83d\\uDE00\\u0000\"", "Aé€😀\0"),
      ("\"é€😀\u{7F}\"", "é€😀\u{7F}"), ("\"\u{10FFFF}\u{D7FF}\u{E000}\"", "\u{10FFFF}\u{D7FF}\u{E000}"),
      ("123456789012345678901234567890.0", .number("123456789012345678901234567890.0")),
    ] as [(String, JSONValue)])
  func accepts(text: String, value: JSONValue) throws {
    #expect(try JSONValue(parsing: text) == value)
  }

  @Test(arguments: [
    "", " ", "nul", "True", "NaN", "Infinity", "+1", "01", "-01", "00", ".5", "1.", "1.e1", "1e", "1e+", "-", "--1",
    "0x1",
    "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1,,2]", "{", "}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}",
    "{'a':1}", "{1:1}", "{\"a\":1 \"b\":2}", "{\"a\" 1}", "{,}", "1 2", "{}x", "{}\0", "//x\n1", "/*x*/1", "[1/*x*/]",
    "#",
    "\"", "\"a", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"", "\"\\uD800\"", "\"\\uDC00\"", "\"\\uD800\\u0041\"",
    "\"\\uD800x\"", "\"\\uD800\\n\"", "\"\\uD800\\uD800\"", "\"a\nb\"", "\"\t\"", "\"\0\"", "\u{FEFF}{}", "\u{A0}1",
    "'a'",
    "[1}", "{\"a\":1]", "\"\\u+123\"", "\"\\", "\"\\u", "１",
  ])
  func refuses(text: String) {
    #expect(throws: JSONParseError.self) { try JSONValue(parsing: text) }
  }

  @Test(
    arguments: [
      [0x22, 0x80, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xC1, 0xBF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xC3],
      [0x22, 0xE0, 0x9F, 0xBF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xE2, 0x82, 0x22],
      [0x22, 0xF0, 0x8F, 0xBF, 0xBF, 0x22],
      [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0xF5, 0x80, 0x80, 0x80, 0x22], [0x22, 0xF0, 0x9F, 0x98, 0x22],
      [0x22, 0xFF, 0x22],
      [0x7B, 0, 0x7D, 0], [0xFF, 0xFE, 0x7B, 0x00], [0x22, 0xF0, 0x9F, 0x98],
    ] as [[UInt8]])
  func refusesInvalidUnicode(bytes: [UInt8]) {
    #expect(throws: JSONParseError.self) { try JSONValue(parsing: bytes) }
  }

  @Test func acceptsExactlyTheScalarsOfUnicode() throws {
    for value in stride(from: UInt32(0x20), through: 0x10FFFF, by: 37) {
      guard let scalar = Unicode.Scalar(value), scalar != "\"", scalar != "\\" else { continue }
      #expect(try JSONValue(parsing: "\"\(scalar)\"") == .string(String(scalar)))
    }
  }

  @Test func namesLineAndColumn() {
    let error = #expect(throws: JSONParseError.self) { try JSONValue(parsing: "{\n  \"é\": 1,\n  \"ü\": 02\n}") }
    #expect(error?.line == 3)
    #expect(error?.column == 9)
    #expect(error?.description == "line 3, column 9: a number begins with a superfluous zero; remove it")
  }

  @Test(arguments: [
    ("[1,]", "line 1, column 3: there is a comma before ']'; remove it"),
    ("{\"a\":1}x", "line 1, column 8: 'x' stands after the end of the value; remove it"),
    ("", "line 1, column 1: a value is expected, not the end of the text"),
    ("\u{FEFF}1", "line 1, column 1: there is a byte-order mark; remove it"),
    ("[1 // one\n]", "line 1, column 4: a comma or ']' is expected, not '/' (comments are not part of JSON)"),
    ("{}\0", "line 1, column 3: the byte 0x00 stands after the end of the value; remove it"),
  ])
  func saysWhatToChange(text: String, message: String) {
    let error = #expect(throws: JSONParseError.self) { try JSONValue(parsing: text) }
    #expect(error?.description == message)
  }

  @Test func limitsTheDepth() throws {
    func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    _ = try JSONValue(parsing: nested(127))
    #expect(throws: JSONParseError.self) { try JSONValue(parsing: nested(128)) }
    #expect(throws: JSONParseError.self) { try JSONValue(parsing: String(repeating: "[", count: 1_000_000)) }
    #expect(throws: JSONParseError.self) { try JSONValue(parsing: String(repeating: "{\"a\":", count: 100_000)) }
    _ = try JSONValue(parsing: nested(1000), options: JSONParsingOptions(maximumDepth: 1000))
    // Depth counts what is open, not what there is.
    _ = try JSONValue(parsing: "[" + Array(repeating: "[]", count: 1000).joined(separator: ",") + "]")
  }

  @Test func refusesDuplicateKeysOnRequest() throws {
    let options = JSONParsingOptions(duplicateKeys: .refused)
    let error = #expect(throws: JSONParseError.self) {
      try JSONValue(parsing: "{\"a\":1,\n\"\\u0061\":2}", options: options)
    }
    #expect(error?.description == "line 2, column 1: the key 'a' stands twice in this object; remove one")
    _ = try JSONValue(parsing: "{\"a\":{\"a\":1},\"b\":{\"a\":1}}", options: options)
    // Equal as `String`s, but different keys: precomposed and decomposed é.
    _ = try JSONValue(parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}", options: options)
  }
}
