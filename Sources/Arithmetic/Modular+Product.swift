extension Modular {
  /// `a b`, reducing once for up to 63 products: each is below 2¹²², and 63 of them with a residue fit in 128 bits.
  public static func product(_ a: Matrix<Self>, _ b: Matrix<Self>) -> Matrix<Self> {
    let rows = a.rows
    let inner = a.columns
    let columns = b.columns
    if columns < 4 && rows * inner < 64 { return loopProduct(a, b) }
    if rows > 2 && inner * columns > 64 && isSparse(b) { return loopProduct(a, b) }
    let entries = [Self](unsafeUninitializedCapacity: rows * columns) { output, initialized in
      withUnsafeTemporaryAllocation(of: Int.self, capacity: inner) { support in
        a.entries.withUnsafeBufferPointer { left in
          b.entries.withUnsafeBufferPointer { right in
            for i in 0..<rows {
              let row = UnsafeBufferPointer(rebasing: left[i * inner..<(i + 1) * inner])
              var count = 0
              for k in 0..<inner where row[k].residue != 0 {
                support[count] = k
                count &+= 1
              }
              let active = UnsafeBufferPointer(rebasing: support[0..<count])
              var j = 0
              while j &+ 4 <= columns {
                let (w, x, y, z) = fourSums(row, active, right, columns, j)
                let base = i &* columns &+ j
                output.initializeElement(at: base, to: w)
                output.initializeElement(at: base &+ 1, to: x)
                output.initializeElement(at: base &+ 2, to: y)
                output.initializeElement(at: base &+ 3, to: z)
                j &+= 4
              }
              while j < columns {
                output.initializeElement(at: i &* columns &+ j, to: oneSum(row, active, right, columns, j))
                j &+= 1
              }
            }
          }
        }
      }
      initialized = rows * columns
    }
    return Matrix(rows: rows, columns: columns, entries: entries)
  }

  /// Fewer than a quarter of the entries are not zero.
  static func isSparse(_ m: Matrix<Self>) -> Bool {
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
      high = high &+ product.high &+ (carry ? 1 : 0)
    }

    @inline(__always)
    mutating func reduce() {
      low = Modular(high: high, low: low).residue
      high = 0
    }
  }

  @inline(__always)
  private static func fourSums(
    _ row: UnsafeBufferPointer<Self>, _ active: UnsafeBufferPointer<Int>, _ right: UnsafeBufferPointer<Self>,
    _ columns: Int, _ j: Int
  ) -> (Self, Self, Self, Self) {
    var w = Accumulator()
    var x = Accumulator()
    var y = Accumulator()
    var z = Accumulator()
    var start = 0
    while start < active.count {
      let end = min(start &+ 63, active.count)
      for index in start..<end {
        let k = active[index]
        let factor = row[k].residue
        let source = k &* columns &+ j
        w.add(factor, right[source].residue)
        x.add(factor, right[source &+ 1].residue)
        y.add(factor, right[source &+ 2].residue)
        z.add(factor, right[source &+ 3].residue)
      }
      w.reduce()
      x.reduce()
      y.reduce()
      z.reduce()
      start = end
    }
    return (Self(unchecked: w.low), Self(unchecked: x.low), Self(unchecked: y.low), Self(unchecked: z.low))
  }

  @inline(__always)
  private static func oneSum(
    _ row: UnsafeBufferPointer<Self>, _ active: UnsafeBufferPointer<Int>, _ right: UnsafeBufferPointer<Self>,
    _ columns: Int, _ j: Int
  ) -> Self {
    var sum = Accumulator()
    var start = 0
    while start < active.count {
      let end = min(start &+ 63, active.count)
      for index in start..<end {
        let k = active[index]
        sum.add(row[k].residue, right[k &* columns &+ j].residue)
      }
      sum.reduce()
      start = end
    }
    return Self(unchecked: sum.low)
  }
}
