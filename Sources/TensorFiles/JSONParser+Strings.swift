extension JSONParser {
  /// The string whose opening quote is next.
  mutating func string() throws(JSONParseError) -> String {
    let opening = offset
    offset += 1
    var text = ""
    while true {
      let start = offset
      try skipPlainText(opening: opening)
      // Runs without escapes are decoded in one piece; almost every string is one such run.
      text += String(decoding: bytes[start..<offset], as: UTF8.self)
      if take("\"") { return text }
      text.unicodeScalars.append(try escape())
    }
  }

  /// Steps over valid text up to a quote or a backslash.
  private mutating func skipPlainText(opening: Int) throws(JSONParseError) {
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): return
      case 0..<0x20: throw error("\(found) is a raw control character in a string; write it as an escape")
      case 0x20..<0x80: offset += 1
      default:
        guard let length = validSequenceLength else { throw error("\(found) is not valid UTF-8; save it as UTF-8") }
        offset += length
      }
    }
    offset = opening
    throw error("a string is not closed; add the closing quote")
  }

  /// The length of the multi-byte UTF-8 sequence that begins here, nil if it is invalid (overlong, a surrogate, above
  /// U+10FFFF or cut short).
  private var validSequenceLength: Int? {
    let first = bytes[offset]
    let second: ClosedRange<UInt8>
    let length: Int
    switch first {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return nil
    }
    guard bytes.count - offset >= length, second.contains(bytes[offset + 1]) else { return nil }
    return bytes[(offset + 2)..<(offset + length)].allSatisfy { (0x80...0xBF).contains($0) } ? length : nil
  }

  /// The character of the escape whose backslash is next.
  private mutating func escape() throws(JSONParseError) -> Unicode.Scalar {
    let backslash = offset
    offset += 1
    let letter = peek
    offset += 1
    switch letter {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape(backslash: backslash)
    default:
      offset = backslash
      throw error("a string has an unknown escape; a backslash itself is written \\\\")
    }
  }

  private mutating func unicodeEscape(backslash: Int) throws(JSONParseError) -> Unicode.Scalar {
    let unit = try fourHexadecimalDigits()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    if unit < 0xDC00, take("\\"), take("u") {
      let low = try fourHexadecimalDigits()
      if (0xDC00...0xDFFF).contains(low), let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
      {
        return scalar
      }
    }
    offset = backslash
    throw error("a surrogate stands alone; escape the character as a pair \\uD800–\\uDBFF, \\uDC00–\\uDFFF")
  }

  private mutating func fourHexadecimalDigits() throws(JSONParseError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw error("four hexadecimal digits are expected after \\u, not \(found)")
      }
      value = value << 4 | UInt32(digit)
      offset += 1
    }
    return value
  }
}
