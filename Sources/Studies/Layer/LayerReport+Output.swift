import Arithmetic
import TensorFiles
import Transformers
import Typesetting

extension LayerReport {
  /// The report as a person reads it in a terminal.
  public func text() throws -> String {
    let bounds = try boundTable(), blocks = blockTable()
    return """
      Layer '\(layer)' of \(path): \(measurements.count / HeadMeasurement.Target.allCases.count) heads, biases absorbed \
      by homogeneous coordinates.
      Entries and M: Theorem 1 of the slides as printed, here outside its hypothesis d = d_V and false in general.
      Norms are floating-point estimates, and so is what follows from them; the ladder of bounds is rigorous.

      \(normTable().text)
      \(bounds.text)
      \(enclosures.isEmpty ? "" : ladderTable().text + "\n" + explanationTable().text)
      \(blocks.text)
      Largest disagreement with finite differences: \(largestDisagreement) (\(holds ? "agrees" : "DISAGREES")).

      """
  }

  /// The LaTeX tables, the tables as CSV, everything as JSON, and the figure, with paths relative to the report's folder.
  public func files() throws -> [GeneratedFile] {
    let bounds = try boundTable(), blocks = blockTable()
    let provenance = "hessian report, from \(path)"
    let figure = try figure()
    return [
      GeneratedFile(path: "layer.tex", text: bounds.latex(provenance: provenance)),
      GeneratedFile(path: "layer-norms.tex", text: normTable().latex(provenance: provenance)),
      GeneratedFile(path: "layer-norms.csv", text: normTable().csv),
      GeneratedFile(path: "layer-blocks.tex", text: blocks.latex(provenance: provenance)),
      GeneratedFile(path: "layer.csv", text: bounds.csv), GeneratedFile(path: "layer-blocks.csv", text: blocks.csv),
      GeneratedFile(path: "layer.svg", text: figure.svg()),
    ] + ladderFiles(provenance: provenance) + (try explanationFiles(provenance: provenance))
  }

  private func ladderFiles(provenance: String) -> [GeneratedFile] {
    guard !enclosures.isEmpty else { return [] }
    let table = ladderTable()
    return [
      GeneratedFile(path: "layer-ladder.tex", text: table.latex(provenance: provenance)),
      GeneratedFile(path: "layer-ladder.csv", text: table.csv),
      GeneratedFile(path: "layer-ladder.svg", text: ladderFigure().svg()),
    ]
  }

  /// For each head its explanation as tables, and the ladder through the inequalities of the proof.
  private func explanationFiles(provenance: String) throws -> [GeneratedFile] {
    guard !explanations.isEmpty else { return [] }
    let table = explanationTable()
    var files = [
      GeneratedFile(path: "layer-explanation.tex", text: table.latex(provenance: provenance)),
      GeneratedFile(path: "layer-explanation.csv", text: table.csv),
    ]
    for (head, explanation) in explainedHeads {
      files.append(
        GeneratedFile(path: "explanation/head-\(head).tex", text: try explanation.latex(provenance: provenance)))
      guard let figure = try explanation.figure() else { continue }
      files.append(GeneratedFile(path: "explanation/head-\(head).svg", text: figure.svg()))
      files.append(
        GeneratedFile(path: "explanation/head-\(head)-figure.tex", text: figure.pgfplots(provenance: provenance)))
    }
    return files
  }

  /// The derived bounds of each head and the Rayleigh quotient, on a logarithmic axis.
  func ladderFigure() -> SVGFigure {
    let zero = enclosures.filter { $0.target == .zero }
    let shown: [BoundLadder.Measures] = [
      .largestWeightNorm, .eachMatrix, .spanOfData, .family(.rows), .family(.products), .family(.distances),
      .family(.moments),
    ]
    let series = shown.compactMap { measures -> SVGFigure.Series? in
      let values = zero.map { one in one.rungs.first { $0.measures == measures }?.upper.roundedUp }
      return values.allSatisfy { $0 == nil } ? nil : SVGFigure.Series(measures.shortName, values)
    }
    return SVGFigure(
      title: "From crude bounds to the curvature, head by head",
      subtitle: "layer '\(layer)', target Y = 0; every bound is proven, each may measure more than the one before",
      summary: "For each head the derived bounds of the norm of the Hessian, from crude to sharp, and a lower bound.",
      valueLabel: "bound of ‖H‖₂ (logarithmic)", categories: zero.map { "head \($0.head)" },
      series: series + [SVGFigure.Series("‖H‖₂ ≥ (Rayleigh)", zero.map(\.lower.roundedDown))])
  }

  /// The printed terms, `M`, the derived bound and the measured norm of each head, on a logarithmic axis.
  func figure() throws -> SVGFigure {
    let zero = measurements.filter { $0.target == .zero }
    var series = try TheoremOne.entries.enumerated().map { index, entry in
      SVGFigure.Series(
        "printed entry \(entry.block)", try zero.map { try $0.bounds.entries[index].value.upper.roundedUp })
    }
    series.append(
      SVGFigure.Series("M (printed, their maximum)", try zero.map { try $0.bounds.printed.upper.roundedUp }))
    series.append(SVGFigure.Series("derived bound", try zero.map { try $0.bounds.derived.upper.roundedUp }))
    series.append(SVGFigure.Series("‖H‖₂ measured", zero.map(\.hessianNorm.norm)))
    return SVGFigure(
      title: "Bounds and measured curvature, head by head",
      subtitle: "layer '\(layer)', target Y = 0; printed entries are outside their hypothesis d = d_V",
      summary: "For each head, the four printed entries, their maximum M, the derived bound and the measured norm.",
      valueLabel: "value (logarithmic)", categories: zero.map { "head \($0.head)" }, series: series)
  }
}

/// A file that the project writes, by its path relative to a folder.
public struct GeneratedFile: Hashable, Sendable {
  public let path: String
  public let text: String
  public init(path: String, text: String) { (self.path, self.text) = (path, text) }
}
