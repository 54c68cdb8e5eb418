import CLAPACKE

extension LinearAlgebra {
  /// The eigenvalues of a symmetric matrix, smallest first; only its upper triangle is read.
  ///
  /// - Source: LAPACK `dsyevd`.
  public static func symmetricEigenvalues(of matrix: Matrix<Double>) throws(LinearAlgebraError) -> [Double] {
    try solveSymmetric(matrix, vectors: false).values
  }

  /// The eigenvalues of a symmetric matrix, smallest first, and orthonormal eigenvectors; only the upper triangle is
  /// read.
  ///
  /// - Shapes: `matrix : n×n`; column `j` of `vectors : n×n` belongs to `values[j]`.
  /// - Source: LAPACK `dsyevd`.
  public static func symmetricEigen(
    of matrix: Matrix<Double>
  ) throws(LinearAlgebraError) -> (values: [Double], vectors: Matrix<Double>) {
    let (values, vectors) = try solveSymmetric(matrix, vectors: true)
    // Columns in LAPACK's order are rows here.
    return (values, Matrix(rows: matrix.rows, columns: matrix.columns, entries: vectors).transposed)
  }

  /// `‖m‖₂ = max |λ|` of a symmetric matrix, several times faster than its singular values.
  public static func symmetricSpectralNorm(of matrix: Matrix<Double>) throws(LinearAlgebraError) -> Double {
    let values = try symmetricEigenvalues(of: matrix)
    return max(abs(values.first ?? 0), abs(values.last ?? 0))
  }

  private static func solveSymmetric(
    _ matrix: Matrix<Double>, vectors: Bool
  ) throws(LinearAlgebraError) -> (values: [Double], vectors: [Double]) {
    precondition(
      matrix.rows == matrix.columns, "a \(matrix.rows)×\(matrix.columns) matrix has no symmetric eigenvalues")
    let size = Double(matrix.rows)
    let (n, _) = try dimensions(of: matrix, workspace: vectors ? 2 * size * size + 6 * size + 1 : 2 * size + 1)
    if n == 0 { return ([], []) }
    var work = matrix.entries
    var values = [Double](repeating: 0, count: matrix.rows)
    // The upper triangle by rows is the lower one by columns.
    let code = LAPACKE_dsyevd(LAPACK_COL_MAJOR, job(vectors ? "V" : "N"), job("L"), n, &work, n, &values)
    try check(code, "dsyevd")
    return (values, work)
  }
}
