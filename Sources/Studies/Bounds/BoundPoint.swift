import Arithmetic
import Evaluation
import Formulas
import Transformers

/// The norms of a layer's matrices at one sample of an instance: exactly enclosed for the value of a bound, and in floating
/// point to search for one.
///
/// - Note: values of shared subformulas are kept; a point is used by one thread at a time.
final class BoundPoint {
  /// What the weights are measured on.
  enum Coordinates: Sendable {
    /// As they are given.
    case given
    /// Restricted to the span of the data's rows: `X = CB` with `BBᵀ = I`, and `BW` in the place of `W`. The Hessian has the
    /// same norm, and `‖BW‖ ≤ ‖W‖`.
    case spanOfData
  }

  /// Fast, and mostly tight enough.
  private let floating: Evaluator<DoubleBall>
  private let enclosures: Evaluator<Ball>
  private let estimates: Evaluator<Double>

  /// - Errors: `CertificationError` where the rows of `X` are too close to dependent to be reduced; those of evaluation.
  init(_ instance: LayerInstance, sample: Int, _ coordinates: Coordinates, precision: Int) throws {
    let point = try HessianPoint(
      instance, sample: sample, reducing: coordinates == .spanOfData, precision: precision)
    enclosures = Evaluator(point.point)
    floating = Evaluator(
      Environment(sizes: point.point.sizes, values: point.point.values.mapValues { $0.map { DoubleBall($0) } }))
    // Names are unfolded where norms are allowed, so that the search needs the problem's own matrices only.
    let objective = point.derivation.objective
    var estimates = Environment<Double>(sizes: point.point.sizes)
    for symbol in [objective.model.input, objective.target] + objective.model.parameters {
      estimates[symbol] = point.point[symbol]?.map(\.upperDouble)
    }
    self.estimates = Evaluator(estimates)
  }

  /// The value of a bound: what it is at most, rounded outward.
  func enclosure(of bound: Formula) throws(EvaluationError) -> Ball {
    if let value = try? floating.value(of: bound).scalar, value.radius <= Self.tightness * value.midpoint.magnitude,
      let ball = try? value.ball(precision: 64)
    {
      return ball
    }
    return try enclosures.value(of: bound).scalar
  }

  /// Bounds are printed to six digits.
  private static let tightness = 1e-9

  /// About the value of an allowed norm or a number without matrices.
  func estimate(of number: Formula) throws(EvaluationError) -> Double { try estimates.value(of: number).scalar }
}
