import Formulas
import MatrixCalculus

/// The printed block formulas of [ormaniec2024, Theorems 3.1 and 3.2], for one softmax head with `d = d_V`.
///
/// Each claim states that the printed formula equals the derived part of the block. The printed `K_{m,n}` has
/// `K_{m,n} vec(A) = vec(Aᵀ)` in *column* vectorisation; in row vectorisation that is `K_{n,m}`.
public enum BlockClaims {
  /// Which part of a block a claim is about.
  public enum Part: String, Sendable {
    case outer = "H_o", functional = "H_f"

    /// The part in the name of a claim.
    var letter: String { self == .outer ? "o" : "f" }
  }

  /// The logits as a matrix of their own, so that one can differentiate by them.
  public static let logits = ClaimedLayer.logits

  private static let L = ClaimedLayer.L, n = ClaimedLayer.n, k = ClaimedLayer.k
  private static let X = ClaimedLayer.X, Y = ClaimedLayer.Y
  private static let WQ = ClaimedLayer.WQ, WK = ClaimedLayer.WK, WV = ClaimedLayer.WV
  private static let A = ClaimedLayer.A, Z1 = ClaimedLayer.Z1, Z2 = ClaimedLayer.Z2, S = ClaimedLayer.S
  private static let R = A * X * WV - Y
  private static let I = Formula.identity(n)

  /// `M_1 = AX`.
  private static let M1 = A * X
  /// `R_m = vec_r(F − Y)ᵀ ⊗ I_m`.
  private static func residual(_ m: Size) -> Formula { R.vectorized.transposed ⊗ .identity(m) }
  /// The printed `K_{d_K,d_V}`, of column vectorisation.
  private static let K = Formula.commutation(n, k)

  private static func coefficient(_ below: Formula) -> Formula {
    Formula.integer(2) * Formula.size(L * n).inverse * below.inverse
  }
  private static let c = Formula.integer(2) * Formula.size(L * n).inverse
  private static let cRoot = coefficient(Formula.size(k).squareRoot)
  private static let cKey = coefficient(.size(k))

  private static let outerMiddle =
    (I ⊗ WK.transposed) * Z1.transposed * (.identity(L) ⊗ (WV * WV.transposed)) * Z1
  private static let functionalLeft =
    residual(n * k) * (.identity(L) ⊗ WV.transposed ⊗ I ⊗ WK.transposed) * Z2

  private static let printed: [(Part, String, String, Formula)] = [
    (.outer, "V", "V", ((M1.transposed * M1) ⊗ I).scaled(by: c)),
    (.outer, "Q", "Q", (outerMiddle * (I ⊗ WK)).scaled(by: cKey)),
    (.outer, "V", "Q", ((M1.transposed ⊗ WV.transposed) * Z1 * (I ⊗ WK)).scaled(by: cRoot)),
    (.outer, "Q", "K", (outerMiddle * (WQ ⊗ I) * K).scaled(by: cKey)),
    (.functional, "V", "V", .zero(n * n, n * n)),
    (.functional, "Q", "Q", (functionalLeft * (I ⊗ WK)).scaled(by: cKey)),
    (.functional, "V", "Q", (residual(n * n) * (.identity(L) ⊗ S) * Z1 * (I ⊗ WK)).scaled(by: cRoot)),
    (
      .functional, "Q", "K",
      (functionalLeft * (WQ ⊗ I) * K).scaled(by: cKey)
        + ((residual(n) * (.identity(L) ⊗ WV.transposed ⊗ I) * (Z1 ⊗ I) * S) ⊗ .identity(k)).scaled(by: cRoot)
    ),
  ]

  /// The claims about the derived parts, in free matrices: both sides hold for any logits in place of those of the layer.
  public static let claims: [Claim] = claims(about: ClaimedLayer.derivation)

  /// The claims about the parts of the blocks that a derivation for one softmax head gives.
  ///
  /// - Precondition: the derivation is for one softmax head.
  public static func claims(about derivation: HessianDerivation) -> [Claim] {
    precondition(
      derivation.objective.attention?.kernel == .softmax && derivation.objective.attention?.heads == nil,
      "the printed blocks are those of one softmax head")
    let parameters = derivation.objective.model.parameters
    return printed.compactMap { part, row, column, formula in
      guard let u = parameters.first(where: { $0.name == "W_\(row)" }),
        let w = parameters.first(where: { $0.name == "W_\(column)" })
      else { return nil }
      let block = derivation.block(u, w)
      return Claim(
        id: "P3.\(part.letter).\(row)\(column)", title: "\(part.rawValue)(\(row),\(column))", kind: .identity,
        citation: Citation("ormaniec2024", part == .outer ? "Theorem 3.1" : "Theorem 3.2"),
        hypotheses: ["d = d_V"], sizes: ["d": n],
        reading: column == "K" ? "the printed `K_{d_K,d_V}` is of column vectorisation: `K_{d_V,d_K}` in ours" : "",
        names: [.init(Z1, "Z_1"), .init(Z2, "Z_2"), .init(S, "S"), .init(A, "A")],
        statement: Judgement(
          freed(part == .outer ? block.outerProduct : block.functional, derivation), .equal, formula))
    }
  }

  /// The derived formula, names unfolded, with free logits in place of `X W_Q W_Kᵀ Xᵀ/√d_K`.
  private static func freed(_ formula: Formula, _ derivation: HessianDerivation) -> Formula {
    let logits = derivation.objective.model.logits.reduce(into: [:]) { $0[$1] = ClaimedLayer.T }
    return derivation.unfolded(formula).replacing(logits).substituting(sizes: ClaimedLayer.equalWidths)
  }
}
