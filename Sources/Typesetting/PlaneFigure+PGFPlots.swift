extension PlaneFigure {
  /// The same figure as a pgfplots fragment to be `\input`, with a comment that says where it comes from and what it
  /// needs. It runs without further programs: lines and meshes are written out.
  public func pgfplots(provenance: String) -> String {
    var lines = provenance.split(whereSeparator: \.isNewline).map { "% \($0)" }
    lines.append("% " + summary.split(whereSeparator: \.isNewline).joined(separator: " "))
    lines += [
      "% \\usepackage{pgfplots}", "% \\usepgfplotslibrary{groupplots}", "% \\pgfplotsset{compat=1.16}",
      "\\definecolor{planeModel}{HTML}{\(SVGFigure.palette[1])}",
    ]
    let scale = scale
    if style == .contours {
      for index in scale.levels.indices {
        lines.append("\\definecolor{\(Self.colorName(index))}{HTML}{\(Self.color(index, scale))}")
      }
    }
    let (low, high) = (numeral(axis.lowest), numeral(axis.highest))
    let side = (0.68 / Double(max(2, panels.count))).text(decimals: 3)
    lines += [
      "\\begin{tikzpicture}", "\\begin{groupplot}[",
      "  group style={group size=\(panels.count) by 1, horizontal sep=0.14\\textwidth},",
      "  scale only axis, width=\(side)\\textwidth, height=\(side)\\textwidth, xmin=\(low), xmax=\(high),",
      "  ymin=\(low), ymax=\(high), xlabel={\(LaTeX.prose(abscissaLabel))}, ylabel={\(LaTeX.prose(ordinateLabel))},",
    ]
    if style == .surface {
      let (bottom, top) = (numeral(scale.levels[0]), numeral(scale.levels[scale.levels.count - 1]))
      lines += [
        "  view={35}{30}, unbounded coords=jump, zmin=\(bottom), zmax=\(top), zlabel={\(LaTeX.prose(valueLabel))}, colormap/viridis,",
        "  point meta min=\(meta(scale.levels[0], scale)), point meta max=\(meta(scale.levels[scale.levels.count - 1], scale)),",
      ]
      if scale.isLogarithmic { lines.append("  zmode=log,") }
    }
    lines.append(
      "  tick label style={font=\\footnotesize}, label style={font=\\small}, title style={font=\\small, align=center}]")
    for (index, panel) in panels.enumerated() {
      let title = LaTeX.prose(panel.title) + panel.notes.map { "\\\\{\\scriptsize \(LaTeX.prose($0))}" }.joined()
      lines.append("\\nextgroupplot[title={\(title)}\(style == .contours ? ", clip mode=individual" : "")]")
      lines += style == .contours ? contourPlots(panel, scale) : surfacePlots(panel)
      if index == panels.count - 1, style == .contours { lines += key(scale) }
    }
    lines += ["\\end{groupplot}", "\\end{tikzpicture}"]
    return lines.joined(separator: "\n") + "\n"
  }

  private func contourPlots(_ panel: Panel, _ scale: LevelScale) -> [String] {
    var lines: [String] = []
    for (grid, style) in [(panel.values, "solid, semithick"), (panel.model, "dashed")] where !grid.isEmpty {
      for (index, level) in scale.levels.enumerated() {
        for line in GridContours(grid).lines(at: level) {
          let list = line.map { "(\(numeral(coordinate($0.x))),\(numeral(coordinate($0.y))))" }.joined(separator: " ")
          lines.append("\\addplot[\(style), \(Self.colorName(index))] coordinates {\(list)};")
        }
      }
    }
    if coordinates[0] <= 0, coordinates[coordinates.count - 1] >= 0 {
      lines.append("\\addplot[only marks, mark=+, mark size=3pt, black] coordinates {(0,0)};")
    }
    return lines
  }

  /// The levels beside the last panel.
  private func key(_ scale: LevelScale) -> [String] {
    let count = scale.levels.count, every = max(1, (count + 13) / 14)
    var lines = scale.levels.enumerated().filter { $0.offset % every == 0 }.map { index, level in
      let y = (0.02 + 0.86 * Double(index) / Double(max(1, count - 1))).text(decimals: 3)
      return "\\draw[\(Self.colorName(index)), thick] (rel axis cs:1.06,\(y)) -- (rel axis cs:1.13,\(y)) "
        + "node[right, black, font=\\scriptsize] {\(scale.label(level))};"
    }
    lines.append(
      "\\node[right, font=\\scriptsize, align=left] at (rel axis cs:1.04,0.97) "
        + "{\(LaTeX.prose(valueLabel))\(hasModel ? "\\\\(dashed: \(LaTeX.prose(modelLabel)))" : "")};")
    return lines
  }

  private func surfacePlots(_ panel: Panel) -> [String] {
    let scale = scale, mesh = Self.mesh(coordinates.count, atMost: 25)
    let (low, high) = (scale.levels[0], scale.levels[scale.levels.count - 1])
    func point(_ row: Int, _ column: Int, _ value: Double) -> String {
      // Where the loss is not finite the surface has a hole.
      let height = value.isFinite ? min(high, max(low, value)) : .nan
      return "(\(numeral(coordinates[column])),\(numeral(coordinates[row])),\(numeral(height)))"
    }
    let points = mesh.map { row in mesh.map { point(row, $0, panel.values[row][$0]) }.joined(separator: " ") }
    var lines = [
      "\\addplot3[surf, shader=flat, mesh/rows=\(mesh.count)] coordinates {", points.joined(separator: "\n"), "};",
    ]
    for line in modelLines(panel.model, coordinates.count - 1) {
      let kept = line.enumerated().filter { $0.offset % 2 == 0 || $0.offset == line.count - 1 }.map(\.element)
      let list = kept.map { point($0.row, $0.column, panel.model[$0.row][$0.column]) }.joined(separator: " ")
      lines.append("\\addplot3[planeModel, dashed, no marks] coordinates {\(list)};")
    }
    return lines
  }

  /// What pgfplots takes for colours: the number, or its logarithm.
  private func meta(_ value: Double, _ scale: LevelScale) -> String {
    guard scale.isLogarithmic else { return numeral(value) }
    return naturalLogarithm(value).text(decimals: 4)
  }

  private static func color(_ level: Int, _ scale: LevelScale) -> String {
    // Pale yellow lines would not be seen on white.
    LevelScale.color(0.85 * Double(level) / Double(max(1, scale.levels.count - 1)))
  }

  private static func colorName(_ level: Int) -> String {
    "planeLevel" + String(level).map { String(UnicodeScalar(UInt8(65 + ($0.wholeNumberValue ?? 0)))) }.joined()
  }

  private func numeral(_ value: Double) -> String {
    let numeral = DecimalNumeral(value, significantDigits: 5)
    return numeral.map { $0.isPlain ? $0.plain : $0.scientific } ?? "nan"
  }
}
