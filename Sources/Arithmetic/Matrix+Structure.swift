extension Matrix {
  /// `0`, m×n.
  @inlinable public static func zero(rows: Int, columns: Int) -> Self {
    Self(repeating: .zero, rows: rows, columns: columns)
  }

  /// `I_n`.
  @inlinable public static func identity(_ n: Int) -> Self {
    var result = Self(repeating: .zero, rows: n, columns: n)
    for i in 0..<n { result.entries[i &* n &+ i] = .one }
    return result
  }

  /// `K_{m,n}`, the commutation matrix: `K_{m,n} vec_r(F) = vec_r(Fᵀ)` for `F : m×n`.
  ///
  /// - Shapes: `mn × mn`, a permutation.
  @inlinable public static func commutation(_ m: Int, _ n: Int) -> Self {
    let size = entryCount(m, n)
    var result = Self(repeating: .zero, rows: size, columns: size)
    for i in 0..<m {
      // Entry (i, j) of F, at index i·n + j, is entry (j, i) of Fᵀ, at index j·m + i.
      for j in 0..<n { result.entries[(j &* m &+ i) &* size &+ i &* n &+ j] = .one }
    }
    return result
  }

  /// `diag(v)`: the square matrix with the entries of a column (or a row) on its diagonal.
  @inlinable public static func diagonal(of vector: Self) -> Self {
    precondition(
      vector.rows == 1 || vector.columns == 1, "no diagonal matrix of a \(vector.rows)×\(vector.columns) matrix")
    let n = vector.entries.count
    var result = Self(repeating: .zero, rows: n, columns: n)
    for i in 0..<n { result.entries[i &* n &+ i] = vector.entries[i] }
    return result
  }

  /// The matrix assembled from a grid of blocks.
  ///
  /// - Shapes: blocks of one grid row have equal `rows`, blocks of one grid column equal `columns`.
  @specialized(where S == Double)
  @specialized(where S == Modular)
  @specialized(where S == Rational)
  @specialized(where S == Formal<Modular>)
  @specialized(where S == Dual<Dual<Formal<Modular>>>)
  @specialized(where S == Dual<Dual<Formal<Rational>>>)
  @inlinable @inline(never) public static func blocks(_ grid: [[Self]]) -> Self {
    guard let first = grid.first else { return zero(rows: 0, columns: 0) }
    let widths = first.map(\.columns)
    let width = widths.reduce(0, +)
    var entries: [S] = []
    var height = 0
    for blockRow in grid {
      precondition(blockRow.map(\.columns) == widths, "blocks of widths \(blockRow.map(\.columns)) under \(widths)")
      let rows = blockRow.first?.rows ?? 0
      precondition(blockRow.allSatisfy { $0.rows == rows }, "blocks of heights \(blockRow.map(\.rows)) side by side")
      entries.reserveCapacity(entries.count + rows * width)
      for i in 0..<rows {
        for block in blockRow { entries.append(contentsOf: block.row(i)) }
      }
      height += rows
    }
    return Self(rows: height, columns: width, entries: entries)
  }

  /// The block-diagonal matrix of the given blocks.
  @inlinable public static func blockDiagonal(_ blocks: [Self]) -> Self {
    let width = blocks.reduce(0) { $0 + $1.columns }
    var result = Self(repeating: .zero, rows: blocks.reduce(0) { $0 + $1.rows }, columns: width)
    var top = 0
    var left = 0
    for block in blocks {
      for i in 0..<block.rows {
        for j in 0..<block.columns {
          result.entries[(top &+ i) &* width &+ left &+ j] = block.entries[i &* block.columns &+ j]
        }
      }
      top += block.rows
      left += block.columns
    }
    return result
  }

  /// `mᵀ`.
  @inlinable public var transposed: Self { transpose() }

  @specialized(where S == Double)
  @specialized(where S == Modular)
  @specialized(where S == Rational)
  @specialized(where S == Formal<Modular>)
  @specialized(where S == Dual<Dual<Formal<Modular>>>)
  @specialized(where S == Dual<Dual<Formal<Rational>>>)
  @inlinable @inline(never) func transpose() -> Self {
    if rows <= 1 || columns <= 1 { return Self(rows: columns, columns: rows, entries: entries) }
    var result: [S] = []
    result.reserveCapacity(entries.count)
    entries.withUnsafeBufferPointer { source in
      for j in 0..<columns {
        for i in 0..<rows { result.append(source[i &* columns &+ j]) }
      }
    }
    return Self(rows: columns, columns: rows, entries: result)
  }

  /// `vec_r(m)`: the rows stacked into one column, mn×1.
  @inlinable public var vectorized: Self { Self(rows: entries.count, columns: 1, entries: entries) }

  /// The same entries in the same order in another shape of equal size.
  @inlinable public func reshaped(rows: Int, columns: Int) -> Self {
    Self(rows: rows, columns: columns, entries: entries)
  }

  /// The submatrix of consecutive rows and columns.
  @inlinable public func submatrix(rows range: Range<Int>, columns span: Range<Int>) -> Self {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= rows && span.lowerBound >= 0 && span.upperBound <= columns,
      "no rows \(range), columns \(span) in a \(rows)×\(columns) matrix")
    var result: [S] = []
    result.reserveCapacity(range.count * span.count)
    for i in range { result.append(contentsOf: entries[i * columns + span.lowerBound..<i * columns + span.upperBound]) }
    return Self(rows: range.count, columns: span.count, entries: result)
  }
}
