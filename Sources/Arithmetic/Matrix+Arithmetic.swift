// Generic code in other modules calls these without knowing the type: a specialised copy for each type of the hot path
// is then chosen inside, instead of a call through the protocol for every entry.

extension Matrix {
  /// `a + b`, entry by entry.
  @specialized(where S == Double)
  @specialized(where S == Modular)
  @specialized(where S == Rational)
  @specialized(where S == Formal<Modular>)
  @specialized(where S == Dual<Dual<Formal<Modular>>>)
  @specialized(where S == Dual<Dual<Formal<Rational>>>)
  @inlinable @inline(never) public static func + (a: Self, b: Self) -> Self {
    a.combined(with: b, by: +, named: "sum")
  }

  /// `a − b`, entry by entry.
  @specialized(where S == Double)
  @specialized(where S == Modular)
  @specialized(where S == Rational)
  @specialized(where S == Formal<Modular>)
  @specialized(where S == Dual<Dual<Formal<Modular>>>)
  @specialized(where S == Dual<Dual<Formal<Rational>>>)
  @inlinable @inline(never) public static func - (a: Self, b: Self) -> Self {
    a.combined(with: b, by: -, named: "difference")
  }

  /// `−a`.
  @inlinable public static prefix func - (a: Self) -> Self { a.map { -$0 } }

  /// `a b`, the matrix product; zero entries cost nothing.
  ///
  /// - Shapes: `a : m×n`, `b : n×r`; `a b : m×r`.
  @specialized(where S == Double)
  @specialized(where S == Modular)
  @specialized(where S == Rational)
  @specialized(where S == Formal<Modular>)
  @specialized(where S == Dual<Dual<Formal<Modular>>>)
  @specialized(where S == Dual<Dual<Formal<Rational>>>)
  @inlinable @inline(never) public static func * (a: Self, b: Self) -> Self {
    precondition(a.columns == b.rows, "no product of \(a.rows)×\(a.columns) and \(b.rows)×\(b.columns)")
    return S.product(a, b)
  }

  /// `a ∘ b`, the entrywise product.
  @specialized(where S == Double)
  @specialized(where S == Modular)
  @specialized(where S == Rational)
  @specialized(where S == Formal<Modular>)
  @specialized(where S == Dual<Dual<Formal<Modular>>>)
  @specialized(where S == Dual<Dual<Formal<Rational>>>)
  @inlinable @inline(never) public func hadamard(_ other: Self) -> Self {
    combined(with: other, by: *, named: "Hadamard product")
  }

  /// `c m`.
  @specialized(where S == Double)
  @specialized(where S == Modular)
  @specialized(where S == Rational)
  @specialized(where S == Formal<Modular>)
  @specialized(where S == Dual<Dual<Formal<Modular>>>)
  @specialized(where S == Dual<Dual<Formal<Rational>>>)
  @inlinable @inline(never) public func scaled(by factor: S) -> Self {
    factor == .one ? self : map { factor * $0 }
  }

  /// `a ⊗ b`, with `a_ij b` as block `(i, j)`.
  ///
  /// - Shapes: `a : m×n`, `b : p×q`; `a ⊗ b : mp×nq`.
  @specialized(where S == Double)
  @specialized(where S == Modular)
  @specialized(where S == Rational)
  @specialized(where S == Formal<Modular>)
  @specialized(where S == Dual<Dual<Formal<Modular>>>)
  @specialized(where S == Dual<Dual<Formal<Rational>>>)
  @inlinable @inline(never) public func kronecker(_ other: Self) -> Self {
    let width = Self.entryCount(columns, other.columns)
    var result = Self(repeating: .zero, rows: Self.entryCount(rows, other.rows), columns: width)
    result.entries.withUnsafeMutableBufferPointer { output in
      for i in 0..<rows {
        for j in 0..<columns {
          let factor = entries[i &* columns &+ j]
          if factor.isZero { continue }
          let plain = factor == .one
          for k in 0..<other.rows {
            let start = (i &* other.rows &+ k) &* width &+ j &* other.columns
            for l in 0..<other.columns {
              let entry = other.entries[k &* other.columns &+ l]
              if entry.isZero { continue }
              output[start &+ l] = plain ? entry : factor * entry
            }
          }
        }
      }
    }
    return result
  }

  /// The sum of all entries.
  @inlinable public var sum: S { entries.reduce(.zero, +) }

  /// The sum of the diagonal entries of a square matrix.
  @inlinable public var trace: S {
    precondition(rows == columns, "no trace of a \(rows)×\(columns) matrix")
    return (0..<rows).reduce(.zero) { $0 + entries[$1 &* columns &+ $1] }
  }

  /// Entry by entry, after a check of the shapes.
  @inlinable func combined(with other: Self, by combine: (S, S) -> S, named name: StaticString) -> Self {
    precondition(
      rows == other.rows && columns == other.columns,
      "no \(name) of \(rows)×\(columns) and \(other.rows)×\(other.columns)")
    let count = entries.count
    let combined = [S](unsafeUninitializedCapacity: count) { output, initialized in
      entries.withUnsafeBufferPointer { left in
        other.entries.withUnsafeBufferPointer { right in
          for index in 0..<count {
            (output.baseAddress! + index).initialize(to: combine(left[index], right[index]))
          }
        }
      }
      initialized = count
    }
    return Self(rows: rows, columns: columns, entries: combined)
  }
}
