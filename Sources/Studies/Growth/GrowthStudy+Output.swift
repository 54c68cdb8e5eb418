import Arithmetic
import Transformers
import Typesetting

extension GrowthStudy {
  /// The norms of the blocks against the data scale, `H_o` beside `H_f`, each curve with its measured slope.
  public var figure: LogLogFigure {
    func panel(_ part: HessianPart, _ title: String) -> LogLogFigure.Panel {
      let of = rows.filter { $0.block.part == part }
      return LogLogFigure.Panel(
        title,
        of.enumerated().map { index, row in
          let power = row.exponent?.power.map { "`σ\(Self.superscript($0))`" }
          let slope = row.fit.map { "(\($0.slope.text(decimals: 2)))" }
          let note = [power, slope].compactMap { $0 }.joined(separator: " ")
          return LogLogFigure.Curve("`\(row.block.pair)`", note: note, style: index, row.norms)
        })
    }
    return LogLogFigure(
      title: "Growth of the Hessian's blocks with the data scale",
      subtitle: "\(subject)\n\(targetRemark); beside each curve its exact power (and its slope over \(fitRange))",
      summary:
        "Spectral norms of the outer-product and functional parts of each block against the data scale σ, both axes "
        + "logarithmic, geometric means over the draws; beside each curve its exact power and its fitted slope.",
      abscissaLabel: "data scale σ", valueLabel: "spectral norm of the block", abscissas: scales.map { Double($0) },
      panels: [panel(.outer, "outer-product part H_o"), panel(.functional, "functional part H_f")])
  }

  /// The study as a person reads it in a terminal.
  public var text: String {
    var lines = [
      "Growth of the Hessian's blocks with the data scale σ", plain("\(subject); \(targetRemark)"),
      "Slopes over \(fitRange), ± half widths at 95 % from residuals and draws.", "", table(caption: "").text,
    ]
    let zero = rows.filter { $0.exponents.allSatisfy { $0 == .zero } }.map(\.block.description)
    if !zero.isEmpty { lines.append("≡ 0: zero at every scale: \(zero.joined(separator: ", ")).") }
    let unknown = rows.filter { row in row.exponents.contains { if case .above = $0 { true } else { false } } }
    if !unknown.isEmpty {
      lines.append(
        "> \(TruncatedSeries<Rational>.truncation): every coefficient computed is zero, and no norm is measured: "
          + "\(unknown.map(\.block.description).joined(separator: ", ")).")
    }
    let missing = rows.filter { row in
      row.exponents.contains { $0.power != nil } && row.norms.contains { $0 == nil }
    }
    if !missing.isEmpty {
      lines.append(
        "Not measured at every scale, as norms are below floating point or not told from zero with "
          + "\(GrowthMeasurement.largestPrecision) bits: \(missing.map(\.block.description).joined(separator: ", ")).")
    }
    lines.append(fieldRemark)
    lines.append(
      "Slopes are measured on norms that LAPACK computes from entries enclosed by balls. Half widths are estimates, and "
        + "do not cover what higher powers of σ add to a slope.")
    return lines.joined(separator: "\n") + "\n"
  }

  private func plain(_ text: String) -> String { text.filter { $0 != "`" } }

  private static func superscript(_ power: Int) -> String {
    String("\(power)".map { digit in Array("⁰¹²³⁴⁵⁶⁷⁸⁹")[digit.wholeNumberValue ?? 0] })
  }

  /// What the exact powers are worth.
  var fieldRemark: String {
    switch field {
    case .rational:
      "Exact: the least power of σ with a coefficient other than zero, from power series over ℚ at "
        + (draws == 1 ? "these matrices." : "the matrices of every draw.")
    case .primeField:
      "Exact: the least power of σ with a coefficient other than zero modulo 2⁶¹ − 1; a lower one could only be hidden "
        + "by coefficients that are multiples of that prime."
    }
  }

  /// Everything as one JSON object, with the paths of files that were written.
  public func json(files: [String] = []) -> JSON {
    .object([
      ("schema", .string("hessian.growth/1")), ("subject", .string(subject)), ("kernel", .string(kernel.rawValue)),
      ("target_power", targetPower.map { .integer($0) } ?? .null), ("exponents_over", .string(field.rawValue)),
      ("fitted_scales", .integer(fittedScales)), ("scales", .array(scales.map { .string($0.description) })),
      ("blocks", .array(rows.map(\.json))), ("files", .array(files.map { .string($0) })),
    ])
  }

  /// The tables in LaTeX and CSV, and the figure as SVG and pgfplots, with paths relative to a folder.
  public func files(provenance: String) -> [GeneratedFile] {
    [
      GeneratedFile(path: "\(table.name).tex", text: table.latex(provenance: provenance)),
      GeneratedFile(path: "\(table.name).csv", text: table.csv),
      GeneratedFile(path: "\(normTable.name).csv", text: normTable.csv),
      GeneratedFile(path: "\(table.name).svg", text: figure.svg()),
      GeneratedFile(path: "\(table.name)-figure.tex", text: figure.pgfplots(provenance: provenance)),
    ]
  }
}

extension GrowthStudy.Row {
  fileprivate var json: JSON {
    .object([
      ("block", .string(block.description)), ("part", .string(block.part.rawValue)),
      ("row", .string(block.row.name)), ("column", .string(block.column.name)),
      ("slope", fit.map { .number($0.slope) } ?? .null),
      ("half_width", fit?.halfWidth.map { .number($0) } ?? .null),
      ("slopes", .array(fit?.slopes.map { .number($0) } ?? [])),
      ("local_slope", localSlope.map { .number($0) } ?? .null),
      ("exact", .array(exponents.map { .string($0.description) })),
      ("printed", printed.map { .integer($0) } ?? .null), ("agrees", agrees.map { .bool($0) } ?? .null),
      ("confirms_printed", confirmsPrinted.map { .bool($0) } ?? .null),
      ("norms", .array(norms.map { $0.map { .number($0) } ?? .null })),
    ])
  }
}
