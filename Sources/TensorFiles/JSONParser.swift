/// A recursive descent over the bytes of a JSON text.
struct JSONParser {
  let bytes: UnsafeRawBufferPointer
  let options: JSONParsingOptions
  var offset = 0
  private var depth = 0

  init(bytes: UnsafeRawBufferPointer, options: JSONParsingOptions) {
    self.bytes = bytes
    self.options = options
  }

  mutating func document() throws(JSONParseError) -> JSONValue {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw error("there is a byte-order mark; remove it") }
    skipSpace()
    let value = try self.value()
    skipSpace()
    guard offset == bytes.count else { throw error("\(found) stands after the end of the value; remove it") }
    return value
  }

  // MARK: Values

  private mutating func value() throws(JSONParseError) -> JSONValue {
    guard let byte = peek else { throw error("a value is expected, not \(found)") }
    switch byte {
    case UInt8(ascii: "{"): return try nested { (parser) throws(JSONParseError) in try parser.object() }
    case UInt8(ascii: "["): return try nested { (parser) throws(JSONParseError) in try parser.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: throw error("a value is expected, not \(found)")
    }
  }

  private mutating func nested(
    _ body: (inout JSONParser) throws(JSONParseError) -> JSONValue
  ) throws(JSONParseError) -> JSONValue {
    guard depth < options.maximumDepth else {
      throw error("values are nested deeper than \(options.maximumDepth) levels; nest them less")
    }
    depth += 1
    defer { depth -= 1 }
    offset += 1
    skipSpace()
    return try body(&self)
  }

  private mutating func array() throws(JSONParseError) -> JSONValue {
    var elements: [JSONValue] = []
    if take("]") { return .array(elements) }
    while true {
      elements.append(try value())
      skipSpace()
      if take("]") { return .array(elements) }
      try expectComma(before: "]")
    }
  }

  private mutating func object() throws(JSONParseError) -> JSONValue {
    var members: [JSONValue.Member] = []
    var seen: Set<ExactName> = []
    if take("}") { return .object(members) }
    while true {
      guard peek == UInt8(ascii: "\"") else { throw error("a key in double quotes is expected, not \(found)") }
      let start = offset
      let key = try string()
      if options.duplicateKeys == .refused, !seen.insert(ExactName(key)).inserted {
        offset = start
        throw error("the key \(key.quoted) stands twice in this object; remove one")
      }
      skipSpace()
      guard take(":") else { throw error("a colon is expected after the key \(key.quoted), not \(found)") }
      skipSpace()
      members.append(JSONValue.Member(key, try value()))
      skipSpace()
      if take("}") { return .object(members) }
      try expectComma(before: "}")
    }
  }

  private mutating func expectComma(before close: Unicode.Scalar) throws(JSONParseError) {
    let comma = offset
    guard take(",") else { throw error("a comma or '\(close)' is expected, not \(found)") }
    skipSpace()
    if peek == UInt8(ascii: close) {
      offset = comma
      throw error("there is a comma before '\(close)'; remove it")
    }
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONParseError) -> JSONValue {
    let length = word.utf8CodeUnitCount
    let expected = UnsafeRawBufferPointer(start: word.utf8Start, count: length)
    guard bytes.count - offset >= length, bytes[offset..<offset + length].elementsEqual(expected) else {
      throw error("'\(word)' is expected")
    }
    offset += length
    return value
  }

  private mutating func number() throws(JSONParseError) -> String {
    let start = offset
    _ = take("-")
    if take("0") {
      if isDigit { throw error("a number begins with a superfluous zero; remove it") }
    } else {
      try digits()
    }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  private mutating func digits() throws(JSONParseError) {
    guard isDigit else { throw error("a digit is expected in a number, not \(found)") }
    while isDigit { offset += 1 }
  }

  // MARK: Bytes

  /// The next byte, nil at the end.
  var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private var isDigit: Bool { peek.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false }

  /// Steps over the next byte if it is this one.
  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: scalar) else { return false }
    offset += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
  }

  /// What stands at the current place, for messages.
  var found: String {
    guard let byte = peek else { return "the end of the text" }
    if byte == UInt8(ascii: "/") { return "'/' (comments are not part of JSON)" }
    if (0x21..<0x7F).contains(byte) { return "'\(Unicode.Scalar(byte))'" }
    return "the byte 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
  }

  func error(_ message: String) -> JSONParseError { JSONParseError(message: message, offset: offset, in: bytes) }
}
