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
  /// - Precondition: a square matrix.
  /// - Errors: unsupported where the sign of a pivot cannot be told.
  /// - Complexity: about `n³/6` multiply-adds, of numbers whose length grows with `n`.
  public init(ofSymmetric matrix: Matrix<RadicalSum>) throws(ArithmeticError) {
    if let fractions = matrix.rational {
      self.init(ofSymmetric: fractions)
    } else {
      self = try Self.eliminating(matrix) { number throws(ArithmeticError) in try number.sign }
    }
  }

  /// The definiteness of a symmetric matrix of fractions.
  public init(ofSymmetric matrix: Matrix<Rational>) {
    let definiteness = try? Self.eliminating(matrix) { number throws(ArithmeticError) in number.sign }
    guard let definiteness else { preconditionFailure("a fraction has a sign and, unless zero, a reciprocal") }
    self = definiteness
  }

  /// By the exact decomposition `LDLᵀ` with positive pivots: where none is left, the rest is semidefinite only if it is
  /// zero.
  private static func eliminating<S: Scalar>(
    _ matrix: Matrix<S>, sign: (S) throws(ArithmeticError) -> Int
  ) throws(ArithmeticError) -> Self {
    precondition(matrix.rows == matrix.columns, "a \(matrix.rows)×\(matrix.columns) matrix is not symmetric")
    var rest = matrix
    var free = Array(0..<matrix.rows)
    while !free.isEmpty {
      var pivot: Int?
      for i in free {
        let sign = try sign(rest[i, i])
        if sign < 0 { return .indefinite }
        if sign > 0, pivot == nil { pivot = i }
      }
      guard let pivot else {
        let isZero = free.allSatisfy { i in free.allSatisfy { j in j >= i || rest[i, j].isZero } }
        return isZero ? .positiveSemidefinite : .indefinite
      }
      let inverse = try rest[pivot, pivot].reciprocal()
      free.removeAll { $0 == pivot }
      let column = free.map { rest[max($0, pivot), min($0, pivot)] }
      for (k, i) in free.enumerated() where !column[k].isZero {
        let factor = column[k] * inverse
        for (l, j) in free[...k].enumerated() where !column[l].isZero {
          rest[i, j] = rest[i, j] - factor * column[l]
        }
      }
    }
    return .positiveDefinite
  }
}
