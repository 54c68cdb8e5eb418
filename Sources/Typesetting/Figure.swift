/// A picture of numbers: for the screen as SVG, for papers as pgfplots.
public protocol Figure: Sendable {
  var title: String { get }
  /// What the figure shows, for readers who do not see it.
  var summary: String { get }
  func svg() -> String
  /// - Parameter provenance: what generated the file, for a comment.
  func pgfplots(provenance: String) -> String
}

extension DensityFigure: Figure {}
extension LadderFigure: Figure {}
extension LogLogFigure: Figure {}
extension SVGFigure: Figure {}
