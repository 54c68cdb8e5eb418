import Arithmetic
import Evaluation
import Formulas

extension HessianOperator {
  /// `‖H‖₂`, estimated from below.
  public func spectralNorm(seed: UInt64) throws -> Lanczos.Result {
    try Lanczos.spectralNorm(dimension: dimension, seed: seed) { try self($0) }
  }

  /// `‖H_ij‖₂` of the block of two parameters given by their indices, estimated from below.
  ///
  /// Off the diagonal it is the norm of the symmetric map `[[0, H_ij], [H_ji, 0]]`.
  public func blockNorm(_ i: Int, _ j: Int, seed: UInt64) throws -> Lanczos.Result {
    let (rows, columns) = (ranges[i], ranges[j])
    if i == j {
      return try Lanczos.spectralNorm(dimension: rows.count, seed: seed) { v in
        try self.rows(i..<(i + 1), embedded(v, rows))
      }
    }
    return try Lanczos.spectralNorm(dimension: rows.count + columns.count, seed: seed) { v in
      let above = try self.rows(i..<(i + 1), embedded(Array(v[rows.count...]), columns))
      let below = try self.rows(j..<(j + 1), embedded(Array(v[..<rows.count]), rows))
      return above + below
    }
  }

  /// The relative disagreement of a block with finite differences of the loss, along random directions of length 1.
  ///
  /// - Returns: `|finite difference − uᵀHv| / ‖(Hv)_i‖`, or the absolute one where `(Hv)_i` is zero.
  public func finiteDifference(_ i: Int, _ j: Int, seed: UInt64) throws -> Double {
    var generator = SplitMix64(seed: seed)
    let u = direction(ranges[i], using: &generator), v = direction(ranges[j], using: &generator)
    let image = try rows(i..<(i + 1), v)
    let exact = zip(u[ranges[i]], image).reduce(0) { $0 + $1.0 * $1.1 }
    // The step suits weights of norm about one, which trained layers have.
    let estimate = try FiniteDifferences.mixedSecondDerivative(step: 0.25) {
      (s: Double, t: Double) throws(EvaluationError) -> Double in try loss(moved: s, u, t, v)
    }
    let length = root(image.reduce(0) { $0 + $1 * $1 })
    return abs(estimate.value - exact) / (length > 0 ? length : 1)
  }

  private func embedded(_ part: [Double], _ range: Range<Int>) -> [Double] {
    var whole = Array(repeating: 0.0, count: dimension)
    whole.replaceSubrange(range, with: part)
    return whole
  }

  private func direction(_ range: Range<Int>, using generator: inout SplitMix64) -> [Double] {
    let part = range.map { _ in Double.random(using: &generator) }
    let length = root(part.reduce(0) { $0 + $1 * $1 })
    return embedded(part.map { $0 / length }, range)
  }
}
