/// A chart of positive numbers over many orders of magnitude: categories down the side, a logarithmic axis along the
/// bottom, one mark for each series in a lane of its own.
public struct SVGFigure: Sendable {
  public struct Series: Sendable {
    public let name: String
    /// One value for each category; `nil` draws nothing. Values that are not positive stand at the end of the axis.
    public let values: [Double?]
    public init(_ name: String, _ values: [Double?]) { (self.name, self.values) = (name, values) }
  }

  public enum Style: Hashable, Sendable { case dots, bars }

  public let title: String
  public let subtitle: String
  /// What the figure shows, for readers who do not see it.
  public let summary: String
  public let valueLabel: String
  public let categories: [String]
  public let series: [Series]
  public let style: Style
  /// The width in pixels.
  public let width: Double

  /// - Precondition: every series has one value for each category.
  public init(
    title: String, subtitle: String = "", summary: String = "", valueLabel: String, categories: [String],
    series: [Series], style: Style = .dots, width: Double = 860
  ) {
    for one in series {
      precondition(
        one.values.count == categories.count,
        "series \(one.name) has \(one.values.count) values for \(categories.count) categories")
    }
    (self.title, self.subtitle, self.summary, self.valueLabel) = (title, subtitle, summary, valueLabel)
    (self.categories, self.series, self.style, self.width) = (categories, series, style, max(width, 320))
  }

  /// Colours that stay apart for colour-blind readers (Okabe and Ito), without the yellow that vanishes on white.
  static let palette = ["0072B2", "D55E00", "009E73", "CC79A7", "E69F00", "56B4E9", "000000", "8C8C8C"]

  static func color(_ series: Int) -> String { "#" + palette[series % palette.count] }
}
