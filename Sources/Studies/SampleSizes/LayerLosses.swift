import Arithmetic
import Contraction
import Evaluation
import Formulas
import Transformers

/// The loss and the gradient of each sample of an instance, in floating point, at the instance's weights and away from them.
///
/// A target that is the layer's own output is that at the instance's weights, and stays when the weights move.
/// - Note: used by one thread at a time.
public final class LayerLosses {
  public let instance: LayerInstance
  private let derivation: HessianDerivation
  private let points: [Environment<Double>]
  private var losses: [Int: ContractionEvaluation] = [:]
  private var gradients: [Int: ContractionEvaluation] = [:]

  /// - Errors: those of evaluation.
  public init(_ instance: LayerInstance) throws {
    self.instance = instance
    derivation = DerivedHessian(of: instance).derivation
    points = try instance.samples.indices.map { sample in
      try instance.environment(of: DerivedHessian(of: instance).derivation.objective, sample: sample, as: Double.self)
    }
  }

  /// The weights of the instance, as one vector.
  public var weights: [Double] { instance.parameters.flatMap { $0.entries.map { Double($0) } } }

  /// The loss of each sample.
  ///
  /// - Parameter weights: all weights in the order of the parameters, each by rows.
  /// - Errors: those of evaluation.
  public func losses(at weights: [Double]? = nil) throws -> [Double] {
    try points.map { point in
      let length = point.sizes["L"] ?? 0
      let evaluation = try losses[length] ?? ContractionEvaluation(programs(point).loss())
      losses[length] = evaluation
      evaluation.bind(moved(point, to: weights))
      return try evaluation()[0].scalar
    }
  }

  /// The gradient of each sample's loss.
  public func gradients(at weights: [Double]? = nil) throws -> [[Double]] {
    try points.map { point in
      let length = point.sizes["L"] ?? 0
      let evaluation = try gradients[length] ?? ContractionEvaluation(programs(point).gradient())
      gradients[length] = evaluation
      evaluation.bind(moved(point, to: weights))
      return try evaluation().flatMap(\.entries)
    }
  }

  private func programs(_ point: Environment<Double>) -> LayerPrograms {
    LayerPrograms(derivation, sizes: point.sizes)
  }

  private func moved(_ point: Environment<Double>, to weights: [Double]?) -> Environment<Double> {
    guard let weights else { return point }
    var moved = point, start = 0
    for parameter in derivation.objective.model.parameters {
      guard let matrix = point[parameter] else { continue }
      let end = start + matrix.entries.count
      moved[parameter] = Matrix(rows: matrix.rows, columns: matrix.columns, entries: Array(weights[start..<end]))
      start = end
    }
    return moved
  }

  /// The largest distance of two gradients, which bounds `‖∇ℓ_{k+1} − ∇L_k‖₂` for every `k` and every order; of many long
  /// gradients twice the largest distance from their mean, which is not less.
  public static func gap(of gradients: [[Double]]) -> Double {
    let length = gradients.first?.count ?? 0
    if Double(gradients.count) * Double(gradients.count) * Double(length) <= 2e10 {
      return gradients.indices.reduce(0) { largest, i in
        gradients[..<i].reduce(largest) { max($0, distance($1, gradients[i])) }
      }
    }
    var mean = [Double](repeating: 0, count: length)
    for gradient in gradients {
      for index in mean.indices { mean[index] += gradient[index] / Double(gradients.count) }
    }
    return 2 * (gradients.map { distance($0, mean) }.max() ?? 0)
  }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += (a[index] - b[index]) * (a[index] - b[index]) }
    return root(sum)
  }
}
