/// A dense row-major matrix, so that `vec_r` is a reshape.
///
/// A shape that does not fit is a programmer's mistake, hence a precondition naming both shapes.
@frozen
public struct Matrix<S: Scalar>: Hashable, Sendable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The entries, row by row: entry `(i, j)` is at index `i·columns + j`.
  public var entries: [S]

  /// The matrix with the given entries in row-major order.
  @inlinable public init(rows: Int, columns: Int, entries: [S]) {
    precondition(
      entries.count == Self.entryCount(rows, columns),
      "a \(rows)×\(columns) matrix needs \(rows * columns) entries, not \(entries.count)")
    self.rows = rows
    self.columns = columns
    self.entries = entries
  }

  /// The matrix with entry `(i, j)` given by `entry(i, j)`, called in row-major order.
  @inlinable public init<Failure: Error>(
    rows: Int, columns: Int, entry: (Int, Int) throws(Failure) -> S
  ) throws(Failure) {
    var entries: [S] = []
    entries.reserveCapacity(Self.entryCount(rows, columns))
    for i in 0..<rows {
      for j in 0..<columns { entries.append(try entry(i, j)) }
    }
    self.rows = rows
    self.columns = columns
    self.entries = entries
  }

  /// The matrix all of whose entries are `value`.
  @inlinable public init(repeating value: S, rows: Int, columns: Int) {
    self.entries = [S](repeating: value, count: Self.entryCount(rows, columns))
    self.rows = rows
    self.columns = columns
  }

  /// The 1×1 matrix `(value)`.
  @inlinable public init(_ value: S) {
    rows = 1
    columns = 1
    entries = [value]
  }

  /// `rows · columns`, refused where negative or beyond `Int`.
  @inlinable static func entryCount(_ rows: Int, _ columns: Int) -> Int {
    precondition(rows >= 0 && columns >= 0, "a matrix cannot be \(rows)×\(columns)")
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    precondition(!overflow, "a \(rows)×\(columns) matrix has too many entries")
    return count
  }

  /// Entry `(i, j)`, counted from zero.
  @inlinable public subscript(i: Int, j: Int) -> S {
    get {
      precondition(i >= 0 && i < rows && j >= 0 && j < columns, "no entry (\(i), \(j)) in a \(rows)×\(columns) matrix")
      return entries[i &* columns &+ j]
    }
    set {
      precondition(i >= 0 && i < rows && j >= 0 && j < columns, "no entry (\(i), \(j)) in a \(rows)×\(columns) matrix")
      entries[i &* columns &+ j] = newValue
    }
  }

  /// Row `i`.
  @inlinable public func row(_ i: Int) -> ArraySlice<S> { entries[i * columns..<(i + 1) * columns] }

  /// The one entry of a 1×1 matrix.
  @inlinable public var scalar: S {
    precondition(rows == 1 && columns == 1, "a \(rows)×\(columns) matrix is not a number")
    return entries[0]
  }

  /// `m = 0`.
  @inlinable public var isZero: Bool { entries.allSatisfy { $0.isZero } }

  /// The matrix of `transform(m_ij)`, with the error type of `transform`.
  @inlinable public func map<T: Scalar, Failure: Error>(
    _ transform: (S) throws(Failure) -> T
  ) throws(Failure) -> Matrix<T> {
    var mapped: [T] = []
    mapped.reserveCapacity(entries.count)
    for entry in entries { mapped.append(try transform(entry)) }
    return Matrix<T>(rows: rows, columns: columns, entries: mapped)
  }

  /// The matrix of `transform(m_ij)` for a partial operation of a scalar.
  @inlinable public func mapThrowing<T: Scalar>(
    _ transform: (S) throws(ArithmeticError) -> T
  ) throws(ArithmeticError) -> Matrix<T> {
    var mapped: [T] = []
    mapped.reserveCapacity(entries.count)
    for entry in entries { mapped.append(try transform(entry)) }
    return Matrix<T>(rows: rows, columns: columns, entries: mapped)
  }
}

extension Matrix: CustomStringConvertible {
  /// One line a row, entries separated by a blank.
  public var description: String {
    (0..<rows).map { row($0).map(\.description).joined(separator: " ") }.joined(separator: "\n")
  }
}
