import Formulas

/// Norms of layer normalisation, its Jacobian, and its second derivative contracted with a matrix.
///
/// A row of the value is `ẑ = δ(z − z̄)` with `δ = 1/√(v + ε)`, `v = ‖z − z̄‖²/n`, so that `‖ẑ‖² = nt` with `t = v/(v + ε) < 1`
/// and `δ² = (1 − t)/ε`. On the centred rows `P = I − ẑẑᵀ/n` has the eigenvalues `1 − t` and, beside it, `1`. The constant of
/// every inequality is the best possible, for rows of two entries or more.
public enum NormalizationNormLaws {
  private static let Z = Formula.variable("Z", "m", "n")
  private static let G = Formula.variable("G", "m", "n")
  private static let e = Formula.variable("e", 1, 1)
  private static let positive = [Rule.Condition.nonNegative(e)]
  private static let value = NormalizationFunctions.layerNorm(Z, e)
  private static let product = NormalizationFunctions.product(Z, G, e)
  private static let second = NormalizationFunctions.secondDerivative(Z, G, e)
  /// `‖δ‖_max`, the largest `1/√(v + ε)`.
  private static let delta = NormalizationFunctions.inverseDeviation(Z, e).norm(.largestEntry)

  private static func named(_ prefix: String, _ norm: Norm) -> Rule.ID {
    Rule.ID(rawValue: "norm_\(prefix)_\(norm.rawValue)")
  }

  /// `‖δ(Z, ε)‖_max ≤ 1/√ε`, attained at constant rows.
  public static let inverseDeviation = Rule(
    "norm_inverseDeviation_largestEntry", because: "The variance is at least zero.", when: positive
  ) { delta ≤ e.squareRoot.inverse }

  // MARK: The value

  /// `‖layerNorm(Z, ε)‖_{2,∞} ≤ √n` for `n` columns, approached as the variance grows.
  public static let valueRow = Rule(
    "norm_layerNorm_largestRow_size", because: "`‖ẑ‖² = nt` with `t = v/(v + ε) < 1`.", when: positive
  ) { value.norm(.largestRow) ≤ NormLaws.root("n") }
  /// `‖layerNorm(Z, ε)‖ ≤ ‖δ(Z, ε)‖_max ‖Z‖`, for norms that do not grow where rows are centred and each is scaled.
  public static let valueScaled = [Norm.spectral, .frobenius, .largestRow, .rowRange].map { norm in
    Rule(
      named("layerNorm", norm),
      because: "`diag(δ)` times `Z(I − 11ᵀ/n)`, a projection that keeps the differences in a row.", when: positive
    ) { value.norm(norm) ≤ delta * Z.norm(norm) }
  }
  /// `diam(layerNorm(Z, ε)) ≤ diam(Z)/√ε`.
  public static let valueDiameter = Rule(
    "norm_layerNorm_diameter", because: "The Jacobian of a row is at most `δ ≤ 1/√ε`.", when: positive
  ) { value.norm(.diameter) ≤ e.squareRoot.inverse * Z.norm(.diameter) }

  // MARK: Derivatives

  /// `‖layerNorm′(Z, ε)‖₂ ≤ ‖δ(Z, ε)‖_max`.
  public static let jacobian = Rule(
    "norm_layerNormJacobian", because: "Block i is `δP`, and the eigenvalues of `P` are 0, `1 − t` and 1.",
    when: positive
  ) { NormalizationFunctions.jacobian(Z, e).norm() ≤ delta }
  /// `‖𝒫(Z, G, ε)‖ ≤ ‖δ(Z, ε)‖_max ‖G‖` in the norms that are taken row by row.
  public static let products = [Norm.frobenius, .largestRow].map { norm in
    Rule(named("layerNormProduct", norm), because: "Row i is `δPg`, and `‖P‖₂ ≤ 1`.", when: positive) {
      product.norm(norm) ≤ delta * G.norm(norm)
    }
  }
  /// `‖layerNorm″(Z, G, ε)‖₂ ≤ (48√5/125) ‖G‖_{2,∞}/(√n ε)`; the constant is best possible.
  public static let secondDerivative = Rule(
    "norm_layerNormSecondDerivative", citing: Citation("banach1938", ""),
    because: """
      The third derivative of `n√(v + ε)` is a symmetric trilinear form, greatest on unit vectors that agree. For a centred \
      unit vector at the angle with cosine `a` to `ẑ` it is `−3a√t(1 − ta²)δ²/√n` with `δ² = (1 − t)/ε`. Its size grows with \
      `a` up to `a² = 1/(3t)`: for `t ≤ 1/3` it is at most `3√t(1 − t)²`, greatest at `t = 1/5` with `48√5/125 = 0.8586…`; \
      for `t ≥ 1/3` at most `2(1 − t)/√3`, which is at most `4√3/9 = 0.7698…`.
      """, when: positive
  ) {
    second.norm()
      ≤ .integer(48) * Formula.integer(5).squareRoot * Formula.integer(125).inverse * NormLaws.root("n").inverse
      * e.inverse
      * G.norm(.largestRow)
  }
  /// `‖layerNorm″(Z, G, ε)‖₂ ≤ (2√3/3) ‖δ(Z, ε)‖_max² ‖G‖_{2,∞}/√n`; the constant is best possible.
  public static let secondDerivativeMeasured = Rule(
    "norm_layerNormSecondDerivative_inverseDeviation", citing: Citation("banach1938", ""),
    because: """
      As before, with `δ²` kept: `3a√t(1 − ta²)` is greatest where `ta² = 1/3`, with `2/√3`, which needs `t ≥ 1/3`; for \
      `t ≤ 1/3` it is at most `3√t(1 − t)`, which grows up to there.
      """, when: positive
  ) {
    second.norm()
      ≤ .integer(2) * Formula.integer(3).squareRoot * Formula.integer(3).inverse * NormLaws.root("n").inverse
      * delta * delta * G.norm(.largestRow)
  }

  public static let all: [Rule] =
    [inverseDeviation, valueRow] + valueScaled + [valueDiameter, jacobian] + products
    + [secondDerivative, secondDerivativeMeasured]
}
