import Arithmetic
import Evaluation
import Formulas
import Transformers

/// Norms of blocks beside their bounds at random points, in floating point: an estimate.
public struct NetworkMeasurement: Sendable {
  /// The largest `‖H(i,j)‖₂` over its bound.
  public let largestRatio: Double

  /// Points of several scales; rows of a target that are to be distributions are.
  public init(_ bound: HessianBound, sizes: [String: Int], points: Int = 20, seed: UInt64 = 1) throws {
    let objective = bound.derivation.objective
    var largest = 0.0
    for index in 0..<points {
      var point = try bound.derivation.randomPoint(sizes, as: Double.self, seed: seed &+ UInt64(index))
      let scale = [0.3, 1, 3][index % 3]
      for symbol in bound.derivation.symbols { point[symbol] = point[symbol]?.map { scale * $0 } }
      if objective.measure == .crossEntropy, let target = point[objective.target] {
        point[objective.target] = Matrix(rows: target.rows, columns: target.columns) { i, j in
          j == (i + index) % target.columns ? 1 : 0
        }
      }
      for abbreviation in objective.abbreviations { try point.define(abbreviation.definition) }
      let evaluator = Evaluator(point)
      for block in bound.blocks {
        let norm = try evaluator.value(of: block.block.total.norm()).scalar
        let value = try evaluator.value(of: block.bound).scalar
        if norm > 0 { largest = max(largest, norm / value) }
      }
    }
    largestRatio = largest
  }
}
