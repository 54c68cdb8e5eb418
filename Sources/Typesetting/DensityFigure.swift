/// A density on the line, its values on a logarithmic axis, with the share below each number underneath, and marks at
/// single numbers.
public struct DensityFigure: Sendable {
  /// The density at a number.
  public struct Point: Hashable, Sendable {
    public let abscissa: Double
    public let density: Double
    /// What the density is known up to; zero draws nothing.
    public let error: Double
    /// The share below the number, from 0 to 1.
    public let cumulative: Double

    public init(_ abscissa: Double, density: Double, error: Double = 0, cumulative: Double) {
      (self.abscissa, self.density, self.error, self.cumulative) = (abscissa, density, error, cumulative)
    }
  }

  public let title: String
  /// One line or several.
  public let subtitle: String
  /// What the figure shows, for readers who do not see it.
  public let summary: String
  public let abscissaLabel: String
  public let densityLabel: String
  public let cumulativeLabel: String
  /// In ascending order.
  public let points: [Point]
  /// Numbers of their own, such as single eigenvalues.
  public let marks: [Double]
  /// A density that the axis reaches down to.
  public let floor: Double

  /// - Precondition: at least two points in ascending order, and a positive floor.
  public init(
    title: String, subtitle: String = "", summary: String = "", abscissaLabel: String, densityLabel: String,
    cumulativeLabel: String, points: [Point], marks: [Double] = [], floor: Double
  ) {
    precondition(points.count > 1, "a density needs two points")
    precondition(zip(points, points.dropFirst()).allSatisfy { $0.abscissa < $1.abscissa }, "points out of order")
    precondition(floor > 0, "a logarithmic axis has no end at \(floor)")
    (self.title, self.subtitle, self.summary, self.abscissaLabel) = (title, subtitle, summary, abscissaLabel)
    (self.densityLabel, self.cumulativeLabel) = (densityLabel, cumulativeLabel)
    (self.points, self.floor) = (points.filter { $0.density.isFinite }, floor)
    self.marks = marks.filter { $0.isFinite && $0 >= points[0].abscissa && $0 <= points[points.count - 1].abscissa }
  }

  var abscissas: LinearAxis { LinearAxis(points.first?.abscissa ?? 0, points.last?.abscissa ?? 1) }

  var densities: LogarithmicAxis {
    LogarithmicAxis([floor] + points.flatMap { [$0.density, $0.density + $0.error].filter { $0 > floor } })
  }

  /// The density's curve, and the curves of what it is known up to, none below the axis.
  var curve: [(x: Double, y: Double)] { raised(\.density) }
  var upper: [(x: Double, y: Double)] { raised { $0.density + $0.error } }
  var lower: [(x: Double, y: Double)] { raised { $0.density - $0.error } }
  var hasErrors: Bool { points.contains { $0.error > 0 } }

  private func raised(_ value: (Point) -> Double) -> [(x: Double, y: Double)] {
    let bottom = LogLogGeometry.power(Double(densities.lowest))
    return points.map { ($0.abscissa, max(value($0), bottom)) }
  }
}
