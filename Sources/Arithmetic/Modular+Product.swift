extension Modular {
  /// `a b`, reducing once for up to 63 products: each is below 2¹²², and 63 of them with a residue fit in 128 bits.
  public static func product(_ a: Matrix<Self>, _ b: Matrix<Self>) -> Matrix<Self> {
    let rows = a.rows
    let inner = a.columns
    let columns = b.columns
    if isSparse(a) || isSparse(b) { return loopProduct(a, b) }
    let entries = [Self](unsafeUninitializedCapacity: rows * columns) { output, initialized in
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 4 * inner) { panel in
        a.entries.withUnsafeBufferPointer { left in
          b.entries.withUnsafeBufferPointer { right in
            for start in stride(from: 0, to: columns, by: 4) {
              let width = min(4, columns - start)
              // Four columns side by side, so that a row of a runs along consecutive words.
              for k in 0..<inner {
                for j in 0..<4 { panel[4 &* k &+ j] = j < width ? right[k &* columns &+ start &+ j].residue : 0 }
              }
              for i in 0..<rows {
                let sums = fourSums(UnsafeBufferPointer(rebasing: left[i &* inner..<(i &+ 1) &* inner]), panel)
                let base = i &* columns &+ start
                for j in 0..<width { output.initializeElement(at: base &+ j, to: Self(unchecked: sums[j])) }
              }
            }
          }
        }
      }
      initialized = rows * columns
    }
    return Matrix(rows: rows, columns: columns, entries: entries)
  }

  /// Fewer than a quarter of the entries are not zero: skipping the others is worth more than reducing seldom.
  private static func isSparse(_ m: Matrix<Self>) -> Bool {
    var count = 0
    for entry in m.entries where entry.residue != 0 { count &+= 1 }
    return count &* 4 < m.entries.count
  }

  /// A sum of products that has not been reduced.
  private struct Accumulator {
    var high: UInt64 = 0
    var low: UInt64 = 0

    @inline(__always)
    mutating func add(_ a: UInt64, _ b: UInt64) {
      let product = a.multipliedFullWidth(by: b)
      let (sum, carry) = low.addingReportingOverflow(product.low)
      low = sum
      // The bit itself, not a choice by it, which may be compiled to a branch that nobody can predict.
      high = high &+ product.high &+ UInt64(unsafeBitCast(carry, to: UInt8.self))
    }

    @inline(__always)
    mutating func reduce() {
      low = Modular(high: high, low: low).residue
      high = 0
    }
  }

  /// The products of a row with the four columns of a panel.
  @inline(__always)
  private static func fourSums(
    _ row: UnsafeBufferPointer<Self>, _ panel: UnsafeMutableBufferPointer<UInt64>
  ) -> SIMD4<UInt64> {
    var w = Accumulator()
    var x = Accumulator()
    var y = Accumulator()
    var z = Accumulator()
    var start = 0
    while start < row.count {
      let end = min(start &+ 63, row.count)
      for k in start..<end {
        let factor = row[k].residue
        w.add(factor, panel[4 &* k])
        x.add(factor, panel[4 &* k &+ 1])
        y.add(factor, panel[4 &* k &+ 2])
        z.add(factor, panel[4 &* k &+ 3])
      }
      w.reduce()
      x.reduce()
      y.reduce()
      z.reduce()
      start = end
    }
    return SIMD4(w.low, x.low, y.low, z.low)
  }
}
