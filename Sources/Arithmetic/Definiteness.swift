/// Whether a symmetric matrix is positive (semi)definite, decided exactly.
public enum Definiteness: Hashable, Sendable {
  /// All eigenvalues are positive.
  case positiveDefinite
  /// All eigenvalues are at least zero, and zero is one of them.
  case positiveSemidefinite
  /// Some eigenvalue is negative.
  case indefinite

  /// The definiteness of a symmetric matrix, of which only the lower triangle is read.
  ///
  /// By the exact decomposition `LDLᵀ` with the largest pivot on the diagonal: a zero pivot that is the largest leaves a
  /// semidefinite rest only where the rest is zero.
  /// - Precondition: a square matrix.
  /// - Complexity: about `n³/6` multiply-adds of fractions, whose length grows with `n`.
  public init(ofSymmetric matrix: Matrix<Rational>) {
    precondition(matrix.rows == matrix.columns, "a \(matrix.rows)×\(matrix.columns) matrix is not symmetric")
    var rest = matrix
    var free = Array(0..<matrix.rows)
    while let pivot = free.max(by: { rest[$0, $0] < rest[$1, $1] }) {
      let value = rest[pivot, pivot]
      if free.contains(where: { rest[$0, $0].sign < 0 }) {
        self = .indefinite
        return
      }
      if value.isZero {
        let isZero = free.allSatisfy { i in free.allSatisfy { j in j >= i || rest[i, j].isZero } }
        self = isZero ? .positiveSemidefinite : .indefinite
        return
      }
      free.removeAll { $0 == pivot }
      let inverse = Rational.inverse(value)
      let column = free.map { rest[max($0, pivot), min($0, pivot)] }
      for (k, i) in free.enumerated() where !column[k].isZero {
        let factor = column[k] * inverse
        for (l, j) in free[...k].enumerated() where !column[l].isZero {
          rest[i, j] = rest[i, j] - factor * column[l]
        }
      }
    }
    self = .positiveDefinite
  }
}
