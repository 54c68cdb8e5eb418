import Arithmetic
import Evaluation
import Formulas

extension HessianOperator {
  /// `‖H‖₂`, estimated from below.
  public func spectralNorm(seed: UInt64) throws -> Lanczos.Result {
    try Lanczos.spectralNorm(of: self, Self.options(seed))
  }

  /// `‖H_ij‖₂` of the block of two parameters given by their indices, estimated from below.
  ///
  /// Off the diagonal it is the norm of the symmetric map `[[0, H_ij], [H_ji, 0]]`; half of each vector is zero there,
  /// and costs nothing.
  public func blockNorm(_ i: Int, _ j: Int, seed: UInt64) throws -> Lanczos.Result {
    let (rows, columns) = (ranges[i], ranges[j])
    var options = Self.options(seed)
    if i == j {
      let map = SymmetricFunction(dimension: rows.count) { v in try self.rows(i..<(i + 1), self.embedded(v, rows)) }
      return try Lanczos.spectralNorm(of: map, options)
    }
    func product(_ index: Int, _ part: ArraySlice<Double>, at range: Range<Int>) throws -> [Double] {
      if part.allSatisfy({ $0 == 0 }) { return [Double](repeating: 0, count: ranges[index].count) }
      return try self.rows(index..<(index + 1), embedded(Array(part), range))
    }
    options.support = 0..<rows.count
    let map = SymmetricFunction(dimension: rows.count + columns.count) { v in
      try product(i, v[rows.count...], at: columns) + product(j, v[..<rows.count], at: rows)
    }
    return try Lanczos.spectralNorm(of: map, options)
  }

  private static func options(_ seed: UInt64) -> Lanczos.Options {
    Lanczos.Options(.residual(1e-9), products: 200, basis: 200, seed: seed)
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
