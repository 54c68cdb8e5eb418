import Arithmetic
import Formulas

extension Evaluator {
  /// The norm of a matrix, as far as the scalar can compute it.
  func compute(_ norm: Norm, _ matrix: Matrix<S>, _ place: Formula) throws(EvaluationError) -> S {
    do throws(ArithmeticError) {
      switch norm {
      case .spectral: return try S.spectralNorm(of: matrix)
      case .frobenius: return try euclideanLength(matrix.entries[...])
      case .largestRow: return try largest(matrix) { row throws(ArithmeticError) in try euclideanLength(row) }
      case .rowSum: return try largest(matrix) { row throws(ArithmeticError) in try absoluteSum(row) }
      case .largestEntry: return try largest(matrix) { row throws(ArithmeticError) in try largestMagnitude(row) }
      case .diameter: return try largestDistance(matrix)
      case .rowRange: return try largest(matrix) { row throws(ArithmeticError) in try range(row) }
      }
    } catch { throw .arithmetic(error, at: place.description) }
  }
}

private func euclideanLength<S: Scalar>(_ entries: ArraySlice<S>) throws(ArithmeticError) -> S {
  try entries.reduce(S.zero) { $0 + $1 * $1 }.squareRoot()
}

private func absoluteSum<S: Scalar>(_ entries: ArraySlice<S>) throws(ArithmeticError) -> S {
  var sum = S.zero
  for entry in entries { sum = sum + (try S.maximum(entry, -entry)) }
  return sum
}

private func largestMagnitude<S: Scalar>(_ entries: ArraySlice<S>) throws(ArithmeticError) -> S {
  var largest = S.zero
  for entry in entries { largest = try S.maximum(largest, try S.maximum(entry, -entry)) }
  return largest
}

/// The largest difference of two entries.
private func range<S: Scalar>(_ entries: ArraySlice<S>) throws(ArithmeticError) -> S {
  guard var greatest = entries.first else { return .zero }
  var least = -greatest
  for entry in entries.dropFirst() {
    greatest = try S.maximum(greatest, entry)
    least = try S.maximum(least, -entry)
  }
  return greatest + least
}

private func largestDistance<S: Scalar>(_ matrix: Matrix<S>) throws(ArithmeticError) -> S {
  var largest = S.zero
  for i in 0..<matrix.rows {
    for j in 0..<i {
      let square = zip(matrix.row(i), matrix.row(j)).reduce(S.zero) { sum, pair in
        let difference = pair.0 - pair.1
        return sum + difference * difference
      }
      largest = try S.maximum(largest, square)
    }
  }
  return try largest.squareRoot()
}

private func largest<S: Scalar>(
  _ matrix: Matrix<S>, _ measure: (ArraySlice<S>) throws(ArithmeticError) -> S
) throws(ArithmeticError) -> S {
  var largest = S.zero
  for i in 0..<matrix.rows { largest = try S.maximum(largest, try measure(matrix.row(i))) }
  return largest
}

extension Matrix {
  /// The matrix with `S.rowShift` subtracted from every entry of each row.
  func shiftedByRow() -> Self {
    var shifted = self
    for i in 0..<rows {
      let shift = S.rowShift(row(i))
      if shift.isZero { continue }
      for j in 0..<columns { shifted[i, j] = self[i, j] - shift }
    }
    return shifted
  }
}
