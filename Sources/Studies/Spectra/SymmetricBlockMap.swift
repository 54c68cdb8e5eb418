/// A diagonal block of a symmetric map: its rows and columns in one range.
public struct DiagonalBlockMap<Whole: SymmetricMap>: SymmetricMap {
  public let whole: Whole
  public let range: Range<Int>
  public var dimension: Int { range.count }

  /// - Precondition: the range lies within the map's dimension.
  public init(_ whole: Whole, _ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= whole.dimension, "no rows \(range)")
    (self.whole, self.range) = (whole, range)
  }

  public func apply(to vector: UnsafeBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>) throws {
    let product = try whole.product(with: vector, at: range)
    _ = result.update(fromContentsOf: product[range])
  }
}

/// An off-diagonal block `B` of a symmetric map as the symmetric map `[[0, B], [Bᵀ, 0]]`, whose eigenvalues are plus and
/// minus the singular values of `B`.
///
/// A half of a vector that is zero costs no product: from a start vector with a zero half, Lanczos iteration takes one
/// product a step, and is the bidiagonalisation of Golub and Kahan.
public struct OffDiagonalBlockMap<Whole: SymmetricMap>: SymmetricMap {
  public let whole: Whole
  public let rows: Range<Int>
  public let columns: Range<Int>
  public var dimension: Int { rows.count + columns.count }

  /// - Precondition: the ranges lie within the map's dimension and do not overlap.
  public init(_ whole: Whole, rows: Range<Int>, columns: Range<Int>) {
    for range in [rows, columns] {
      precondition(range.lowerBound >= 0 && range.upperBound <= whole.dimension, "no rows \(range)")
    }
    precondition(!rows.overlaps(columns), "the rows \(rows) overlap the columns \(columns)")
    (self.whole, self.rows, self.columns) = (whole, rows, columns)
  }

  public func apply(to vector: UnsafeBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>) throws {
    result.update(repeating: 0)
    let left = UnsafeBufferPointer(rebasing: vector[..<rows.count])
    let right = UnsafeBufferPointer(rebasing: vector[rows.count...])
    if right.contains(where: { $0 != 0 }) {
      let product = try whole.product(with: right, at: columns)
      _ = result[..<rows.count].update(fromContentsOf: product[rows])
    }
    if left.contains(where: { $0 != 0 }) {
      let product = try whole.product(with: left, at: rows)
      _ = result[rows.count...].update(fromContentsOf: product[columns])
    }
  }
}

extension SymmetricMap {
  /// `A v` for the vector that has these entries in a range, and zeros elsewhere.
  fileprivate func product(with part: UnsafeBufferPointer<Double>, at range: Range<Int>) throws -> [Double] {
    var vector = [Double](repeating: 0, count: dimension)
    vector.replaceSubrange(range, with: part)
    return try self(vector)
  }
}
