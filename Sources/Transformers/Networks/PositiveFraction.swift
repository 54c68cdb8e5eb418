import Formulas

/// A positive number in lowest terms, such as the `ε` of layer normalisation.
public struct PositiveFraction: Hashable, Sendable, CustomStringConvertible {
  public let numerator: Int
  public let denominator: Int

  /// - Returns: `nil` where one of the two is not positive.
  public init?(_ numerator: Int, over denominator: Int = 1) {
    guard numerator > 0, denominator > 0 else { return nil }
    var (a, b) = (numerator, denominator)
    while b != 0 { (a, b) = (b, a % b) }
    (self.numerator, self.denominator) = (numerator / a, denominator / a)
  }

  /// Reads `1/1000`, `0.001` or `1e-3`, exactly.
  ///
  /// - Returns: `nil` for anything else, for zero, and where a part does not fit 15 digits.
  public init?(_ text: String) {
    if let slash = text.firstIndex(of: "/") {
      guard let above = Self.whole(text[..<slash]), let below = Self.whole(text[text.index(after: slash)...]) else {
        return nil
      }
      self.init(above, over: below)
      return
    }
    let parts = text.split(separator: "e", omittingEmptySubsequences: false)
    guard parts.count <= 2, let exponent = parts.count == 1 ? 0 : Int(parts[1]), (-15...15).contains(exponent) else {
      return nil
    }
    let digits = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    guard digits.count <= 2, let number = Self.whole(digits.joined()[...]) else { return nil }
    let power = exponent - (digits.count == 2 ? digits[1].count : 0)
    guard power >= -15, power <= 15, number <= Self.limit / Self.powerOfTen(max(power, 0)) else { return nil }
    self.init(number * Self.powerOfTen(max(power, 0)), over: Self.powerOfTen(max(-power, 0)))
  }

  /// The largest numerator and denominator.
  private static let limit = powerOfTen(15)

  private static func powerOfTen(_ exponent: Int) -> Int { (0..<exponent).reduce(1) { power, _ in power * 10 } }

  private static func whole(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(text), number <= limit else {
      return nil
    }
    return number
  }

  public var formula: Formula {
    if denominator == 1 { return .integer(numerator) }
    let reciprocal = Formula.integer(denominator).inverse
    return numerator == 1 ? reciprocal : .integer(numerator) * reciprocal
  }

  public var description: String { denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)" }
}
