extension Matrix {
  /// The matrix of values.
  @inlinable public func values<Base>() -> Matrix<Base> where S == Dual<Base> { map { $0.value } }

  /// The matrix of tangents.
  @inlinable public func tangents<Base>() -> Matrix<Base> where S == Dual<Base> { map { $0.tangent } }

  /// No entry has a tangent.
  @inlinable public func isConstant<Base>() -> Bool where S == Dual<Base> {
    entries.allSatisfy { $0.tangent.isZero }
  }

  /// The matrix `self + tangent ε`.
  @inlinable public func jet(tangent: Self) -> Matrix<Dual<S>> {
    precondition(
      rows == tangent.rows && columns == tangent.columns,
      "no jet of \(rows)×\(columns) and \(tangent.rows)×\(tangent.columns)")
    let count = entries.count
    let jets = [Dual<S>](unsafeUninitializedCapacity: count) { output, initialized in
      for index in 0..<count {
        output.initializeElement(at: index, to: Dual(entries[index], tangent: tangent.entries[index]))
      }
      initialized = count
    }
    return Matrix<Dual<S>>(rows: rows, columns: columns, entries: jets)
  }
}
