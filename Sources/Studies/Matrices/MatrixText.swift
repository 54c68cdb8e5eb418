import Arithmetic
import TensorFiles

/// Exact matrices as text.
public enum MatrixText {
  /// Comma-separated values, fractions as `a/b`.
  public static func csv(_ matrix: Matrix<Rational>) -> String {
    (0..<matrix.rows).map { matrix.row($0).map(\.description).joined(separator: ",") + "\n" }.joined()
  }

  /// Comma-separated values with 17 significant digits.
  public static func csv(_ matrix: Matrix<Double>) -> String {
    CSVWriter.text(rows: matrix.rows, columns: matrix.columns, values: matrix.entries)
  }

  /// An array of rows; exact values are strings.
  public static func json(_ matrix: Matrix<Rational>) -> JSONValue {
    .array((0..<matrix.rows).map { .array(matrix.row($0).map { .string($0.description) }) })
  }

  /// An array of rows of numbers with 17 significant digits.
  public static func json(_ matrix: Matrix<Double>) -> JSONValue {
    .array((0..<matrix.rows).map { .array(matrix.row($0).map(JSONValue.double)) })
  }
}
