import Arithmetic
import Transformers

/// `‖H‖₂` of one head of a real layer between rigorous ends: a Rayleigh quotient below, a ladder of derived bounds above.
public struct HeadEnclosure: Sendable {
  public let head: Int
  public let target: HeadMeasurement.Target
  /// At most `‖H‖₂`, nearly `‖H‖₂` itself.
  public let lower: Rational
  /// At least `‖H‖₂`, from crude to sharp.
  public let rungs: [(measures: BoundLadder.Measures, upper: Rational)]

  /// - Errors: `FileError` when the head cannot be read; those of evaluation.
  public init(_ selection: WeightsSelection, target: HeadMeasurement.Target, seed: UInt64) throws {
    var selection = selection
    selection.target = target == .output ? "output" : "zero"
    let instance = try LayerInstance(exactly: try WeightsInstance(reading: selection))
    (head, self.target) = (selection.head, target)
    lower = try HessianNorm(instance).lowerBound(seed: seed)
    rungs = try BoundLadder(instance).rungs.map { ($0.measures, try $0.value.upper) }
  }
}
