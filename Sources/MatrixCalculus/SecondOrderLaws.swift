import Formulas

/// What links second derivatives of a loss to first derivatives of matrices.
public enum SecondOrderLaws {
  private static let W = DifferentiationLaws.W
  private static let U = DifferentiationLaws.U
  private static let R = Formula.variable("R", "m", "n")
  private static let F = Formula.variable("F", "m", "n")
  private static let G = Formula.variable("G", "m", "n")
  private static let c = Formula.variable("c", 1, 1)
  private static let squares = (R.vectorized.transposed * R.vectorized).scaled(by: c)
  private static let seed = R.scaled(by: .integer(2) * c)

  /// The Gauss–Newton split `∂²(c ‖R‖_F²)/∂U∂W = 2c (∂R/∂U)ᵀ ∂R/∂W + (vec_r(2cR)ᵀ ⊗ I) ∂²R/∂U∂W`.
  public static let gaussNewton = Rule(
    "gauss_newton", citing: Citation("schraudolph2002", "§3"),
    when: [.independent(c, of: U), .independent(c, of: W)]
  ) {
    squares.jacobian(U).jacobian(W)
      ==> (R.jacobian(U).transposed * R.jacobian(W)).scaled(by: .integer(2) * c)
      + .contraction(seed, R.jacobian(U), W)
  }

  /// The gradient of a sum of squares, `∂(c ‖R‖_F²)/∂U = vec_r(∇_U⟨2cR, R⟩)ᵀ`.
  public static let gradientSquares = Rule(
    "gradient_squares", citing: Citation("magnus2019", "Ch. 9"), when: [.independent(c, of: U)]
  ) { squares.jacobian(U) ==> Formula.pullback(R, U, seed).vectorized.transposed }

  // MARK: Softmax cross-entropy

  private static let H = Formula.variable("H", "m", "n")
  private static let P = RowwiseFunctions.softmax(F)
  /// The sums of the rows of `H`, each in all places of its row.
  private static let rowSums = H * .ones("n", "n")
  private static let crossEntropy =
    (H.vectorized.transposed * RowwiseFunctions.logSoftmax(F).vectorized).scaled(by: .integer(-1) * c)
  private static let crossEntropySeed = (P ⊙ rowSums - H).scaled(by: c)

  /// The Gauss–Newton split of the softmax cross-entropy,
  /// `∂²(−c⟨H, logSoftmax(F)⟩)/∂U∂W = c (∂F/∂U)ᵀ diag(vec_r(H11ᵀ)) 𝒟(softmax(F)) ∂F/∂W
  /// + (vec_r(c(softmax(F) ⊙ (H11ᵀ) − H))ᵀ ⊗ I) ∂²F/∂U∂W`, for any `H`.
  public static let gaussNewtonCrossEntropy = Rule(
    "gauss_newton_crossEntropy", citing: Citation("schraudolph2002", "§3"),
    when: [H, c].flatMap { [.independent($0, of: U), .independent($0, of: W)] }
  ) {
    crossEntropy.jacobian(U).jacobian(W)
      ==> (F.jacobian(U).transposed * rowSums.vectorized.diagonal * RowwiseFunctions.softmaxJacobian(P)
      * F.jacobian(W)).scaled(by: c)
      + .contraction(crossEntropySeed, F.jacobian(U), W)
  }

  /// The gradient of the softmax cross-entropy, `∂(−c⟨H, logSoftmax(F)⟩)/∂U = vec_r(∇_U⟨c(softmax(F) ⊙ (H11ᵀ) − H), F⟩)ᵀ`.
  public static let gradientCrossEntropy = Rule(
    "gradient_crossEntropy", because: "The derivative of the logarithm of a sum of exponentials is softmax.",
    when: [.independent(H, of: U), .independent(c, of: U)]
  ) { crossEntropy.jacobian(U) ==> Formula.pullback(F, U, crossEntropySeed).vectorized.transposed }

  /// What a pullback is: `vec_r(∇_W⟨G, F⟩) = (∂F/∂W)ᵀ vec_r(G)`.
  public static let vectorizePullback = Rule(
    "vectorize_pullback", because: "The definition of the pullback (reverse-mode derivative)."
  ) { Formula.pullback(F, W, G).vectorized ==> F.jacobian(W).transposed * G.vectorized }

  /// The pullback is linear in its seed, with the transposed Jacobian as matrix: `(∂F/∂U)ᵀ = ∂(∇_U⟨G, F⟩)/∂G`.
  public static let transposeJacobian = Rule(
    "transpose_jacobian", because: "Differentiate `vec_r(∇_U⟨G, F⟩) = (∂F/∂U)ᵀ vec_r(G)` by `G`.",
    when: [.independent(F, of: G)]
  ) { F.jacobian(U).transposed ==> Formula.pullback(F, U, G).jacobian(G) }

  /// Differentiating a gradient whose seed is held fixed: `(vec_r(G)ᵀ ⊗ I) ∂²F/∂U∂W = ∂(∇_U⟨G, F⟩)/∂W`.
  public static let contractionJacobian = Rule(
    "contraction_jacobian", because: "Differentiate `vec_r(∇_U⟨G, F⟩) = (∂F/∂U)ᵀ vec_r(G)` by `W` at constant `G`.",
    when: [.independent(G, of: W)]
  ) { .contraction(G, F.jacobian(U), W) ==> Formula.pullback(F, U, G).jacobian(W) }

  public static let all = [
    gaussNewton, gradientSquares, gaussNewtonCrossEntropy, gradientCrossEntropy, vectorizePullback, transposeJacobian,
    contractionJacobian,
  ]
}
