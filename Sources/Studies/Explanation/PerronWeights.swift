import Arithmetic

/// The derivatives `∂ log ‖B‖₂/∂b_ij` of the norm of a square matrix of numbers, enclosed: `b_ij` times them add up to one.
///
/// With `u`, `v` the singular vectors of the largest singular value `σ` they are `u_i v_j/σ`. Of a symmetric matrix
/// `u vᵀ = adj(σI − B)/tr adj(σI − B)`, of any other `B adj(σ²I − BᵀB)/(σ tr adj(σ²I − BᵀB))`; the adjugate is found from
/// traces of powers, without eigenvectors.
/// - Source: [horn2012, §6.3] for the derivative, the algorithm of Faddeev and LeVerrier for the adjugate.
struct PerronWeights {
  private let weights: Matrix<Ball>

  /// - Errors: `ExplanationError` where the largest singular value is not simple, as far as the precision shows.
  init(_ rows: [[Ball]], norm: Ball) throws {
    let B = Matrix(rows: rows.count, columns: rows.count, entries: rows.flatMap { $0 })
    let isSymmetric = Self.isSymmetric(B)
    let square = norm * norm
    let adjugate = Self.adjugate(isSymmetric ? B : B.transposed * B, at: isSymmetric ? norm : square)
    let trace = adjugate.trace
    guard trace.isPositive else {
      throw ExplanationError(
        "the largest eigenvalue of the matrix of block bounds is not simple, and shares are not defined",
        advice: "change one of the norms a little")
    }
    let product = isSymmetric ? adjugate : B * adjugate
    let scale = try ((isSymmetric ? norm : square) * trace).reciprocal()
    weights = product.scaled(by: scale)
  }

  subscript(i: Int, j: Int) -> Ball { weights[i, j] }

  /// Whether entries across the diagonal have the same enclosures: those of equal formulas do.
  private static func isSymmetric(_ m: Matrix<Ball>) -> Bool {
    (0..<m.rows).allSatisfy { i in (0..<i).allSatisfy { m[i, $0] == m[$0, i] } }
  }

  /// `adj(xI − A) = Σ_k x^(n−k) N_k` with `N_1 = I`, `N_(k+1) = A N_k − tr(A N_k)/k I`.
  private static func adjugate(_ a: Matrix<Ball>, at x: Ball) -> Matrix<Ball> {
    var next = Matrix<Ball>.identity(a.rows)
    var sum = next
    for k in 1..<max(a.rows, 1) {
      let image = a * next
      let shift = image.trace * Ball(Rational(-1, over: k))
      next = image + Matrix.identity(a.rows).scaled(by: shift)
      sum = sum.scaled(by: x) + next
    }
    return sum
  }
}
