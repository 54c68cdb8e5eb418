import CLAPACKE

/// Singular values and eigenvalues of real matrices, by LAPACK: estimates in floating point.
///
/// - Errors: every function refuses entries that are not finite, and sizes beyond LAPACK's integers.
public enum LinearAlgebra {
  /// The `min(m, n)` singular values, largest first.
  ///
  /// - Source: LAPACK `dgesdd`.
  public static func singularValues(of matrix: Matrix<Double>) throws(LinearAlgebraError) -> [Double] {
    let (m, n) = try dimensions(of: matrix)
    let count = min(matrix.rows, matrix.columns)
    if count == 0 { return [] }
    var work = matrix.entries
    var values = [Double](repeating: 0, count: count)
    // A row-major matrix is its transpose in LAPACK's order; the singular values are the same.
    let code = LAPACKE_dgesdd(LAPACK_COL_MAJOR, job("N"), n, m, &work, n, &values, nil, 1, nil, 1)
    try check(code, "dgesdd")
    return values
  }

  /// `‖m‖₂`, zero for an empty matrix.
  public static func largestSingularValue(of matrix: Matrix<Double>) throws(LinearAlgebraError) -> Double {
    // A row or column's only singular value is its length.
    if matrix.rows == 1 || matrix.columns == 1 {
      _ = try dimensions(of: matrix)
      return cblas_dnrm2(Int32(matrix.entries.count), matrix.entries, 1)
    }
    return try singularValues(of: matrix).first ?? 0
  }

  /// The thin decomposition `m = U diag(σ) Vᵀ`, singular values largest first.
  ///
  /// - Shapes: `m : m×n`; `left : m×k`, `rightTransposed : k×n`, `k = min(m, n)`.
  /// - Source: LAPACK `dgesdd`.
  public static func thinSingularValueDecomposition(
    of matrix: Matrix<Double>
  ) throws(LinearAlgebraError) -> (left: Matrix<Double>, values: [Double], rightTransposed: Matrix<Double>) {
    let count = min(matrix.rows, matrix.columns)
    let (m, n) = try dimensions(of: matrix, workspace: 4 * Double(count) * Double(count) + 8 * Double(count))
    if count == 0 {
      return (.zero(rows: matrix.rows, columns: 0), [], .zero(rows: 0, columns: matrix.columns))
    }
    var work = matrix.entries
    var values = [Double](repeating: 0, count: count)
    var right = [Double](repeating: 0, count: count * matrix.columns)
    var left = [Double](repeating: 0, count: matrix.rows * count)
    // LAPACK sees mᵀ = V diag(σ) Uᵀ: its left factor, n×k by columns, is Vᵀ by rows, and likewise for U.
    let code = LAPACKE_dgesdd(
      LAPACK_COL_MAJOR, job("S"), n, m, &work, n, &values, &right, n, &left, Int32(count))
    try check(code, "dgesdd")
    return (
      Matrix(rows: matrix.rows, columns: count, entries: left), values,
      Matrix(rows: count, columns: matrix.columns, entries: right)
    )
  }

  /// An orthonormal basis of the row space, and the rows in it: `m = coordinates · basis`, up to rounding.
  ///
  /// A singular value counts as zero when it is at most `tolerance · σ_max`; the default is `max(m, n)·2⁻⁵²`.
  /// - Shapes: `m : m×n` of rank `r`; `basis : r×n` with orthonormal rows, `coordinates : m×r`. A zero matrix has r = 0.
  public static func rowSpaceBasis(
    of matrix: Matrix<Double>, tolerance: Double? = nil
  ) throws(LinearAlgebraError) -> (basis: Matrix<Double>, coordinates: Matrix<Double>) {
    let (left, values, right) = try thinSingularValueDecomposition(of: matrix)
    let threshold = (tolerance ?? Double(max(matrix.rows, matrix.columns)) * 0x1p-52) * (values.first ?? 0)
    let rank = values.prefix { $0 > threshold }.count
    let basis = right.submatrix(rows: 0..<rank, columns: 0..<matrix.columns)
    let coordinates = Matrix<Double>(rows: matrix.rows, columns: rank) { i, j in left[i, j] * values[j] }
    return (basis, coordinates)
  }

  static func job(_ letter: Unicode.Scalar) -> CChar { CChar(letter.value) }

  static func check(_ code: Int32, _ routine: String) throws(LinearAlgebraError) {
    if code != 0 { throw .failed(routine: routine, code: Int(code)) }
  }

  /// The dimensions as LAPACK's integers, after a check of the entries.
  ///
  /// LAPACK counts its workspace, in numbers, with the same integers.
  static func dimensions(
    of matrix: Matrix<Double>, workspace: Double = 0
  ) throws(LinearAlgebraError) -> (m: Int32, n: Int32) {
    guard let m = Int32(exactly: matrix.rows), let n = Int32(exactly: matrix.columns),
      Int32(exactly: matrix.entries.count) != nil, workspace < Double(Int32.max)
    else { throw .tooLarge(rows: matrix.rows, columns: matrix.columns) }
    if let index = matrix.entries.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(row: index / matrix.columns, column: index % matrix.columns)
    }
    BLAS.prepare()
    return (m, n)
  }
}
