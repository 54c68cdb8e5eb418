extension SVGFigure {
  /// The same figure as a pgfplots fragment to be `\input`, with a comment that says where it comes from and what it
  /// needs. Values that are not positive have no place on its axis and are listed in a comment.
  public func pgfplots(provenance: String) -> String {
    var lines = provenance.split(whereSeparator: \.isNewline).map { "% \($0)" }
    lines += ["% \\usepackage{pgfplots}", "% \\pgfplotsset{compat=1.16}"]
    for (index, color) in SVGFigure.palette.enumerated() where index < series.count {
      lines.append("\\definecolor{series\(SVGFigure.letter(index))}{HTML}{\(color)}")
    }
    let ticks = categories.indices.map { "\($0 + 1)" }.joined(separator: ",")
    let labels = categories.map { "{\(LaTeX.escape($0))}" }.joined(separator: ",")
    let height = min(16, 3 + Double(categories.count * max(series.count, 2)) * 0.22)
    lines += [
      "\\begin{tikzpicture}", "\\begin{axis}[",
      "  title={\(LaTeX.escape(title))}, xmode=log, xlabel={\(LaTeX.escape(valueLabel))},",
      "  width=0.85\\textwidth, height=\(height.text(decimals: 1))cm, y dir=reverse,",
      "  ymin=0.5, ymax=\(categories.count).5, ytick={\(ticks)}, yticklabels={\(labels)}, xmajorgrids,",
      "  legend style={at={(0.5,-0.12)}, anchor=north, legend columns=3, draw=none, font=\\small}]",
    ]
    for (index, one) in series.enumerated() {
      let color = "series\(SVGFigure.letter(index % SVGFigure.palette.count))"
      let offset = (Double(index) - Double(series.count - 1) / 2) * 0.8 / Double(max(series.count, 1))
      let points = one.values.enumerated().compactMap { category, value -> String? in
        guard let value, value > 0, value.isFinite, let numeral = DecimalNumeral(value, significantDigits: 6) else {
          return nil
        }
        return "(\(numeral.scientific),\((Double(category + 1) + offset).text(decimals: 3)))"
      }
      lines.append(
        "\\addplot[only marks, mark=\(SVGFigure.marks[index % SVGFigure.marks.count]), color=\(color)] coordinates {"
          + points.joined(separator: " ") + "};")
      lines.append("\\addlegendentry{\(LaTeX.escape(one.name))}")
      let omitted = zip(categories, one.values).filter { $0.1.map { $0 <= 0 } ?? false }.map(\.0)
      if !omitted.isEmpty { lines.append(comment("not positive in \(one.name): \(omitted.joined(separator: ", "))")) }
    }
    lines += ["\\end{axis}", "\\end{tikzpicture}"]
    return lines.joined(separator: "\n") + "\n"
  }

  private func comment(_ text: String) -> String {
    "% " + text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  private static let marks = ["*", "square*", "triangle*", "diamond*", "pentagon*", "x"]

  private static func letter(_ index: Int) -> String { String(UnicodeScalar(UInt8(65 + index % 26))) }
}
