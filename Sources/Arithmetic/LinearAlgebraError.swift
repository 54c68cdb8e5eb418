/// Why LAPACK was not asked, or had no answer.
public enum LinearAlgebraError: Error, Hashable, Sendable, CustomStringConvertible {
  /// An entry is infinite or not a number, on which LAPACK may never return.
  case notFinite(row: Int, column: Int)
  /// A dimension is beyond LAPACK's 32-bit integers.
  case tooLarge(rows: Int, columns: Int)
  /// The iteration did not converge, or the library refused an argument.
  case failed(routine: String, code: Int)

  public var description: String {
    switch self {
    case .notFinite(let row, let column):
      "entry (\(row), \(column)) of the matrix is not a finite number"
    case .tooLarge(let rows, let columns):
      "a \(rows)×\(columns) matrix is too large for LAPACK's 32-bit sizes"
    case .failed(let routine, let code):
      code > 0 ? "\(routine) did not converge (code \(code))" : "\(routine) refused its input (code \(code))"
    }
  }
}
