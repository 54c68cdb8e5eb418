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
      Derived bound: a cited formula, tested. Norms are floating-point estimates, and so is what follows from them.

      \(normTable().text)
      \(bounds.text)
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
    ]
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
