extension Dual {
  /// `‖V + Tε‖₂ = σ + uᵀTv ε`, with `u`, `v` the singular vectors of the largest singular value `σ` of `V`, over `Double`.
  ///
  /// - Errors: unsupported over any other base; undefined where the largest singular value is zero or not simple, up to
  ///   rounding, and a tangent is not zero.
  public static func spectralNorm(of m: Matrix<Self>) throws(ArithmeticError) -> Self {
    guard let values = m.values() as? Matrix<Double>, let tangents = m.tangents() as? Matrix<Double> else {
      throw .unsupported("the spectral norm over \(Self.self)")
    }
    let norm: Double
    let slope: Double
    do {
      let (left, singular, right) = try LinearAlgebra.thinSingularValueDecomposition(of: values)
      norm = singular.first ?? 0
      if tangents.isZero {
        slope = 0
      } else if norm == 0 || singular.count > 1 && norm - singular[1] <= norm * 0x1p-40 {
        throw ArithmeticError.undefined("the derivative of a spectral norm that is zero or not simple")
      } else {
        slope = (0..<m.rows).reduce(0) { sum, i in
          (0..<m.columns).reduce(sum) { $0 + left[i, 0] * tangents[i, $1] * right[0, $1] }
        }
      }
    } catch let error as ArithmeticError {
      throw error
    } catch {
      throw .unsupported("\(error)")
    }
    guard let value = norm as? Base, let tangent = slope as? Base else {
      throw .unsupported("the spectral norm over \(Self.self)")
    }
    return Self(value, tangent: tangent)
  }
}
