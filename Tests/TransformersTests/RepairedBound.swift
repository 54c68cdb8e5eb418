import Formulas
import Transformers

/// The repaired bound of MATH.md, section 4, `‖H‖₂ ≤ λ_max` of the matrix of block bounds, written out by hand: what the
/// derived bounds are measured against.
///
/// - Holds: for one softmax head at any point, any `d`, `d_V`, `d_K`, with `x ≥ ‖X‖₂`, `q ≥ ‖W_Q‖₂`, `k ≥ ‖W_K‖₂`,
///   `v ≥ ‖W_V‖₂`, `α ≥ ‖A‖₂` (always true for `√L`), `ρ ≥ ‖F − Y‖_F`, `ρ_∞ ≥` the largest row norm of `F − Y`.
/// - Source: MATH.md, section 4; block compression of the norm, `‖[B_ij]‖₂ ≤ ‖[‖B_ij‖₂]‖₂`.
enum RepairedBound {
  static let dataNorm = Symbol("x", .scalar)
  static let queryNorm = Symbol("q", .scalar)
  static let keyNorm = Symbol("k", .scalar)
  static let valueNorm = Symbol("v", .scalar)
  static let attentionNorm = Symbol("alpha", .scalar)
  static let residualNorm = Symbol("rho", .scalar)
  static let residualRowNorm = Symbol("rho_infty", .scalar)

  /// `√L`, which bounds the norm of every row-stochastic `L×L` matrix.
  static let attentionNormBound = Formula.size("L").squareRoot

  /// `√L X_max W_V + ‖Y‖_F`: bounds the residual at any weights of norm `W_V`.
  static let residualNormBound =
    Formula.size("L").squareRoot * .symbol(dataNorm) * .symbol(valueNorm) + .symbol(targetNorm)
  /// `‖Y‖_F`.
  static let targetNorm = Symbol("y", .scalar)

  private static let x = Formula.symbol(dataNorm), v = Formula.symbol(valueNorm)
  private static let alpha = Formula.symbol(attentionNorm), rho = Formula.symbol(residualNorm)
  private static let rowRho = Formula.symbol(residualRowNorm)
  private static let half = Formula.integer(2).inverse, quarter = Formula.integer(4).inverse
  /// `√6/9`, the best constant of the third moment of a distribution.
  private static let tau = Formula.integer(6).squareRoot * Formula.integer(9).inverse
  private static let c = Formula.integer(2) * Formula.size("L" * Size("d_V")).inverse
  private static let root = Formula.size("d_K").squareRoot.inverse
  private static let reciprocal = Formula.size("d_K").inverse

  /// The bound of the block of two parameters, each `Q`, `K` or `V`.
  static func block(_ row: String, _ column: String) -> Formula? {
    guard let a = weight[row], let b = weight[column] else { return nil }
    switch (row, column) {
    case ("V", "V"): return c * alpha.power(2) * x.power(2)
    case ("V", _): return .sum(valueTerms(partner(column)))
    case (_, "V"): return .sum(valueTerms(partner(row)))
    case ("K", "Q"): return block("Q", "K")
    default:
      let outer = c * quarter * reciprocal * x.power(6) * v.power(2) * partner(row) * partner(column)
      let functional = c * tau * reciprocal * x.power(5) * v * partner(row) * partner(column) * rowRho
      if a == b { return outer + functional }
      return outer + functional + c * half * root * x.power(3) * v * rho
    }
  }

  /// The symmetric matrix of block bounds, in the order Q, K, V.
  static let blocks: Formula = {
    let names = ["Q", "K", "V"]
    return .blocks(names.map { row in names.compactMap { block(row, $0) } })
  }()

  /// The largest eigenvalue of the matrix of block bounds, which is its spectral norm.
  static let bound = blocks.norm(.spectral)

  private static let weight = [
    "Q": Formula.symbol(queryNorm), "K": Formula.symbol(keyNorm), "V": Formula.symbol(valueNorm),
  ]
  /// Differentiating the logits by one of query and key leaves the norm of the other.
  private static func partner(_ name: String) -> Formula { .symbol(name == "Q" ? keyNorm : queryNorm) }
  private static func valueTerms(_ other: Formula) -> [Formula] {
    [c * half * root * alpha * x.power(4) * v * other, c * half * root * x.power(3) * other * rho]
  }
}
