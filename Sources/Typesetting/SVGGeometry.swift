#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// The powers of ten that a logarithmic axis spans.
struct LogarithmicAxis: Hashable {
  let lowest: Int
  let highest: Int
  /// Whether some value is not positive, and whether one is negative.
  let hasZero: Bool
  let hasNegative: Bool
  let hasInfinity: Bool

  init(_ values: [Double]) {
    let exponents = values.filter { $0 > 0 && $0.isFinite }.map { log10($0) }
    let low = exponents.min().map { Int(($0 + 1e-9).rounded(.down)) } ?? 0
    let high = exponents.max().map { Int(($0 - 1e-9).rounded(.up)) } ?? 1
    (lowest, highest) = (low, max(high, low + 1))
    hasZero = values.contains { $0 <= 0 }
    hasNegative = values.contains { $0 < 0 }
    hasInfinity = values.contains { $0 == .infinity }
  }

  /// Where a positive value lies between the ends, from 0 to 1.
  func fraction(_ value: Double) -> Double {
    value.isFinite ? (log10(value) - Double(lowest)) / Double(highest - lowest) : 1
  }

  /// The powers that get a label: at most about ten.
  var ticks: [Int] {
    let step = max(1, (highest - lowest + 9) / 10)
    return Array(stride(from: lowest, through: highest, by: step))
  }
}

/// Where everything in a figure lies.
struct SVGGeometry {
  static let margin = 24.0
  /// The height of one series in one category.
  static let lane = 13.0

  let axis: LogarithmicAxis
  let left: Double
  let right: Double
  let top: Double
  let bottom: Double
  let height: Double
  let bandHeight: Double
  /// Room left of the axis for values that are not positive.
  let gutter: Double
  private(set) var legend: [(x: Double, y: Double)]
  private let seriesCount: Int

  init(_ figure: SVGFigure) {
    axis = LogarithmicAxis(figure.series.flatMap { $0.values.compactMap { $0 } }.filter { !$0.isNaN })
    gutter = axis.hasZero ? 56 : 0
    let widest = figure.categories.map { SVGText.width($0, size: 12.5) }.max() ?? 0
    left = SVGGeometry.margin + min(widest, figure.width * 0.35) + 20 + gutter
    right = figure.width - SVGGeometry.margin - (axis.hasInfinity ? 40 : 16)
    legend = []
    var (x, y) = (SVGGeometry.margin, figure.subtitle.isEmpty ? 62.0 : 80.0)
    for series in figure.series {
      let needed = 18 + SVGText.width(series.name, size: 12.5) + 22
      if x > SVGGeometry.margin, x + needed > figure.width - SVGGeometry.margin {
        x = SVGGeometry.margin
        y += 20
      }
      legend.append((x, y))
      x += needed
    }
    seriesCount = figure.series.count
    top = y + 16
    bandHeight = max(24, Double(figure.series.count) * SVGGeometry.lane + 12)
    bottom = top + bandHeight * Double(figure.categories.count)
    height = bottom + 60
  }

  var zero: Double { left - gutter + 14 }
  var infinity: Double { right + 24 }

  func x(power: Int) -> Double {
    left + (right - left) * Double(power - axis.lowest) / Double(axis.highest - axis.lowest)
  }

  func x(_ value: Double) -> Double {
    value <= 0 ? zero : value.isFinite ? left + (right - left) * axis.fraction(value) : infinity
  }

  func y(category: Int, series: Int) -> Double {
    let middle = top + (Double(category) + 0.5) * bandHeight
    return middle + (Double(series) - Double(seriesCount - 1) / 2) * SVGGeometry.lane
  }
}
