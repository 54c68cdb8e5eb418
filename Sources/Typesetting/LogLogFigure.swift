/// Curves of positive numbers over a positive number, both axes logarithmic, in panels side by side that share their
/// axes: what grows with a power is a straight line. With a linear axis of abscissas that is what decays exponentially.
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
  /// Whether the abscissas lie on a linear axis.
  public let isLinearAcross: Bool

  /// - Precondition: there is a panel, abscissas are finite, on a logarithmic axis positive, and every curve has one value
  ///   for each of them.
  public init(
    title: String, subtitle: String = "", summary: String = "", abscissaLabel: String, valueLabel: String,
    abscissas: [Double], isLinearAcross: Bool = false, panels: [Panel]
  ) {
    precondition(!panels.isEmpty, "a figure needs a panel")
    precondition(
      abscissas.allSatisfy { $0.isFinite && ($0 > 0 || isLinearAcross) }, "a logarithmic axis has positive abscissas")
    for curve in panels.flatMap(\.curves) {
      precondition(
        curve.values.count == abscissas.count,
        "curve \(curve.name) has \(curve.values.count) values for \(abscissas.count) abscissas")
    }
    (self.title, self.subtitle, self.summary) = (title, subtitle, summary)
    (self.abscissaLabel, self.valueLabel, self.abscissas, self.panels) = (abscissaLabel, valueLabel, abscissas, panels)
    self.isLinearAcross = isLinearAcross
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

  var abscissaAxis: AbscissaAxis {
    isLinearAcross
      ? .linear(LinearAxis(abscissas.first ?? 0, abscissas.last ?? 1, ticks: 5))
      : .logarithmic(LogarithmicAxis(abscissas))
  }
}

/// The axis across a figure whose values are on a logarithmic one.
enum AbscissaAxis: Hashable {
  case linear(LinearAxis)
  case logarithmic(LogarithmicAxis)

  /// The numbers that stand at the axis.
  enum Tick: Hashable {
    case number(String)
    case power(Int)
  }

  /// Where a number lies between the ends, from 0 to 1.
  func fraction(_ value: Double) -> Double {
    switch self {
    case .linear(let axis): axis.fraction(value)
    case .logarithmic(let axis):
      (LogLogGeometry.logarithm(value) - Double(axis.lowest)) / Double(axis.highest - axis.lowest)
    }
  }

  /// The number at a place, which may lie beyond the ends.
  func value(at fraction: Double) -> Double {
    switch self {
    case .linear(let axis): axis.lowest + fraction * (axis.highest - axis.lowest)
    case .logarithmic(let axis):
      LogLogGeometry.power(Double(axis.lowest) + fraction * Double(axis.highest - axis.lowest))
    }
  }

  var ticks: [(value: Double, label: Tick)] {
    switch self {
    case .linear(let axis): axis.ticks.map { ($0, .number(axis.label($0))) }
    case .logarithmic(let axis): axis.ticks.map { (LogLogGeometry.power(Double($0)), .power($0)) }
    }
  }

  /// The numbers between powers of ten at which fine lines stand.
  var minorValues: [Double] {
    guard case .logarithmic(let axis) = self, axis.highest - axis.lowest <= 4 else { return [] }
    return (axis.lowest..<axis.highest).flatMap { power in
      (2...9).map { Double($0) * LogLogGeometry.power(Double(power)) }
    }
  }
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
