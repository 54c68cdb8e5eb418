import Arithmetic
import Evaluation
import Formulas
import Testing
import Transformers

/// The instance at which the printed bound is exceeded: logits and residual are zero, everything is rational.
enum Counterexample {
  static let sizes = Sizes(2, 2, 4, 2)

  /// `X = I₂`, `W_Q = (1,1)ᵀe₁ᵀ`, `W_K = (1,−1)ᵀe₂ᵀ`, `W_V = (1,−1)ᵀf₁ᵀ`, `Y = F`.
  static func point() throws -> Environment<Rational> {
    let layer = DerivedLayer.softmax, parameters = layer.parameters
    var point = Environment<Rational>(sizes: sizes.assignment)
    point[layer.objective.model.input] = .identity(2)
    point[parameters[0]] = Matrix(rows: 2, columns: 4, entries: [1, 0, 0, 0, 1, 0, 0, 0])
    point[parameters[1]] = Matrix(rows: 2, columns: 4, entries: [0, 1, 0, 0, 0, -1, 0, 0])
    point[parameters[2]] = Matrix(rows: 2, columns: 2, entries: [1, 0, -1, 0])
    point[layer.objective.target] = try layer.objective.model.output.value(in: point)
    return try layer.named(point)
  }

  /// The determinant, by exact elimination.
  static func determinant(_ matrix: Matrix<Rational>) throws -> Rational {
    var work = matrix, determinant = Rational(1)
    let n = matrix.rows
    for column in 0..<n {
      guard let pivot = (column..<n).first(where: { !work[$0, column].isZero }) else { return 0 }
      if pivot != column {
        determinant = -determinant
        for j in 0..<n { (work[pivot, j], work[column, j]) = (work[column, j], work[pivot, j]) }
      }
      determinant = determinant * work[column, column]
      let inverse = try work[column, column].reciprocal()
      for i in (column + 1)..<max(n, column + 1) where !work[i, column].isZero {
        let factor = work[i, column] * inverse
        for j in column..<n { work[i, j] = work[i, j] - factor * work[column, j] }
      }
    }
    return determinant
  }

  /// Whether a symmetric matrix is positive semidefinite, by exact elimination with the largest pivot on the diagonal.
  static func isPositiveSemidefinite(_ matrix: Matrix<Rational>) throws -> Bool {
    var work = matrix, left = Set(0..<matrix.rows)
    while let pivot = left.max(by: { (work[$0, $0], $1) < (work[$1, $1], $0) }) {
      if work[pivot, pivot].sign < 0 { return false }
      if work[pivot, pivot].isZero { return left.allSatisfy { i in left.allSatisfy { work[i, $0].isZero } } }
      left.remove(pivot)
      let inverse = try work[pivot, pivot].reciprocal()
      for i in left {
        for j in left { work[i, j] = work[i, j] - work[i, pivot] * inverse * work[pivot, j] }
      }
    }
    return true
  }
}
