extension LogLogFigure {
  /// The same figure as a pgfplots fragment to be `\input`, with a comment that says where it comes from and what it
  /// needs.
  public func pgfplots(provenance: String) -> String {
    var lines = provenance.split(whereSeparator: \.isNewline).map { "% \($0)" }
    lines.append("% " + summary.split(whereSeparator: \.isNewline).joined(separator: " "))
    lines += [
      "% \\usepackage{pgfplots}", "% \\usepgfplotslibrary{groupplots}", "% \\pgfplotsset{compat=1.16}",
    ]
    let styles = Set(panels.flatMap { $0.curves.map(\.style) }).sorted()
    for style in styles {
      lines.append("\\definecolor{\(LogLogFigure.colorName(style))}{HTML}{\(SVGFigure.color(style).dropFirst())}")
    }
    let (across, up) = (abscissaAxis, valueAxis)
    let width = (0.46 / Double(panels.count)).text(decimals: 3)
    func power(_ n: Int) -> String { "1e\(n)" }
    // Powers of ten as they are written elsewhere, other numbers in full.
    func end(_ value: Double) -> String {
      let exponent = LogLogGeometry.logarithm(value)
      return isLinearAcross ? numeral(value) : power(Int(exponent.rounded()))
    }
    lines += [
      "\\begin{tikzpicture}", "\\begin{groupplot}[",
      "  group style={group size=\(panels.count) by 1, horizontal sep=0.32\\textwidth, yticklabels at=edge left},",
      "  \(isLinearAcross ? "" : "xmode=log, ")ymode=log, scale only axis, width=\(width)\\textwidth, height=7.5cm,",
      "  xmin=\(end(across.value(at: 0))), xmax=\(end(across.value(at: 1))),",
      "  ymin=\(power(up.lowest)), ymax=\(power(up.highest)),",
      "  xtick={\(across.ticks.map { end($0.value) }.joined(separator: ","))},",
      "  ytick={\(up.ticks.map(power).joined(separator: ","))}, grid=major, major grid style={gray!25},",
      "  xlabel={\(LaTeX.prose(abscissaLabel))}, clip=false, tick label style={font=\\footnotesize},",
      "  every axis plot/.append style={mark size=1.3pt, semithick}, title style={font=\\small}]",
    ]
    for (index, panel) in panels.enumerated() {
      let label = index == 0 ? ", ylabel={\(LaTeX.prose(valueLabel))}" : ""
      lines.append("\\nextgroupplot[title={\(LaTeX.prose(panel.title))}\(label)]")
      lines += curves(panel.curves.filter { !points($0).isEmpty }, up)
    }
    lines += ["\\end{groupplot}", "\\end{tikzpicture}"]
    return lines.joined(separator: "\n") + "\n"
  }

  private func curves(_ curves: [Curve], _ axis: LogarithmicAxis) -> [String] {
    let ends = curves.compactMap { points($0).last }
    let span = Double(axis.highest - axis.lowest)
    let places = LabelPlacement.separated(ends.map { LogLogGeometry.logarithm($0.y) }, gap: span * 0.045)
    // Labels begin right of the axis.
    let start = abscissaAxis.value(at: 1.06)
    return curves.indices.flatMap { index -> [String] in
      let curve = curves[index], color = LogLogFigure.colorName(curve.style)
      let list = points(curve).map { "(\(numeral($0.x)),\(numeral($0.y)))" }.joined(separator: " ")
      let mark = LogLogFigure.marks[curve.style % LogLogFigure.marks.count]
      let pattern = LogLogFigure.patterns[curve.style % LogLogFigure.patterns.count].latex
      let name = LaTeX.prose(curve.name) + (curve.note.isEmpty ? "" : "~\\textcolor{black}{\(LaTeX.prose(curve.note))}")
      return [
        "\\addplot[\(pattern), mark=\(mark), mark options={solid}, color=\(color)] coordinates {\(list)};",
        "\\draw[\(color), very thin] (axis cs:\(numeral(ends[index].x)),\(numeral(ends[index].y))) -- "
          + "(axis cs:\(numeral(start)),\(place(places[index]))) "
          + "node[right, inner sep=1pt, font=\\scriptsize] {\(name)};",
      ]
    }
  }

  private func numeral(_ value: Double) -> String {
    value == 0 ? "0" : DecimalNumeral(value, significantDigits: 6)?.scientific ?? "1"
  }

  /// `10ᵉ` for an exponent that need not be whole.
  private func place(_ exponent: Double) -> String {
    let whole = exponent.rounded(.down)
    return "\(LogLogGeometry.power(exponent - whole).text(decimals: 4))e\(Int(whole))"
  }

  private static let marks = ["*", "square*", "triangle*", "diamond*", "pentagon*", "oplus*"]

  private static func colorName(_ style: Int) -> String {
    "curve\(String(UnicodeScalar(UInt8(65 + style % SVGFigure.palette.count))))"
  }
}
