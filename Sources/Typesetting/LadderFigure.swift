/// A chain of positive numbers on a logarithmic axis, one below the other, each step with its name and factor: how one
/// number grows to another.
public struct LadderFigure: Sendable {
  /// One step of the chain, or a number beside it.
  public struct Rung: Sendable {
    public enum Kind: Hashable, Sendable {
      /// Where the chain starts.
      case start
      /// A step from the number before it.
      case step
      /// The number that the chain ends at.
      case end
      /// A number for comparison, which is no part of the chain.
      case comparison
    }

    public let kind: Kind
    /// What leads to the number, in plain text.
    public let label: String
    /// The same in LaTeX.
    public let latex: String
    /// `nil`, and what is not positive and finite, draws no mark.
    public let value: Double?
    /// What stands beside the mark, such as a factor.
    public let note: String

    public init(_ kind: Kind, _ label: String, latex: String, value: Double?, note: String = "") {
      (self.kind, self.label, self.latex, self.note) = (kind, label, latex, note)
      self.value = value.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
    }
  }

  public let title: String
  /// One line or several.
  public let subtitle: String
  /// What the figure shows, for readers who do not see it.
  public let summary: String
  public let valueLabel: String
  public let rungs: [Rung]

  public init(title: String, subtitle: String = "", summary: String = "", valueLabel: String, rungs: [Rung]) {
    (self.title, self.subtitle, self.summary) = (title, subtitle, summary)
    (self.valueLabel, self.rungs) = (valueLabel, rungs)
  }

  /// The value that a step starts from: that of the last rung of the chain above it.
  func origin(ofRung index: Int) -> Double? {
    guard rungs[index].kind == .step || rungs[index].kind == .end else { return nil }
    return rungs[..<index].last { $0.kind != .comparison && $0.value != nil }?.value
  }

  var axis: LogarithmicAxis { LogarithmicAxis(rungs.compactMap(\.value)) }

  /// The colour of each kind, for SVG and pgfplots.
  static func color(_ kind: Rung.Kind) -> String {
    switch kind {
    case .start: SVGFigure.palette[2]
    case .step: SVGFigure.palette[0]
    case .end: SVGFigure.palette[1]
    case .comparison: SVGFigure.palette[7]
    }
  }
}
