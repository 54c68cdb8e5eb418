#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// Where everything in a figure with two logarithmic axes lies.
struct LogLogGeometry {
  static let margin = 24.0

  let abscissas: AbscissaAxis
  let values: LogarithmicAxis
  let top: Double
  let bottom: Double
  let height: Double
  /// More than two panels make the figure wider.
  let width: Double
  let panelWidth: Double
  /// From the left side of a panel to that of the next.
  private let stride: Double
  private static let firstLeft = 84.0

  init(_ figure: LogLogFigure) {
    top = 86 + 18 * Double(max(1, figure.subtitle.split(whereSeparator: \.isNewline).count))
    bottom = top + 440
    height = bottom + 66
    (abscissas, values) = (figure.abscissaAxis, figure.valueAxis)
    let widest =
      figure.panels.flatMap(\.curves).map {
        SVGText.width(SVGText.plain($0.name), size: 12.5) + 8 + SVGText.width(SVGText.plain($0.note), size: 12.5)
      }.max() ?? 0
    let labels = 26 + min(widest, 180) + 14
    width = 980 + 400 * Double(max(0, figure.panels.count - 2))
    let room = width - LogLogGeometry.firstLeft - LogLogGeometry.margin / 2
    stride = room / Double(figure.panels.count)
    panelWidth = max(stride - labels, 60)
  }

  func left(_ panel: Int) -> Double { LogLogGeometry.firstLeft + Double(panel) * stride }

  /// The place of a number in the panel that begins at `left`.
  func x(_ value: Double, _ left: Double) -> Double { left + panelWidth * abscissas.fraction(value) }

  func y(_ exponent: Double) -> Double {
    bottom - (bottom - top) * (exponent - Double(values.lowest)) / Double(values.highest - values.lowest)
  }

  static func logarithm(_ value: Double) -> Double { log10(value) }

  /// `10ᵉ`.
  static func power(_ exponent: Double) -> Double { pow(10, exponent) }
}
