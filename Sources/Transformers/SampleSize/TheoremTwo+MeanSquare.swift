import Formulas

extension TheoremTwo {
  /// `σ`, the deviation of each weight.
  public static let deviation = Symbol("sigma", .scalar)
  /// The name of the number of weights.
  public static let parameters = "n"

  /// `N_2 = 12 M_ℓ² + 3σ² M_g² + 3σ⁴ (n² + 2n) M_H²`, what is divided by `(k + 1)²` in the bound on the mean square of one
  /// more sample's effect over `w ~ N(w*, σ²I)`.
  ///
  /// - Source: [transformerhessian2025]; the claim `P4.m2`.
  public static let meanSquareNumerator: Formula = {
    let n = Formula.size(Size(parameters)), sigma = Formula.symbol(deviation)
    return .integer(12) * Formula.symbol(IncrementBound.largestLoss).power(2)
      + .integer(3) * sigma.power(2) * Formula.symbol(IncrementBound.largestGradient).power(2)
      + .integer(3) * sigma.power(4) * (n * n + .integer(2) * n)
      * Formula.symbol(IncrementBound.largestHessian).power(2)
  }()
}
