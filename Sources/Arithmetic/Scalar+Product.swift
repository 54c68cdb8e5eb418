extension Scalar {
  /// `a b` by the definition, skipping the zero entries of both factors.
  ///
  /// - Complexity: one multiplication for each pair of non-zero entries that meet; Kronecker products with an identity
  ///   are mostly zeros, so this is far below `m·n·r`.
  @inlinable public static func loopProduct(_ a: Matrix<Self>, _ b: Matrix<Self>) -> Matrix<Self> {
    let rows = a.rows
    let inner = a.columns
    let columns = b.columns
    var result = Matrix<Self>(repeating: .zero, rows: rows, columns: columns)
    // Finding the zeros of b once costs n·r tests and an allocation, which only several rows of a repay.
    let pattern = rows > 2 && inner * columns > 32 ? SparsityPattern(of: b) : nil
    let usePattern = pattern.map { $0.count < inner * columns / 2 } ?? false
    result.entries.withUnsafeMutableBufferPointer { output in
      a.entries.withUnsafeBufferPointer { left in
        b.entries.withUnsafeBufferPointer { right in
          for i in 0..<rows {
            let target = i &* columns
            for k in 0..<inner {
              let factor = left[i &* inner &+ k]
              if factor.isZero { continue }
              let source = k &* columns
              if usePattern, let pattern {
                for index in pattern.starts[k]..<pattern.starts[k + 1] {
                  let j = pattern.columns[index]
                  output[target &+ j] = output[target &+ j] + factor * right[source &+ j]
                }
              } else {
                for j in 0..<columns {
                  output[target &+ j] = output[target &+ j] + factor * right[source &+ j]
                }
              }
            }
          }
        }
      }
    }
    return result
  }

  /// The number of pairs of non-zero entries that meet in the product `a b`: the multiplications it needs.
  @inlinable static func pairCount(_ a: Matrix<Self>, _ b: Matrix<Self>) -> Double {
    var heights = [Int](repeating: 0, count: a.columns)
    for i in 0..<a.rows {
      for k in 0..<a.columns where !a.entries[i &* a.columns &+ k].isZero { heights[k] &+= 1 }
    }
    var total = 0.0
    for k in 0..<a.columns where heights[k] > 0 {
      var width = 0
      for j in 0..<b.columns where !b.entries[k &* b.columns &+ j].isZero { width &+= 1 }
      total += Double(heights[k]) * Double(width)
    }
    return total
  }
}
