import CGMP

extension Rational {
  /// Text that is no number, or too large a one.
  public struct ParseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text, shortened for print.
    public let text: String
    /// What is wrong with it.
    public let reason: String

    /// What is wrong and what is accepted.
    public var description: String {
      "'\(text)' \(reason): write an integer (12), a decimal (0.25), a power of ten (1e-3, 2.5E+4) "
        + "or a fraction (3/4)"
    }

    init(_ text: String, _ reason: String) {
      let printable = text.unicodeScalars.prefix(40).map { $0.value < 32 || $0.value == 127 ? "\u{FFFD}" : $0 }
      self.text = String(String.UnicodeScalarView(printable)) + (text.unicodeScalars.count > 40 ? "…" : "")
      self.reason = reason
    }
  }

  /// The largest accepted magnitude of a power of ten, and number of characters.
  static let largestExponent = 100_000

  /// The number written in `text`, exactly: `12`, `-0.25`, `.5`, `1e-3`, `2.5E+4` or `-3/4`.
  ///
  /// - Errors: anything else (blanks, hexadecimal, `nan`, `inf`, a zero denominator), more than 100 000 characters, or an
  ///   exponent beyond ±100 000.
  public init(exactly text: String) throws(ParseError) {
    if text.isEmpty { throw ParseError(text, "is empty, not a number") }
    if text.utf8.count > Self.largestExponent {
      throw ParseError(text, "has more than \(Self.largestExponent) characters")
    }
    var digits = Substring(text).utf8
    let isNegative = digits.first == UInt8(ascii: "-")
    if isNegative || digits.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
    let unsigned: Rational
    if let slash = digits.firstIndex(of: UInt8(ascii: "/")) {
      unsigned = try Self.fraction(digits[..<slash], digits[digits.index(after: slash)...], in: text)
    } else {
      unsigned = try Self.decimal(digits, in: text)
    }
    self = isNegative ? -unsigned : unsigned
  }

  private static func fraction(
    _ above: Substring.UTF8View, _ below: Substring.UTF8View, in text: String
  ) throws(ParseError) -> Rational {
    guard let numerator = integer(above), let denominator = integer(below) else {
      throw ParseError(text, "is not a fraction of two integers")
    }
    if denominator.isZero { throw ParseError(text, "has a zero denominator") }
    return numerator * inverse(denominator)
  }

  private static func decimal(_ body: Substring.UTF8View, in text: String) throws(ParseError) -> Rational {
    var mantissa = body
    var exponent = 0
    if let mark = body.firstIndex(where: { $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") }) {
      mantissa = body[..<mark]
      exponent = try powerOfTen(body[body.index(after: mark)...], in: text)
    }
    let point = mantissa.firstIndex(of: UInt8(ascii: "."))
    let whole = mantissa[..<(point ?? mantissa.endIndex)]
    let part = point.map { mantissa[mantissa.index(after: $0)...] } ?? mantissa[mantissa.endIndex...]
    guard let digits = integer(Array(whole) + Array(part)) else { throw ParseError(text, "is not a number") }
    return digits * powerOfTen(exponent - part.count)
  }

  private static func powerOfTen(_ body: Substring.UTF8View, in text: String) throws(ParseError) -> Int {
    var digits = body
    let isNegative = digits.first == UInt8(ascii: "-")
    if isNegative || digits.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
    guard isDecimal(digits) else { throw ParseError(text, "has no integer exponent") }
    let significant = digits.drop { $0 == UInt8(ascii: "0") }
    let magnitude = significant.prefix(7).reduce(0) { 10 * $0 + Int($1 - UInt8(ascii: "0")) }
    if magnitude > largestExponent { throw ParseError(text, "has an exponent beyond ±\(largestExponent)") }
    return isNegative ? -magnitude : magnitude
  }

  /// `10ⁿ`, exactly.
  static func powerOfTen(_ exponent: Int) -> Rational {
    let power = make { __gmpz_ui_pow_ui(cgmp_numerator($0), 10, exponent.magnitude) }
    return exponent < 0 ? inverse(power) : power
  }

  private static func isDecimal(_ digits: some Collection<UInt8>) -> Bool {
    !digits.isEmpty && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  /// The non-negative integer with these decimal digits; `nil` if there is none.
  private static func integer(_ digits: some Collection<UInt8>) -> Rational? {
    guard isDecimal(digits) else { return nil }
    let text = digits.map { CChar(bitPattern: $0) } + [0]
    return make { __gmpz_set_str(cgmp_numerator($0), text, 10) }
  }
}
