import CFLINT
import CLAPACKE

/// Proofs that a symmetric matrix is positive definite, from a decomposition that runs to completion.
public enum PositiveDefiniteness {
  /// Whether `m + E` is shown to be positive definite for all symmetric `E` with `‖E‖₂ ≤ error`; only the lower triangle
  /// of `m` is read. A `false` says nothing.
  ///
  /// Where Cholesky's decomposition of a floating-point matrix `Ã` runs to completion, `Ã + Δ` is positive semidefinite for a
  /// `Δ` with `‖Δ‖₂ ≤ γ/(1 − γ) · tr Ã`, `γ = (n + 1)u/(1 − (n + 1)u)`. It is tried on `m − cI` with `c` above the sum of
  /// that, the error and all further roundings.
  /// - Source: S. M. Rump, Verification of positive definiteness, BIT Numerical Mathematics 46 (2006); [higham2002, §10.1].
  /// - Complexity: `n³/3` operations of LAPACK `dpotrf`.
  public static func isProven(of m: Matrix<Double>, within error: Double) -> Bool {
    precondition(m.rows == m.columns, "a \(m.rows)×\(m.columns) matrix is not symmetric")
    let n = m.rows
    if n == 0 { return true }
    guard error >= 0, error.isFinite, let order = Int32(exactly: n), Int32(exactly: m.entries.count) != nil,
      m.entries.allSatisfy(\.isFinite)
    else { return false }
    let largest = (0..<n).reduce(0.0) { max($0, m[$1, $1]) }
    guard largest > 0 else { return false }
    // Exact up to underflow, which the shift allows for.
    let scale = Double(sign: .plus, exponent: -largest.exponent, significand: 1)
    guard scale.isFinite, scale.isNormal else { return false }
    var work = m.entries.map { $0 * scale }
    guard work.allSatisfy({ $0.magnitude <= 2 }) else { return false }
    let trace = (0..<n).reduce(0.0) { $0 + work[$1 * n + $1].magnitude }
    let terms = Double(n + 10) * 0x1p-53
    let gamma = terms / (1 - 2 * terms)
    let roundings = gamma * trace + 0x1p-51 + Double(n) * Double(n) * 0x1p-1000
    let shift = (roundings + error * scale) * (1 + 0x1p-20 + 4 * gamma)
    for i in 0..<n {
      work[i * n + i] -= shift
      if work[i * n + i] <= 0 { return false }
    }
    BLAS.prepare()
    // The lower triangle by rows is the upper one by columns.
    return LAPACKE_dpotrf(LAPACK_COL_MAJOR, LinearAlgebra.job("U"), order, &work, order) == 0
  }

  /// Whether every symmetric matrix in the balls is shown to be positive definite: in floating point, or else by
  /// Cholesky's decomposition in balls of the precision. A `false` says nothing.
  ///
  /// - Source: Arb `arb_mat_cho`.
  public static func isProven(of m: Matrix<Ball>, precision: Int = Ball.defaultPrecision) -> Bool {
    precondition(m.rows == m.columns, "a \(m.rows)×\(m.columns) matrix is not symmetric")
    if m.rows == 0 { return true }
    let balls = m.map { DoubleBall($0) }
    if isProven(of: balls.map { $0.midpoint }, within: balls.radiusNorm) { return true }
    return m.choleskyFactor(precision: precision) != nil
  }
}

extension Matrix<Ball> {
  /// Lower triangular `C` with `CCᵀ` the symmetric matrix; `nil` where it is not shown to be positive definite.
  ///
  /// Only the lower triangle is read.
  public func choleskyFactor(precision: Int) -> Matrix<Ball>? {
    precondition(rows == columns, "a \(rows)×\(columns) matrix is not symmetric")
    let source = BallMatrixStorage(self), factor = BallMatrixStorage(rows: rows, columns: columns)
    let isDefinite = source.withPointer { a in factor.withPointer { arb_mat_cho($0, a, precision) != 0 } }
    return isDefinite ? factor.matrix(precision: precision) : nil
  }

  /// `C⁻¹ b` for this lower triangular `C` with a positive diagonal.
  public func solvingLowerTriangular(_ b: Matrix<Ball>, precision: Int) -> Matrix<Ball> {
    precondition(rows == columns && columns == b.rows, "no \(rows)×\(columns) system for \(b.rows) rows")
    let source = BallMatrixStorage(self), right = BallMatrixStorage(b)
    let solution = BallMatrixStorage(rows: b.rows, columns: b.columns)
    source.withPointer { l in
      right.withPointer { b in solution.withPointer { arb_mat_solve_tril($0, l, b, 0, precision) } }
    }
    return solution.matrix(precision: precision)
  }
}
