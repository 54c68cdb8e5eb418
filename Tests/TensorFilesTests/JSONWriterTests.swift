import Testing

@testable import TensorFiles

@Suite struct JSONWriterTests {
  let value: JSONValue = [
    "schema": "a/1", "b": [1, 2.5], "empty": [], "none": [:], "rows": [[1, 2], [3, 4]],
    "nested": ["z": nil, "a": true],
  ]

  @Test func writesCompactly() {
    #expect(
      value.description
        == #"{"schema":"a/1","b":[1,2.5],"empty":[],"none":{},"rows":[[1,2],[3,4]],"nested":{"z":null,"a":true}}"#)
  }

  @Test func writesPrettily() {
    #expect(
      value.prettyDescription == """
        {
          "schema": "a/1",
          "b": [1, 2.5],
          "empty": [],
          "none": {},
          "rows": [
            [1, 2],
            [3, 4]
          ],
          "nested": {
            "z": null,
            "a": true
          }
        }
        """)
  }

  @Test func escapesWhatHasToBe() {
    #expect(
      JSONValue.string("\"\\/\n\r\t\u{1}\u{1F}é😀\u{7F}").description == #""\"\\/\n\r\t\u0001\u001fé😀"# + "\u{7F}\"")
    #expect((["\n": "\r\n"] as JSONValue).description == #"{"\n":"\r\n"}"#)
  }

  @Test func readsBackWhatItWrites() throws {
    var generator = SplitMix64(state: 7)
    for _ in 0..<500 {
      let value = Self.random(depth: 4, using: &generator)
      #expect(try JSONValue(parsing: value.description) == value)
      #expect(try JSONValue(parsing: value.prettyDescription) == value)
    }
  }

  @Test func writesDoublesSoThatTheyComeBack() {
    #expect(JSONValue.double(0.1) == .number("0.10000000000000001"))
    #expect(JSONValue.double(1) == .number("1"))
    #expect(JSONValue.double(.nan) == "nan")
    #expect(JSONValue.double(-.infinity) == "-inf")
    var generator = SplitMix64(state: 8)
    for _ in 0..<20_000 {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      let text = DecimalText.seventeenDigits(value)
      #expect(Double(text)?.bitPattern == value.bitPattern)
      #expect(JSONValue.isNumber(text))
    }
    for value in [0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude] as [Double] {
      #expect(Double(DecimalText.seventeenDigits(value))?.bitPattern == value.bitPattern)
    }
  }

  private static func random(depth: Int, using generator: inout SplitMix64) -> JSONValue {
    switch Int.random(in: 0..<(depth == 0 ? 4 : 6), using: &generator) {
    case 0: return .null
    case 1: return .boolean(.random(using: &generator))
    case 2: return .double(Double(bitPattern: generator.next()))
    case 3: return .string(text(using: &generator))
    case 4:
      return .array(
        (0..<Int.random(in: 0...3, using: &generator)).map { _ in random(depth: depth - 1, using: &generator) })
    default:
      return .object(
        (0..<Int.random(in: 0...3, using: &generator)).map { _ in
          JSONValue.Member(text(using: &generator), random(depth: depth - 1, using: &generator))
        })
    }
  }

  private static func text(using generator: inout SplitMix64) -> String {
    let pool: [Unicode.Scalar] = ["\"", "\\", "/", "\n", "\0", "\u{1F}", "a", "é", "\u{301}", "€", "😀", "\u{2028}"]
    var text = ""
    for _ in 0..<Int.random(in: 0...6, using: &generator) {
      text.unicodeScalars.append(pool.randomElement(using: &generator)!)
    }
    return text
  }
}
