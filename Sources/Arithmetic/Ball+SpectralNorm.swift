import CFLINT

extension Ball {
  /// `‖m‖₂`, enclosed for every matrix in the given balls.
  ///
  /// The largest of the norms of the connected blocks of `m`. A small block without negative entries goes by positive
  /// vectors, a row or column by its length, any other by approximate eigenvectors.
  /// - Rounding: outward; relatively tight to about the precision of the entries, for a block of more than 128 rows at no
  ///   more than the default precision to about 10⁻¹².
  /// - Errors: unsupported where no finite enclosure was found.
  public static func spectralNorm(of m: Matrix<Ball>) throws(ArithmeticError) -> Ball {
    let precision = precision(of: m)
    var norm = Ball.zero
    for block in connectedBlocks(m) {
      let next = try self.norm(ofConnected: block, precision: precision)
      norm = norm.isZero ? next : combined(norm, next) { arb_max($0, $1, $2, $3) }
    }
    return norm.isZero ? .zero : norm.rounded(to: precision)
  }

  private static func norm(ofConnected m: Matrix<Ball>, precision: Int) throws(ArithmeticError) -> Ball {
    if m.entries.count == 1 { return m.entries[0].magnitude }
    if m.rows == 1 || m.columns == 1 {
      return m.entries.reduce(Ball.zero) { $0 + $1.squared }.squareRootOfNonnegative()
    }
    if max(m.rows, m.columns) <= 16, m.entries.allSatisfy(\.isNonnegative) { return norm(ofConnectedNonnegative: m) }
    return try SpectralNormEnclosure(m, precision: precision).value
  }

  /// `x²`, never reaching below zero.
  private var squared: Ball { transformed { arb_sqr($0, $1, $2) } }

  /// The blocks of rows and columns that entries other than zero connect; rows and columns of zeros are in none.
  ///
  /// Rows and columns keep their order, so that a block of a symmetric matrix on equal rows and columns is symmetric.
  private static func connectedBlocks(_ m: Matrix<Ball>) -> [Matrix<Ball>] {
    let isZero = m.entries.map(\.isZero)
    var isRowFree = [Bool](repeating: true, count: m.rows)
    var isColumnFree = [Bool](repeating: true, count: m.columns)
    var blocks: [Matrix<Ball>] = []
    for start in 0..<m.rows where isRowFree[start] {
      var rows = [start]
      var columns: [Int] = []
      isRowFree[start] = false
      var next = 0
      while next < rows.count {
        for j in 0..<m.columns where isColumnFree[j] && !isZero[rows[next] * m.columns + j] {
          isColumnFree[j] = false
          columns.append(j)
          for i in 0..<m.rows where isRowFree[i] && !isZero[i * m.columns + j] {
            isRowFree[i] = false
            rows.append(i)
          }
        }
        next += 1
      }
      if columns.isEmpty { continue }
      if rows.count == m.rows && columns.count == m.columns { return [m] }
      (rows, columns) = (rows.sorted(), columns.sorted())
      blocks.append(Matrix(rows: rows.count, columns: columns.count) { m[rows[$0], columns[$1]] })
    }
    return blocks
  }
}
