import Formulas

/// How far the mean loss `L_k(w)` of `k` independent samples can be from its expectation `L(w)`, at a `w` that does not
/// depend on the samples, for losses in an interval of length `B`.
///
/// With probability at least `1 − δ` it is `|L_k(w) − L(w)| ≤ ε` once the tail of Hoeffding's inequality is at most `δ`, or the
/// width of the empirical Bernstein inequality at most `ε`.
/// - Source: [hoeffding1963, Theorem 2]; [maurer2009, Theorem 4], on both sides, with `δ/2` for each.
public enum Concentration {
  /// `k`, the number of samples.
  public static let count = Symbol("k", .scalar)
  /// `B`, the length of an interval that contains every loss.
  public static let range = Symbol("B", .scalar)
  /// `V`, the sample variance, with divisor `k − 1`.
  public static let variance = Symbol("V", .scalar)
  /// `δ`, the probability of an error.
  public static let failure = Symbol("delta", .scalar)
  /// `λ = ln(2/δ)` for Hoeffding's inequality, `ln(4/δ)` for Bernstein's.
  public static let logarithm = Symbol("lambda", .scalar)
  /// `ε`.
  public static let tolerance = TheoremTwo.tolerance

  private static let k = Formula.symbol(count), B = Formula.symbol(range), V = Formula.symbol(variance)
  private static let epsilon = Formula.symbol(tolerance), lambda = Formula.symbol(logarithm)

  /// `2 exp(−2 k ε²/B²)`, a bound on the probability that the mean is more than `ε` off.
  public static let hoeffdingTail =
    Formula.integer(2)
    * (Formula.integer(-2) * k * epsilon.power(2) * B.power(2).inverse).mapped(.exponential)

  /// `B² λ/(2 ε²)`, whose ceiling is the least `k` at which the tail is at most `δ`, for `λ = ln(2/δ)`.
  public static let hoeffdingCount =
    B.power(2) * lambda * (Formula.integer(2) * epsilon.power(2)).inverse

  /// `√(2 V λ/k) + 7 B λ/(3 (k − 1))`, for `λ = ln(4/δ)` and `k ≥ 2`.
  public static let bernsteinWidth =
    (Formula.integer(2) * V * lambda * k.inverse).squareRoot
    + Formula.integer(7) * B * lambda * (Formula.integer(3) * (k - .integer(1))).inverse
}
