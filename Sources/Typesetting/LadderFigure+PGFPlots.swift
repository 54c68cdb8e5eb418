extension LadderFigure {
  /// The same figure as a pgfplots fragment to be `\input`, with a comment that says where it comes from and what it
  /// needs.
  public func pgfplots(provenance: String) -> String {
    var lines = provenance.split(whereSeparator: \.isNewline).map { "% \($0)" }
    lines.append("% " + summary.split(whereSeparator: \.isNewline).joined(separator: " "))
    lines += ["% \\usepackage{amsmath,amssymb,pgfplots}", "% \\pgfplotsset{compat=1.16}"]
    for kind in LadderFigure.kinds {
      lines.append("\\definecolor{\(kind.name)}{HTML}{\(LadderFigure.color(kind.kind))}")
    }
    let axis = axis
    let ticks = rungs.indices.map { "\($0 + 1)" }.joined(separator: ",")
    let labels = rungs.map { "{\($0.latex)}" }.joined(separator: ",")
    lines += [
      "\\begin{tikzpicture}", "\\begin{axis}[",
      "  xmode=log, xlabel={\(LaTeX.prose(valueLabel))}, scale only axis, width=0.4\\textwidth,",
      "  height=\((0.55 * Double(rungs.count) + 0.4).text(decimals: 2))cm, y dir=reverse, clip=false,",
      "  xmin=1e\(axis.lowest), xmax=1e\(axis.highest), ymin=0.4, ymax=\(rungs.count).6,",
      "  xtick={\(axis.ticks.map { "1e\($0)" }.joined(separator: ","))}, ytick={\(ticks)},",
      "  yticklabels={\(labels)}, yticklabel style={font=\\scriptsize}, tick label style={font=\\footnotesize},",
      "  xmajorgrids, major grid style={gray!25}, ytick style={draw=none}]",
    ]
    for (index, rung) in rungs.enumerated() {
      guard let value = rung.value else { continue }
      let color = LadderFigure.kinds.first { $0.kind == rung.kind }?.name ?? "black"
      let row = "\(index + 1)"
      if let origin = origin(ofRung: index) {
        lines.append("\\draw[gray] (axis cs:\(numeral(origin)),\(index)) -- (axis cs:\(numeral(origin)),\(row));")
        if rung.kind == .step {
          lines.append(
            "\\draw[\(color), line width=3pt] (axis cs:\(numeral(origin)),\(row)) -- (axis cs:\(numeral(value)),\(row));"
          )
        }
      }
      let mark = rung.kind == .comparison ? "diamond*" : "*"
      lines.append(
        "\\addplot[only marks, mark=\(mark), mark size=\(rung.kind == .step ? "1.2" : "2")pt, color=\(color)] "
          + "coordinates {(\(numeral(value)),\(row))};")
      if !rung.note.isEmpty {
        lines.append(
          "\\node[right, font=\\scriptsize] at (axis cs:\(numeral(value)),\(row)) {\(LaTeX.prose(rung.note))};")
      }
    }
    lines += ["\\end{axis}", "\\end{tikzpicture}"]
    return lines.joined(separator: "\n") + "\n"
  }

  private static let kinds: [(kind: Rung.Kind, name: String)] = [
    (.start, "ladderStart"), (.step, "ladderStep"), (.end, "ladderEnd"), (.comparison, "ladderComparison"),
  ]

  private func numeral(_ value: Double) -> String {
    DecimalNumeral(value, significantDigits: 6)?.scientific ?? "1"
  }
}
