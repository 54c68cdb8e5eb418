import Formulas
import MatrixCalculus

/// The printed bound `‖H(w*)‖₂ ≤ M` of the paper on full transformer Hessians: a claim, never used as true.
///
/// - Holds: with `X : L×d_V` and square `W_V`; the entries stand for the blocks `(V,V)`, `(Q,Q)`, `(V,Q)`, `(Q,K)`, and the
///   factor 3 for three by three blocks.
/// - Source: [transformerhessian2025, Theorem 1].
public enum TransformerHessianTheorem {
  public static let dataNorm = Symbol("x", .scalar)
  public static let queryNorm = Symbol("q", .scalar)
  public static let keyNorm = Symbol("k", .scalar)
  public static let valueNorm = Symbol("v", .scalar)
  /// `‖Target‖`, spectral.
  public static let targetNorm = Symbol("y", .scalar)

  private static let x = Formula.symbol(dataNorm), q = Formula.symbol(queryNorm), k = Formula.symbol(keyNorm)
  private static let v = Formula.symbol(valueNorm), y = Formula.symbol(targetNorm)
  private static let L = Formula.size("L"), dV = Formula.size("d_V"), dK = Formula.size("d_K")
  private static let root = dK.squareRoot.inverse

  /// `√min(L, d_V) (L ‖X‖ ‖W_V‖ + ‖Target‖)`, the bound on `‖F − Y‖_F`.
  public static let residualBound = Formula.minimum([L, dV]).squareRoot * (L * x * v + y)

  /// The four entries of the maximum, in the order printed.
  public static let entries: [TheoremOne.Entry] = {
    let r = residualBound
    func over(_ numerator: Int, _ sizes: Formula...) -> Formula {
      Formula.integer(numerator) * Formula.product(sizes).inverse
    }
    let bilinear = Formula.integer(3) * L * k * q * x.power(5) + dV * L.inverse * x.power(3)
    return [
      .init(block: "V,V", terms: [Formula.integer(2) * L * dV.inverse * x.power(2)]),
      .init(
        block: "Q,Q",
        terms: [
          over(8, L, L, L, dV, dK) * k.power(2) * v.power(2) * x.power(6),
          over(12, dV, dK) * r * v * k.power(2) * x.power(5),
        ]),
      .init(
        block: "V,Q",
        terms: [over(4, L, dV) * root * v * k * x.power(4), over(4, L, L) * root * r * k * x.power(3)]),
      .init(
        block: "Q,K",
        terms: [
          over(8, L, L, L, dV, dK) * k * q * v.power(2) * x.power(6), over(4, L, dV) * root * r * v * bilinear,
        ]),
    ]
  }()

  /// `M`, three times the maximum of the four entries.
  public static let bound = Formula.integer(3) * .maximum(entries.map(\.value))
}
