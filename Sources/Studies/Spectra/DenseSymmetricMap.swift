import Arithmetic
import CLAPACKE

/// A symmetric matrix as a linear map; only its upper triangle is read.
///
/// - Source: BLAS `dsymv`.
public struct DenseSymmetricMap: SymmetricMap {
  public let matrix: Matrix<Double>
  public var dimension: Int { matrix.rows }
  private let order: Int32

  /// - Errors: `tooLarge` beyond the 32-bit sizes of BLAS.
  /// - Precondition: the matrix is square.
  public init(_ matrix: Matrix<Double>) throws(LinearAlgebraError) {
    precondition(matrix.rows == matrix.columns, "a \(matrix.rows)×\(matrix.columns) matrix is not symmetric")
    guard let order = Int32(exactly: matrix.rows) else { throw .tooLarge(rows: matrix.rows, columns: matrix.columns) }
    (self.matrix, self.order) = (matrix, order)
    BLAS.prepare()
  }

  public func apply(to vector: UnsafeBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>) {
    // The upper triangle by rows is the lower one by columns.
    cblas_dsymv(
      CblasColMajor, CblasLower, order, 1, matrix.entries, max(order, 1), vector.baseAddress, 1, 0,
      result.baseAddress, 1)
  }
}
