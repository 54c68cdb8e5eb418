#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// The levels and colours of numbers that are drawn in a plane: evenly spaced, or in even ratios where the greatest number is
/// many times the least.
struct LevelScale: Hashable {
  /// Ascending; the drawn numbers lie between the first and the last.
  let levels: [Double]
  let isLogarithmic: Bool

  /// - Parameter values: those to be drawn; those that are not finite are left out.
  init(_ values: [Double]) {
    let finite = values.filter(\.isFinite)
    let low = finite.min() ?? 0, high = max(finite.max() ?? 1, low)
    isLogarithmic = low > 0 && high / low > 20
    levels = isLogarithmic ? Self.logarithmic(low, high) : Self.linear(low, high)
  }

  private static func linear(_ low: Double, _ high: Double) -> [Double] {
    let axis = LinearAxis(low, high, ticks: 12)
    let first = (axis.lowest / axis.step).rounded(.down), last = (axis.highest / axis.step).rounded(.up)
    return (0...Int(max(1, last - first))).map { (first + Double($0)) * axis.step }
  }

  /// 1, 2, 5 times powers of ten; every power, or every few, where they are many.
  private static func logarithmic(_ low: Double, _ high: Double) -> [Double] {
    let first = Int(log10(low).rounded(.down)), last = Int(log10(high).rounded(.down)) + 1
    let digits: [Double] =
      last - first <= 3 ? [1, 1.5, 2, 3, 5, 7] : last - first <= 5 ? [1, 2, 5] : last - first <= 8 ? [1, 3] : [1]
    let step = max(1, (last - first + 13) / 14)
    // No number is above the 308th power.
    var powers: [Int] = []
    for power in stride(from: first, to: last + step, by: step) where powers.last != 308 {
      powers.append(min(power, 308))
    }
    let all = powers.flatMap { power in digits.map { $0 * pow(10, Double(power)) } }.filter(\.isFinite)
    let below = all.last { $0 <= low } ?? all[0], above = all.first { $0 >= high } ?? all[all.count - 1]
    return all.filter { $0 >= below && $0 <= above }
  }

  /// Where a number lies between the ends, from 0 to 1; 1 where it is not finite.
  func fraction(_ value: Double) -> Double { value.isFinite ? min(1, max(0, place(value))) : 1 }

  /// The same without an end: `-∞` where the scale has no place for the number.
  func place(_ value: Double) -> Double {
    let (low, high) = (levels[0], levels[levels.count - 1])
    guard isLogarithmic else { return (value - low) / (high - low) }
    return value <= 0 ? -.infinity : (log(value) - log(low)) / (log(high) - log(low))
  }

  /// The number of the band between two levels that a number lies in.
  func band(_ value: Double) -> Int {
    guard value.isFinite else { return levels.count - 2 }
    return min(levels.count - 2, max(0, (levels.lastIndex { $0 <= value } ?? 0)))
  }

  /// A level's number, which has few digits, without zeros at its end.
  func label(_ level: Double) -> String {
    guard let numeral = DecimalNumeral(level, significantDigits: 6) else { return "" }
    return numeral.text.replacing(/(\.\d*?)0+(e|$)/) { "\($0.1 == "." ? "" : $0.1)\($0.2)" }
  }

  // MARK: Colours

  /// Dark blue to yellow, ever lighter, also for colour-blind readers (viridis).
  private static let anchors: [(Double, Double, Double)] = [
    (68, 1, 84), (72, 40, 120), (62, 74, 137), (49, 104, 142), (38, 130, 142), (31, 158, 137), (53, 183, 121),
    (109, 205, 89),
    (180, 222, 44), (253, 231, 37),
  ]

  /// The colour at a place from 0 to 1, as six hexadecimal digits.
  ///
  /// - Parameters:
  ///   - lightness: from 0 for the colour itself to 1 for white.
  ///   - shade: what brightness is multiplied by.
  static func color(_ place: Double, lightness: Double = 0, shade: Double = 1) -> String {
    let position = min(1, max(0, place)) * Double(anchors.count - 1), index = min(anchors.count - 2, Int(position))
    let part = position - Double(index), (a, b) = (anchors[index], anchors[index + 1])
    return [(a.0, b.0), (a.1, b.1), (a.2, b.2)].map { first, second in
      let value = (first + (second - first) * part) * (1 - lightness) + 255 * lightness
      let digits = String(Int(min(255, max(0, value * shade)).rounded()), radix: 16, uppercase: true)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  /// The colour of a band, or of a level.
  func color(band: Int, lightness: Double = 0) -> String {
    Self.color(levels.count > 2 ? Double(band) / Double(levels.count - 2) : 0, lightness: lightness)
  }
}

/// `ln x`.
func naturalLogarithm(_ x: Double) -> Double { log(x) }
