import Arithmetic
import Evaluation
import Formulas
import Transformers

/// A large Hessian in floating point with a rigorous bound on its distance from the true one, and its norm enclosed.
///
/// The derived blocks are evaluated in ``DoubleBall``, block by block. `‖H‖₂` is at least the Rayleigh quotient of a vector
/// found by Lanczos iteration, and at most any `r` for which `rI − H` and `rI + H` are shown to be positive definite.
struct FloatingHessian {
  /// The midpoints, symmetric.
  let matrix: Matrix<Double>
  /// At least `‖H − matrix‖₂`.
  let error: Double

  init(_ hessian: HessianPoint) throws {
    let parameters = hessian.derivation.objective.model.parameters
    let values = hessian.point.values.mapValues { $0.map { DoubleBall($0) } }
    let point = Environment<DoubleBall>(sizes: hessian.point.sizes, values: values)
    var matrix = Matrix<Double>.zero(rows: hessian.order, columns: hessian.order)
    var errors = [Double](repeating: 0, count: parameters.count)
    var top = 0
    for (i, row) in parameters.enumerated() {
      var left = 0
      for (j, column) in parameters[...i].enumerated() {
        var block = try hessian.derivation.block(row, column).total.value(in: point)
        if i == j { block = block.mirrored }
        for k in 0..<block.rows {
          for l in 0..<block.columns {
            let entry = block[k, l].midpoint
            matrix[top + k, left + l] = entry
            matrix[left + l, top + k] = entry
          }
        }
        let bound = block.radiusNorm
        errors[i] += bound
        if i != j { errors[j] += bound }
        left += block.columns
      }
      top += point[row]?.entries.count ?? 0
    }
    self.matrix = matrix
    // The norm of the symmetric matrix of block errors is at most its largest row sum.
    error = (errors.max() ?? 0) * (1 + 0x1p-40)
  }

  /// `‖H‖₂`, enclosed.
  ///
  /// - Errors: `CertificationError` where no upper bound near the estimate is proven.
  func norm(seed: UInt64) throws -> Ball {
    let vector = try RitzVector(dimension: matrix.rows, seed: seed) { v in
      (matrix * Matrix(rows: v.count, columns: 1, entries: v)).entries
    }
    let v = Matrix(rows: matrix.rows, columns: 1, entries: vector.entries.map { DoubleBall($0) })
    let image = matrix.map { DoubleBall($0) } * v
    let quotient = try (v.transposed * image).scalar.divided(by: (v.transposed * v).scalar)
    let lower = try quotient.ball(precision: 64).magnitude - Self.ball(error)
    // The criterion of the proof needs room of about n² roundings.
    var room = Double(matrix.rows) * Double(matrix.rows) * 0x1p-52 + 4 * error / max(vector.value, error)
    for _ in 0..<8 {
      let upper = vector.value * (1 + room)
      if upper.isFinite, isAtMost(upper) { return Ball.union(lower.positiveBall, try Self.ball(upper)) }
      room *= 4
    }
    throw CertificationError.noUpperBound
  }

  private static func ball(_ value: Double) throws(ArithmeticError) -> Ball {
    try DoubleBall(value).ball(precision: 64)
  }

  /// Whether `‖H‖₂ ≤ r` is shown.
  func isAtMost(_ r: Double) -> Bool {
    for sign in [-1.0, 1] {
      var shifted = matrix.map { sign * $0 }
      // The rounding of the diagonal counts as an error.
      var rounding = 0.0
      for i in 0..<matrix.rows {
        shifted[i, i] += r
        rounding = max(rounding, shifted[i, i].magnitude * 0x1p-52)
      }
      guard PositiveDefiniteness.isProven(of: shifted, within: (error + rounding) * (1 + 0x1p-40)) else { return false }
    }
    return true
  }
}

extension Ball {
  /// The ball, or zero where it reaches below.
  fileprivate var positiveBall: Ball { isNonnegative ? self : .zero }
}

extension Matrix<DoubleBall> {
  /// The symmetric matrix with this lower triangle.
  fileprivate var mirrored: Self {
    var result = self
    for i in 0..<rows {
      for j in 0..<i { result[j, i] = self[i, j] }
    }
    return result
  }
}
