import Arithmetic
import Typesetting

extension SampleSizeStudy {
  /// The bounds `N/(k + 1)`, the measured mean and quantiles, and a line at each tolerance with a mark at each `k*`.
  ///
  /// Sample sizes beyond 10¹⁵ are left out.
  public var figure: LogLogFigure {
    let bounds = self.bounds
    let lines = rows.map { row in (tolerance: Double(row.tolerance), counts: counts(row)) }
    let largest = max(100, (lines.flatMap(\.counts) + [Double(measured?.samples ?? 1)]).max() ?? 1)
    var abscissas = Set([1, largest])
    abscissas.formUnion(lines.flatMap(\.counts))
    abscissas.formUnion(measured?.sampled.map { Double($0.count) } ?? [])
    let x = abscissas.sorted()
    var curves = bounds.enumerated().map { index, bound in
      let ends = Set([1, largest] + bound.counts)
      return LogLogFigure.Curve(
        bound.name, style: index, x.map { ends.contains($0) ? bound.numerator / ($0 + 1) : nil })
    }
    if let measured { curves += Self.measured(measured, over: x, style: bounds.count) }
    let style = curves.count
    curves += lines.enumerated().map { index, line in
      let marks = Set([1, largest] + line.counts)
      return LogLogFigure.Curve(
        "ε = \(SampleSizeNotation.number(rows[index].tolerance))", style: style + index,
        x.map { marks.contains($0) ? line.tolerance : nil })
    }
    return LogLogFigure(
      title: "What one more sample changes in the mean loss",
      subtitle: "\(subject)\nmarks on the lines of the tolerances are the sample sizes k*",
      summary: "Bounds on the change of the mean loss by one more sample against the number of samples k, both axes "
        + "logarithmic, the measured mean and quantiles, and a line for each tolerance with a mark at each k*.",
      abscissaLabel: "number of samples k", valueLabel: "change of the mean loss", abscissas: x,
      panels: [LogLogFigure.Panel("", curves)])
  }

  /// The bounds of increments that are available, each with its sample sizes.
  private var bounds: [(name: String, numerator: Double, counts: [Double])] {
    rows[0].outcomes.compactMap { outcome in
      guard outcome.version.increment != nil, let numerator = outcome.found?.size.numerator else { return nil }
      let counts = rows.compactMap { $0.outcome(outcome.version) }.compactMap(Self.count)
      return (outcome.version.rawValue, Double(numerator), counts)
    }
  }

  private func counts(_ row: Row) -> [Double] {
    row.outcomes.filter { $0.version.increment != nil }.compactMap(Self.count)
      + [row.empirical?.mean, row.empirical?.quantile].compactMap { $0.map(Double.init) }
  }

  private static func count(_ outcome: SampleSizeOutcome) -> Double? {
    outcome.found.map { Double($0.size.count) }.flatMap { $0 <= 1e15 ? $0 : nil }
  }

  private static func measured(_ measured: RunningMeans, over x: [Double], style: Int) -> [LogLogFigure.Curve] {
    let points = Dictionary(uniqueKeysWithValues: measured.sampled.map { (Double($0.count), $0) })
    let mean = LogLogFigure.Curve(
      "mean", note: measured.slope.map { "slope \($0.slope.text(decimals: 2))" } ?? "", style: style,
      x.map { points[$0]?.mean })
    return [mean]
      + measured.probabilities.enumerated().map { index, probability in
        LogLogFigure.Curve(
          "\(RunningMeans.percent(probability))", style: style + 1 + index,
          x.map { points[$0]?.quantiles[index] })
      }
  }

  /// The tables in LaTeX and CSV, and the figure as SVG and pgfplots, with paths relative to a folder.
  public func files(provenance: String) -> [GeneratedFile] {
    let increments = measured.map { [GeneratedFile(path: "\($0.table.name).csv", text: $0.table.csv)] } ?? []
    return [
      GeneratedFile(path: "\(table.name).tex", text: table.latex(provenance: provenance)),
      GeneratedFile(path: "\(table.name).csv", text: table.csv),
      GeneratedFile(path: "\(table.name).svg", text: figure.svg()),
      GeneratedFile(path: "\(table.name)-figure.tex", text: figure.pgfplots(provenance: provenance)),
    ] + increments
  }
}
