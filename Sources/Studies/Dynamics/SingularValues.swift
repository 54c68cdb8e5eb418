import Arithmetic

/// How far a matrix is from a multiple of an isometry, by its singular values in floating point.
public struct SingularValues: Hashable, Sendable {
  /// All `min(m, n)`, largest first.
  public let values: [Double]

  public init(of matrix: Matrix<Double>) throws(LinearAlgebraError) {
    values = try LinearAlgebra.singularValues(of: matrix)
  }

  public var largest: Double { values.first ?? 0 }
  public var least: Double { values.last ?? 0 }
  /// `κ = σ_max/σ_min` over all `min(m, n)` of them; infinite where one is zero or lost to rounding.
  public var condition: Double {
    least > largest * Double(values.count) * 0x1p-52 ? largest / least : .infinity
  }
  /// `σ_max²/Σσ²`: one for a matrix of rank one.
  public var leadingShare: Double {
    let total = values.reduce(0) { $0 + $1 * $1 }
    return total > 0 ? largest * largest / total : 0
  }
}
