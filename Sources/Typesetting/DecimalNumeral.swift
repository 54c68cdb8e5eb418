#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// A decimal numeral as written: `± d₁.d₂d₃… · 10ᵉ`. Printing it never changes its value.
public struct DecimalNumeral: Hashable, Sendable {
  public let isNegative: Bool
  /// The digits, the first of them not zero unless the number is zero.
  public let digits: String
  /// The power of ten of the first digit.
  public let exponent: Int

  /// Reads `-12.50`, `3e-7`, `.5`; `nil` for anything else, such as a fraction.
  public init?(_ text: String) {
    var rest = Substring(text)
    var negative = false
    if let sign = rest.first, sign == "-" || sign == "+" {
      negative = sign == "-"
      rest = rest.dropFirst()
    }
    var power = 0
    if let mark = rest.firstIndex(where: { $0 == "e" || $0 == "E" }) {
      guard let read = Int(rest[rest.index(after: mark)...]), (-999_999...999_999).contains(read) else { return nil }
      power = read
      rest = rest[..<mark]
    }
    let parts = rest.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard !parts.isEmpty, parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
      parts.contains(where: { !$0.isEmpty })
    else { return nil }
    let fraction = parts.count == 2 ? parts[1] : ""
    let all = String(parts[0]) + String(fraction)
    let significant = all.drop { $0 == "0" }
    if significant.isEmpty {
      (isNegative, digits, exponent) = (false, "0" + fraction.filter { $0 == "0" }, 0)
    } else {
      (isNegative, digits) = (negative, String(significant))
      exponent = parts[0].count - 1 - (all.count - significant.count) + power
    }
  }

  /// The nearest numeral with this many significant digits; `nil` for NaN and infinities.
  public init?(_ value: Double, significantDigits: Int) {
    guard value.isFinite else { return nil }
    self.init(DecimalNumeral.scientific(value, decimals: min(max(significantDigits, 1), 40) - 1))
  }

  /// Whether it is printed without a power of ten: zero, and magnitudes in `10⁻³ ..< 10⁵`.
  public var isPlain: Bool { digits.allSatisfy { $0 == "0" } || (-3..<5).contains(exponent) }

  /// `1.25`, without a power of ten.
  public var plain: String {
    let sign = isNegative ? "-" : ""
    if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits }
    let whole = exponent + 1
    if digits.count <= whole { return sign + digits + String(repeating: "0", count: whole - digits.count) }
    return sign + digits.prefix(whole) + "." + digits.dropFirst(whole)
  }

  /// `1.25e-7`.
  public var scientific: String {
    let tail = digits.dropFirst()
    return (isNegative ? "-" : "") + digits.prefix(1) + (tail.isEmpty ? "" : ".") + tail + "e\(exponent)"
  }

  /// Plain where that is readable, else with a power of ten.
  public var text: String { isPlain ? plain : scientific }

  private static func scientific(_ value: Double, decimals: Int) -> String {
    formatted("%.*e", Int32(decimals), value)
  }

  /// A `printf` conversion, which rounds correctly.
  static func formatted(_ format: String, _ arguments: any CVarArg...) -> String {
    var buffer = [CChar](repeating: 0, count: 512)
    let length = withVaList(arguments) { vsnprintf(&buffer, buffer.count, format, $0) }
    return String(
      decoding: buffer.prefix(max(0, min(Int(length), buffer.count - 1))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

extension Double {
  /// The value rounded to a number of significant digits, in plain form for magnitudes in `10⁻³ ..< 10⁵`.
  public func text(significantDigits: Int) -> String {
    guard let numeral = DecimalNumeral(self, significantDigits: significantDigits) else {
      return isNaN ? "NaN" : self < 0 ? "-∞" : "∞"
    }
    return numeral.exponent >= significantDigits && numeral.digits != "0" ? numeral.scientific : numeral.text
  }

  /// The value rounded to a number of decimals.
  public func text(decimals: Int) -> String {
    guard isFinite else { return text(significantDigits: 1) }
    let text = DecimalNumeral.formatted("%.*f", Int32(min(max(decimals, 0), 40)), self)
    return text.allSatisfy { "-0.".contains($0) } && text.first == "-" ? String(text.dropFirst()) : text
  }
}
