/// Where a matrix is not zero, row by row.
@frozen @usableFromInline
struct SparsityPattern: Sendable {
  /// Row `i`'s entries are `columns[starts[i]..<starts[i + 1]]`.
  @usableFromInline var starts: [Int]
  @usableFromInline var columns: [Int]

  @inlinable init<S: Scalar>(of matrix: Matrix<S>) {
    starts = [0]
    starts.reserveCapacity(matrix.rows + 1)
    columns = []
    for i in 0..<matrix.rows {
      for j in 0..<matrix.columns where !matrix.entries[i &* matrix.columns &+ j].isZero { columns.append(j) }
      starts.append(columns.count)
    }
  }

  /// The number of non-zero entries.
  @inlinable var count: Int { columns.count }
}
