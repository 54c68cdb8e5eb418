/// Curves of positive numbers over a positive number, both axes logarithmic, in panels side by side that share their
/// axes: what grows with a power is a straight line.
public struct LogLogFigure: Sendable {
  public struct Curve: Sendable {
    /// The name, in which backquotes mark mathematics, as in the other texts.
    public let name: String
    /// What stands beside the name at the curve's end, such as its slope.
    public let note: String
    /// One value for each abscissa; `nil`, and what is not positive and finite, draws nothing.
    public let values: [Double?]
    /// Curves of equal number look alike in all panels.
    public let style: Int

    public init(_ name: String, note: String = "", style: Int, _ values: [Double?]) {
      (self.name, self.note, self.style, self.values) = (name, note, style, values)
    }
  }

  public struct Panel: Sendable {
    public let title: String
    public let curves: [Curve]
    public init(_ title: String, _ curves: [Curve]) { (self.title, self.curves) = (title, curves) }
  }

  public let title: String
  /// One line or several.
  public let subtitle: String
  /// What the figure shows, for readers who do not see it.
  public let summary: String
  public let abscissaLabel: String
  public let valueLabel: String
  /// In ascending order.
  public let abscissas: [Double]
  public let panels: [Panel]

  /// - Precondition: there is a panel, abscissas are positive, and every curve has one value for each of them.
  public init(
    title: String, subtitle: String = "", summary: String = "", abscissaLabel: String, valueLabel: String,
    abscissas: [Double], panels: [Panel]
  ) {
    precondition(!panels.isEmpty, "a figure needs a panel")
    precondition(abscissas.allSatisfy { $0 > 0 && $0.isFinite }, "a logarithmic axis has positive abscissas")
    for curve in panels.flatMap(\.curves) {
      precondition(
        curve.values.count == abscissas.count,
        "curve \(curve.name) has \(curve.values.count) values for \(abscissas.count) abscissas")
    }
    (self.title, self.subtitle, self.summary) = (title, subtitle, summary)
    (self.abscissaLabel, self.valueLabel, self.abscissas, self.panels) = (abscissaLabel, valueLabel, abscissas, panels)
  }

  /// The points of a curve that can be drawn.
  func points(_ curve: Curve) -> [(x: Double, y: Double)] {
    zip(abscissas, curve.values).compactMap { x, value in
      guard let value, value > 0, value.isFinite else { return nil }
      return (x, value)
    }
  }

  /// The axis of values, which all panels share.
  var valueAxis: LogarithmicAxis {
    LogarithmicAxis(panels.flatMap { panel in panel.curves.flatMap { points($0).map(\.y) } })
  }

  /// The line of each style, for SVG and pgfplots.
  static let patterns: [(svg: String, latex: String)] = [
    ("", "solid"), ("", "solid"), ("2.5 3", "densely dotted"), ("", "solid"), ("8 5", "dashed"),
    ("2.5 3", "densely dotted"),
  ]

  var abscissaAxis: LogarithmicAxis { LogarithmicAxis(abscissas) }
}

/// Labels on a line that are not to overlap.
enum LabelPlacement {
  /// The places nearest to the wanted ones, by least squares, that are at least `gap` apart; the order stays.
  ///
  /// - Source: isotonic regression by pooling adjacent violators.
  static func separated(_ wanted: [Double], gap: Double) -> [Double] {
    let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
    var pools: [(sum: Double, count: Int)] = []
    for (rank, index) in order.enumerated() {
      var pool = (sum: wanted[index] - Double(rank) * gap, count: 1)
      while let last = pools.last, last.sum / Double(last.count) > pool.sum / Double(pool.count) {
        pool = (pool.sum + last.sum, pool.count + last.count)
        pools.removeLast()
      }
      pools.append(pool)
    }
    let levels = pools.flatMap { [Double](repeating: $0.sum / Double($0.count), count: $0.count) }
    var places = wanted
    for (rank, index) in order.enumerated() { places[index] = levels[rank] + Double(rank) * gap }
    return places
  }
}
