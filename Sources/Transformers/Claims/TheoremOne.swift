import Formulas

/// The printed bound `‖H(w*)‖₂ ≤ M` of the source slides, Theorem 1: a claim, evaluated as printed, never used as true.
///
/// - Holds: the slides state it for `d = d_V`, with `X_max` and `W_max` the largest singular values of the data and of any
///   weight matrix, and define neither `R_max` nor `S_max`. From their proof we read `R_max = ‖F − Y‖_F` and
///   `S_max = √d_V`, the norm of the shuffling matrix.
/// - Source: [petrov2025slides, Theorem 1]. It is false as printed: see MATH.md, section 4.
public enum TheoremOne {
  /// One entry of the maximum: the blocks it stands for, and its terms.
  public struct Entry: Sendable {
    /// The blocks, such as `V,V`.
    public let block: String
    public let terms: [Formula]
    /// The sum of the terms.
    public var value: Formula { .sum(terms) }
  }

  /// Largest singular value of the data.
  public static let dataNorm = Symbol("X_max", .scalar)
  /// Largest singular value of any weight matrix.
  public static let weightNorm = Symbol("W_max", .scalar)
  /// `‖F − Y‖_F`, by our reading.
  public static let residualNorm = Symbol("R_max", .scalar)
  /// Norm of the shuffling matrix, `√d_V` by our reading.
  public static let shufflingNorm = Symbol("S_max", .scalar)

  private static let X = Formula.symbol(dataNorm), W = Formula.symbol(weightNorm)
  private static let R = Formula.symbol(residualNorm), S = Formula.symbol(shufflingNorm)

  /// The four entries, in the order printed.
  public static let entries: [Entry] = {
    let c = Formula.integer(2) * Formula.size("L" * Size("d_V")).inverse
    let root = Formula.size("d_K").squareRoot.inverse, reciprocal = Formula.size("d_K").inverse
    let outer = c * reciprocal * W.power(4) * X.power(6)
    let functional = c * reciprocal * R * W.power(3) * X.power(5)
    return [
      Entry(block: "V,V", terms: [c * X.power(2)]),
      Entry(block: "Q,Q", terms: [outer, functional]),
      Entry(block: "V,Q", terms: [c * root * X.power(4) * W.power(2), c * root * R * S * X.power(3) * W]),
      Entry(block: "Q,K", terms: [outer, functional, c * root * R * W * X.power(3) * S]),
    ]
  }()

  /// `M`, the maximum of the four entries.
  public static let bound = Formula.maximum(entries.map(\.value))

  /// `√d_V`, the value of `S_max` by our reading.
  public static let shufflingNormReading = Formula.size("d_V").squareRoot
}
