import Arithmetic

/// How far a matrix is from a multiple of an isometry, by its singular values in floating point.
public struct SingularValues: Hashable, Sendable {
  /// All `min(m, n)`, largest first.
  public let values: [Double]
  /// How many of them are not lost in rounding: above `max(m, n) 2⁻⁵² σ_max`.
  public let rank: Int

  public init(of matrix: Matrix<Double>) throws(LinearAlgebraError) {
    let found = try LinearAlgebra.singularValues(of: matrix)
    let rounding = (found.first ?? 0) * Double(max(matrix.rows, matrix.columns)) * 0x1p-52
    (values, rank) = (found, found.prefix { $0 > rounding }.count)
  }

  public var largest: Double { values.first ?? 0 }
  public var least: Double { values.last ?? 0 }
  /// The least that is not lost in rounding; zero for a matrix of rank zero.
  public var leastPositive: Double { rank > 0 ? values[rank - 1] : 0 }
  /// `κ = σ_max/σ_min` over all `min(m, n)` of them; infinite where one is zero or lost in rounding.
  public var condition: Double { rank == values.count && rank > 0 ? largest / least : .infinity }
  /// `σ_max²/Σσ²`: one for a matrix of rank one.
  public var leadingShare: Double {
    let total = values.reduce(0) { $0 + $1 * $1 }
    return total > 0 ? largest * largest / total : 0
  }
}
