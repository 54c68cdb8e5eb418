import Formulas

/// Reverse mode: the pullback `∇_W⟨G, F⟩`, with `vec_r(∇_W⟨G, F⟩) = (∂F/∂W)ᵀ vec_r(G)`, of every operator.
public enum PullbackLaws {
  private static let W = DifferentiationLaws.W
  private static let A = DifferentiationLaws.A
  private static let B = DifferentiationLaws.B
  private static let s = DifferentiationLaws.s
  private static let G = Formula.variable("G", "m", "n")
  private static let source = Citation("griewank2008", "Ch. 3")

  /// `∇_W⟨G, C⟩ = 0` for `C` that does not depend on `W`.
  public static let pullbackConst = Rule(
    "pullback_const", .law, .bookkeeping, because: "The derivative of a constant.", when: [.independent(A, of: W)]
  ) { .pullback(A, W, G) ==> .zero("p", "q") }

  /// `∇_W⟨G, W⟩ = G`.
  public static let pullbackSelf = Rule("pullback_self", citing: source) {
    let G = Formula.variable("G", "p", "q")
    return .pullback(W, W, G) ==> G
  }

  /// `∇_W⟨G, A + B⟩ = ∇_W⟨G, A⟩ + ∇_W⟨G, B⟩`.
  public static let pullbackAdd = Rule("pullback_add", citing: source) {
    .pullback(A + B, W, G) ==> .pullback(A, W, G) + .pullback(B, W, G)
  }

  /// `∇_W⟨G, AB⟩ = ∇_W⟨GBᵀ, A⟩ + ∇_W⟨AᵀG, B⟩`.
  public static let pullbackMul = Rule("pullback_mul", citing: source) {
    let B = Formula.variable("B", "n", "r"), G = Formula.variable("G", "m", "r")
    return .pullback(A * B, W, G) ==> .pullback(A, W, G * B.transposed) + .pullback(B, W, A.transposed * G)
  }

  /// `∇_W⟨G, sA⟩ = s ∇_W⟨G, A⟩ + ∇_W⟨vec_r(A)ᵀ vec_r(G), s⟩`.
  public static let pullbackScale = Rule("pullback_scale", citing: source) {
    .pullback(A.scaled(by: s), W, G)
      ==> Formula.pullback(A, W, G).scaled(by: s) + .pullback(s, W, A.vectorized.transposed * G.vectorized)
  }

  /// `∇_W⟨G, Aᵀ⟩ = ∇_W⟨Gᵀ, A⟩`.
  public static let pullbackTranspose = Rule("pullback_transpose", citing: source) {
    let G = Formula.variable("G", "n", "m")
    return .pullback(A.transposed, W, G) ==> .pullback(A, W, G.transposed)
  }

  /// `∇_W⟨G, A ⊙ B⟩ = ∇_W⟨G ⊙ B, A⟩ + ∇_W⟨G ⊙ A, B⟩`.
  public static let pullbackHadamard = Rule("pullback_hadamard", citing: source) {
    .pullback(A ⊙ B, W, G) ==> .pullback(A, W, G ⊙ B) + .pullback(B, W, G ⊙ A)
  }

  /// `∇_W⟨G, exp(A)⟩ = ∇_W⟨G ⊙ exp(A), A⟩`, the exponential taken elementwise.
  public static let pullbackExp = Rule("pullback_exp", citing: source) {
    .pullback(A.mapped(.exponential), W, G) ==> .pullback(A, W, G ⊙ A.mapped(.exponential))
  }

  /// `∇_W⟨G, 1/A⟩ = −∇_W⟨G ⊙ (1/A ⊙ 1/A), A⟩`, the reciprocal taken elementwise.
  public static let pullbackReciprocal = Rule("pullback_reciprocal", citing: source) {
    .pullback(A.inverse, W, G) ==> -Formula.pullback(A, W, G ⊙ (A.inverse ⊙ A.inverse))
  }

  /// `∇_W⟨G, A^{−1/2}⟩ = −½ ∇_W⟨G ⊙ (R ⊙ R ⊙ R), A⟩` with `R = A^{−1/2}`, the reciprocal of the root taken elementwise.
  public static let pullbackReciprocalSquareRoot = Rule(
    "pullback_reciprocalSquareRoot", because: "Entry by entry, `r′ = −r³/2` for `r = 1/√x`."
  ) {
    let R = A.mapped(.reciprocalSquareRoot)
    return .pullback(R, W, G)
      ==> Formula.pullback(A, W, G ⊙ (R ⊙ (R ⊙ R))).scaled(by: .integer(-1) * Formula.integer(2).inverse)
  }

  public static let all = [
    pullbackConst, pullbackSelf, pullbackAdd, pullbackMul, pullbackScale, pullbackTranspose, pullbackHadamard,
    pullbackExp, pullbackReciprocal, pullbackReciprocalSquareRoot,
  ]
}
