extension DensityFigure {
  /// The same figure as a pgfplots fragment to be `\input`, with a comment that says where it comes from and what it
  /// needs.
  public func pgfplots(provenance: String) -> String {
    let (across, up) = (abscissas, densities)
    var lines = provenance.split(whereSeparator: \.isNewline).map { "% \($0)" }
    lines.append("% " + summary.split(whereSeparator: \.isNewline).joined(separator: " "))
    lines += [
      "% \\usepackage{pgfplots}", "% \\usepgfplotslibrary{groupplots}", "% \\pgfplotsset{compat=1.16}",
      "\\definecolor{densityCurve}{HTML}{\(SVGFigure.palette[0])}",
      "\\definecolor{densityMark}{HTML}{\(SVGFigure.palette[1])}", "\\begin{tikzpicture}", "\\begin{groupplot}[",
      "  group style={group size=1 by 2, vertical sep=0.5cm, xticklabels at=edge bottom, xlabels at=edge bottom},",
      "  scale only axis, width=0.8\\textwidth, xmin=\(numeral(across.lowest)), xmax=\(numeral(across.highest)),",
      "  xlabel={\(LaTeX.prose(abscissaLabel))}, grid=major, major grid style={gray!25},",
      "  tick label style={font=\\footnotesize}, label style={font=\\small}]",
      "\\nextgroupplot[ymode=log, height=5.5cm, ymin=1e\(up.lowest), ymax=1e\(up.highest),",
      "  ytick={\(up.ticks.map { "1e\($0)" }.joined(separator: ","))}, ylabel={\(LaTeX.prose(densityLabel))}]",
    ]
    if hasErrors {
      lines.append(
        "\\addplot[draw=none, fill=densityCurve, fill opacity=0.25] coordinates {\(list(upper + lower.reversed()))} "
          + "-- cycle;")
    }
    lines.append("\\addplot[densityCurve, semithick] coordinates {\(list(curve))};")
    if !marks.isEmpty {
      let places = marks.map { (x: $0, y: densities.lowestValue) }
      lines.append(
        "\\addplot[only marks, mark=triangle*, mark size=2.2pt, densityMark, clip mode=individual] "
          + "coordinates {\(list(places))};")
    }
    lines.append("\\nextgroupplot[height=2.2cm, ymin=0, ymax=1, ylabel={\(LaTeX.prose(cumulativeLabel))}]")
    let share = points.map { (x: $0.abscissa, y: min(max($0.cumulative, 0), 1)) }
    lines.append("\\addplot[densityCurve, semithick] coordinates {\(list(share))};")
    lines += ["\\end{groupplot}", "\\end{tikzpicture}"]
    return lines.joined(separator: "\n") + "\n"
  }

  private func list(_ curve: [(x: Double, y: Double)]) -> String {
    curve.map { "(\(numeral($0.x)),\(numeral($0.y)))" }.joined(separator: " ")
  }

  private func numeral(_ value: Double) -> String {
    DecimalNumeral(value, significantDigits: 6)?.scientific ?? "0"
  }
}

extension LogarithmicAxis {
  /// `10ᵉ` at the lower end.
  fileprivate var lowestValue: Double { LogLogGeometry.power(Double(lowest)) }
}
