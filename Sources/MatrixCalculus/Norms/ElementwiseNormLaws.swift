import Formulas

/// Norms of functions of entries: `max(x, 0)`, the step function, `gelu` and its derivatives.
public enum ElementwiseNormLaws {
  private static let A = NormLaws.A
  private static let monotone: [Norm] = [.frobenius, .largestRow, .rowSum, .largestEntry]
  private static let lipschitz: [Norm] = [.diameter, .rowRange]

  private static func named(_ prefix: String, _ norm: Norm) -> Rule.ID {
    Rule.ID(rawValue: "norm_\(prefix)_\(norm.rawValue)")
  }

  /// `‖max(A, 0)‖ ≤ ‖A‖` in the norms of entries and rows, and in the seminorms of their differences.
  public static let relu = (monotone + lipschitz).map { norm in
    Rule(
      named("relu", norm),
      because: lipschitz.contains(norm)
        ? "`|max(x, 0) − max(y, 0)| ≤ |x − y|`." : "Entry by entry, `|max(x, 0)| ≤ |x|`."
    ) { A.mapped(.positivePart).norm(norm) ≤ A.norm(norm) }
  }

  /// `‖step(A)‖_max ≤ 1`.
  public static let step = Rule("norm_step_largestEntry", because: "Each entry is 0 or 1.") {
    A.mapped(.step).norm(.largestEntry) ≤ .integer(1)
  }

  /// `‖gelu(A)‖ ≤ ‖A‖` in the norms of entries and rows.
  public static let gelu = monotone.map { norm in
    Rule(named("gelu", norm), because: "Entry by entry, `|x Φ(x)| ≤ |x|`.") {
      ElementwiseFunctions.gelu(A).norm(norm) ≤ A.norm(norm)
    }
  }

  /// `‖gelu′(A)‖_max ≤ 1129/1000`, just above `Φ(√2) + √2 φ(√2) = 1.128904…`, the value at `x = √2`.
  public static let geluDerivative = Rule(
    "norm_geluDerivative_largestEntry",
    because: """
      `gelu″(x) = (2 − x²) φ(x)`: the slope grows between `−√2` and `√2` only, from `1 − 1.1289…` to \
      `Φ(√2) + √2 φ(√2) = 1.128904…`, which is rounded up; outside it falls towards 1 and to 0.
      """
  ) {
    ElementwiseFunctions.geluDerivative(A).norm(.largestEntry) ≤ .integer(1129) * Formula.integer(1000).inverse
  }

  /// `‖gelu″(A)‖_max ≤ 399/500`, just above `2φ(0) = √(2/π) = 0.797884…`, the value at zero.
  public static let geluSecondDerivative = Rule(
    "norm_geluSecondDerivative_largestEntry",
    because: """
      The derivative of `(2 − x²) φ(x)` is `(x³ − 4x) φ(x)`: it is greatest at 0, with `2φ(0) = 0.797884…`, which is \
      rounded up, and least at `±2`, with `−2φ(2) = −0.107981…`.
      """
  ) {
    ElementwiseFunctions.geluSecondDerivative(A).norm(.largestEntry) ≤ .integer(399) * Formula.integer(500).inverse
  }

  public static let all: [Rule] = relu + [step] + gelu + [geluDerivative, geluSecondDerivative]
}
