import Formulas

/// The printed bound on one more sample's effect, `|L_{k+1}(w) − L_k(w)| ≤ (2 𝓛 + M r²)/(k + 1)`, with `r ≥ ‖w − w*‖₂`.
///
/// - Holds: as printed it assumes that all losses share the minimiser `w*` and drops the first-order term and the
///   remainder of the quadratic model; a claim, not a theorem.
/// - Source: [petrov2025slides, Theorem 2]; the source writes L for the bound on the loss.
public enum TheoremTwo {
  public static let lossBound = Symbol("ell_max", .scalar)
  public static let hessianBound = Symbol("M", .scalar)
  public static let radius = Symbol("r", .scalar)
  public static let tolerance = Symbol("epsilon", .scalar)

  /// `2 𝓛 + M r²`, what is divided by `k + 1`.
  public static let numerator =
    Formula.integer(2) * .symbol(lossBound) + .symbol(hessianBound) * Formula.symbol(radius).power(2)

  /// `(2 𝓛 + M r²)/ε`, whose ceiling is `k* + 1`.
  public static let ratio = numerator * Formula.symbol(tolerance).inverse
}
