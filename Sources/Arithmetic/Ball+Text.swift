import CFLINT

extension Ball: CustomStringConvertible {
  /// `[m ± r]` in decimals, an enclosure of the ball; an exact number with few decimals stands alone.
  public var description: String {
    let digits = Int64(Double(precision) * 0.30103)
    let text = withPointer { x -> String in
      guard let text = cflint_ball_text(x, digits) else { return "" }
      defer { flint_free(text) }
      return String(cString: text)
    }
    if let bar = text.firstRange(of: " +/- ") {
      return "\(text[..<bar.lowerBound]) ± \(text[bar.upperBound...])"
    }
    if text.hasPrefix("[+/- ") { return "[0 ± \(text.dropFirst(5))" }
    guard text.contains("."), !text.contains("e"), !text.hasPrefix("[") else { return text }
    let trimmed = text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed()
    return String(trimmed)
  }

  /// Decimal numbers of the given number of significant digits, the first at most `m − r`, the second at least
  /// `m + r`.
  ///
  /// - Rounding: outward, so that the printed interval contains the ball; more digits never widen it.
  /// - Errors: unsupported where an endpoint is beyond `2^±67108864`.
  public func decimalBounds(digits: Int) throws(ArithmeticError) -> (lower: String, upper: String) {
    (
      try lower.decimal(significantDigits: digits, rounding: .down),
      try upper.decimal(significantDigits: digits, rounding: .up)
    )
  }
}
