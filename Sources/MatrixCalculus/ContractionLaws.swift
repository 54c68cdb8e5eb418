import Formulas

/// The contraction `(vec_r(G)ᵀ ⊗ I) ∂B/∂W` pushed to the factors of `B`, without forming `∂B/∂W`.
///
/// `G` is not differentiated. Forming the derivative of a Kronecker product first would bring in shuffling matrices and
/// with them a factor `√d_V` in every bound.
public enum ContractionLaws {
  private static let W = DifferentiationLaws.W
  private static let s = DifferentiationLaws.s
  private static let G = Formula.variable("G", "m", "n")
  private static let B = Formula.variable("B", Size("m") * "n", "r")
  private static let definition = "Write `(vec_r(G)ᵀ ⊗ I) vec_r(dB) = dBᵀ vec_r(G)` and differentiate."

  /// What a contraction is.
  public static let contractionDefinition = Rule(
    "contraction_def", because: "The definition of the contraction."
  ) { .contraction(G, B, W) ==> (G.vectorized.transposed ⊗ .identity("r")) * B.jacobian(W) }

  /// A contraction with a constant matrix is zero.
  public static let contractionConst = Rule(
    "contraction_const", .law, .bookkeeping, because: "The derivative of a constant.", when: [.independent(B, of: W)]
  ) { .contraction(G, B, W) ==> .zero("r", Size("p") * "q") }

  public static let contractionAdd = Rule("contraction_add", because: definition) {
    let C = Formula.variable("C", Size("m") * "n", "r")
    return .contraction(G, B + C, W) ==> .contraction(G, B, W) + .contraction(G, C, W)
  }

  /// With a factor: `s` times the contraction, plus `Bᵀ vec_r(G) ∂s/∂W`.
  public static let contractionScale = Rule("contraction_scale", because: definition) {
    .contraction(G, B.scaled(by: s), W)
      ==> Formula.contraction(G, B, W).scaled(by: s) + B.transposed * G.vectorized * s.jacobian(W)
  }

  /// The product rule: contract `M` with `Bᵀ vec_r(G)`, and `B` with `G`.
  public static let contractionMul = Rule("contraction_mul", because: definition) {
    let M = Formula.variable("M", "r", "t")
    return .contraction(G, B * M, W)
      ==> .contraction(B.transposed * G.vectorized, M, W) + M.transposed * .contraction(G, B, W)
  }

  /// Only `vec_r(G)` matters.
  public static let contractionVectorize = Rule(
    "contraction_vectorize", .law, .bookkeeping, because: "Stacking the rows of a column gives the column."
  ) { .contraction(G.vectorized, B, W) ==> .contraction(G, B, W) }

  /// `(vec_r(G)ᵀ ⊗ I) ∂(A ⊗ B)/∂W = (I_n ⊗ BᵀGᵀ) K_{m,n} ∂A/∂W + (AᵀG ⊗ I_s) ∂B/∂W`.
  public static let contractionKronecker = Rule(
    "contraction_kronecker", because: "`(A ⊗ B)ᵀ vec_r(G) = vec_r(AᵀGB)`, differentiated by `A` and by `B`."
  ) {
    let A = Formula.variable("A", "m", "n"), B = Formula.variable("B", "r", "s"), G = Formula.variable("G", "m", "r")
    return .contraction(G, A ⊗ B, W)
      ==> (.identity("n") ⊗ (B.transposed * G.transposed)) * .commutation("m", "n") * A.jacobian(W)
      + ((A.transposed * G) ⊗ .identity("s")) * B.jacobian(W)
  }

  /// `(vec_r(G)ᵀ ⊗ I) ∂diag(vec_r A)/∂W = diag(vec_r G) ∂A/∂W`.
  public static let contractionDiagonal = Rule(
    "contraction_diagonal", because: "`diag(a)ᵀ g = diag(g) a`, differentiated by `a`."
  ) {
    let A = Formula.variable("A", "m", "n")
    return .contraction(G, A.vectorized.diagonal, W) ==> G.vectorized.diagonal * A.jacobian(W)
  }

  // MARK: Seeds of another shape

  /// `(vec_r(G)ᵀ ⊗ I) ∂diag(v)/∂W = diag(vec_r G) ∂v/∂W`, also where `v` is no `vec_r` of a matrix of the shape of `G`.
  public static let contractionDiagonalColumn = Rule(
    "contraction_diagonal_column", because: "`diag(v)ᵀ g = diag(g) v`, differentiated by `v`."
  ) {
    let v = Formula.variable("v", Size("m") * "n", 1)
    return .contraction(G, v.diagonal, W) ==> G.vectorized.diagonal * v.jacobian(W)
  }

  /// `(vec_r(G)ᵀ ⊗ I) ∂(Aᵀ)/∂W = (I ⊗ vec_r(G)ᵀ) ∂A/∂W`.
  public static let contractionTranspose = Rule(
    "contraction_transpose", because: "`(Aᵀ)ᵀ g = A g`, differentiated by `A`."
  ) {
    let A = Formula.variable("A", "r", Size("m") * "n")
    return .contraction(G, A.transposed, W) ==> (.identity("r") ⊗ G.vectorized.transposed) * A.jacobian(W)
  }

  /// `(vec_r(G)ᵀ ⊗ I) ∂W/∂W = vec_r(G)ᵀ ⊗ I`.
  public static let contractionSelf = Rule("contraction_self", because: "`∂W/∂W = I`.") {
    let W = Formula.variable("W", Size("m") * "n", "q")
    return .contraction(G, W, W) ==> G.vectorized.transposed ⊗ .identity("q")
  }

  /// What carries a contraction to the factors of its matrix.
  public static let pushing = [
    contractionConst, contractionVectorize, contractionAdd, contractionScale, contractionMul, contractionKronecker,
    contractionDiagonal, contractionDiagonalColumn, contractionTranspose, contractionSelf,
  ]
  public static let all = pushing + [contractionDefinition]
}
