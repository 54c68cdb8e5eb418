import Formulas

/// The Jacobian `∂F/∂W = ∂vec_r(F)/∂vec_r(W)` of every operator.
public enum DifferentiationLaws {
  /// The matrix by which one differentiates, `p×q`.
  static let W = Formula.variable("W", "p", "q")
  /// A second one, `u×v`.
  static let U = Formula.variable("U", "u", "v")
  static let A = Formula.variable("A", "m", "n")
  static let B = Formula.variable("B", "m", "n")
  static let s = Formula.variable("s", 1, 1)
  static let calculus = Citation("magnus2019", "Ch. 9, row-vectorised")

  /// `∂W/∂W = I_{pq}`.
  public static let jacobianSelf = Rule("jacobian_self", citing: calculus) {
    W.jacobian(W) ==> .identity(Size("p") * "q")
  }

  /// `∂C/∂W = 0` for `C` that does not depend on `W`.
  public static let jacobianConst = Rule(
    "jacobian_const", .law, .bookkeeping, because: "The derivative of a constant.", when: [.independent(A, of: W)]
  ) { A.jacobian(W) ==> .zero(Size("m") * "n", Size("p") * "q") }

  /// `∂(A + B)/∂W = ∂A/∂W + ∂B/∂W`.
  public static let jacobianAdd = Rule("jacobian_add", citing: calculus) {
    (A + B).jacobian(W) ==> A.jacobian(W) + B.jacobian(W)
  }

  /// `∂(AB)/∂W = (I_m ⊗ Bᵀ) ∂A/∂W + (A ⊗ I_r) ∂B/∂W`.
  public static let jacobianMul = Rule("jacobian_mul", citing: calculus) {
    let B = Formula.variable("B", "n", "r")
    return (A * B).jacobian(W)
      ==> (.identity("m") ⊗ B.transposed) * A.jacobian(W) + (A ⊗ .identity("r")) * B.jacobian(W)
  }

  /// `∂(sA)/∂W = s ∂A/∂W + vec_r(A) ∂s/∂W`.
  public static let jacobianScale = Rule("jacobian_scale", citing: calculus) {
    A.scaled(by: s).jacobian(W) ==> A.jacobian(W).scaled(by: s) + A.vectorized * s.jacobian(W)
  }

  /// `∂(Aᵀ)/∂W = K_{m,n} ∂A/∂W`.
  public static let jacobianTranspose = Rule("jacobian_transpose", citing: Citation("magnus2019", "Ch. 3, §7")) {
    A.transposed.jacobian(W) ==> .commutation("m", "n") * A.jacobian(W)
  }

  /// `∂vec_r(A)/∂W = ∂A/∂W`.
  public static let jacobianVectorize = Rule(
    "jacobian_vectorize", .law, .bookkeeping, because: "Stacking the rows of a column gives the column."
  ) { A.vectorized.jacobian(W) ==> A.jacobian(W) }

  /// `∂(vec_r(A)ᵀ)/∂W = ∂A/∂W`.
  public static let jacobianVectorizeTranspose = Rule(
    "jacobian_vectorize_transpose", .law, .bookkeeping, because: "Stacking the rows of a row gives the transposed row."
  ) { A.vectorized.transposed.jacobian(W) ==> A.jacobian(W) }

  /// `∂(A ⊙ B)/∂W = diag(vec_r A) ∂B/∂W + diag(vec_r B) ∂A/∂W`.
  public static let jacobianHadamard = Rule("jacobian_hadamard", citing: calculus) {
    (A ⊙ B).jacobian(W) ==> A.vectorized.diagonal * B.jacobian(W) + B.vectorized.diagonal * A.jacobian(W)
  }

  /// `∂(A ⊗ B)/∂W = (I_m ⊗ K_{n,r} ⊗ I_s)(∂A/∂W ⊗ vec_r B + vec_r A ⊗ ∂B/∂W)`.
  public static let jacobianKronecker = Rule("jacobian_kronecker", citing: calculus) {
    let B = Formula.variable("B", "r", "s")
    return (A ⊗ B).jacobian(W)
      ==> (.identity("m") ⊗ .commutation("n", "r") ⊗ .identity("s"))
      * (A.jacobian(W) ⊗ B.vectorized + A.vectorized ⊗ B.jacobian(W))
  }

  /// `∂diag(v)/∂W = diag(vec_r I_n)(I_n ⊗ 1_{n×1}) ∂v/∂W`.
  public static let jacobianDiagonal = Rule(
    "jacobian_diagonal", because: "Entry `(i,j)` of `diag(v)` is `v_i` where `i = j` and zero elsewhere."
  ) {
    let v = Formula.variable("v", "n", 1)
    return v.diagonal.jacobian(W)
      ==> Formula.identity("n").vectorized.diagonal * (.identity("n") ⊗ .ones("n", 1)) * v.jacobian(W)
  }

  /// `∂exp(A)/∂W = diag(vec_r exp(A)) ∂A/∂W`, the exponential taken elementwise.
  public static let jacobianExp = Rule("jacobian_exp", citing: calculus) {
    A.mapped(.exponential).jacobian(W) ==> A.mapped(.exponential).vectorized.diagonal * A.jacobian(W)
  }

  /// `∂(1/A)/∂W = −diag(vec_r(1/A ⊙ 1/A)) ∂A/∂W`, the reciprocal taken elementwise.
  public static let jacobianReciprocal = Rule("jacobian_reciprocal", citing: calculus) {
    A.inverse.jacobian(W) ==> -((A.inverse ⊙ A.inverse).vectorized.diagonal * A.jacobian(W))
  }

  /// `∂A^{−1/2}/∂W = −½ diag(vec_r(R ⊙ R ⊙ R)) ∂A/∂W` with `R = A^{−1/2}`, the reciprocal of the root taken elementwise.
  public static let jacobianReciprocalSquareRoot = Rule(
    "jacobian_reciprocalSquareRoot", because: "Entry by entry, `r′ = −r³/2` for `r = 1/√x`."
  ) {
    let R = A.mapped(.reciprocalSquareRoot)
    return R.jacobian(W)
      ==> ((R ⊙ (R ⊙ R)).vectorized.diagonal * A.jacobian(W)).scaled(by: .integer(-1) * Formula.integer(2).inverse)
  }

  public static let all = [
    jacobianConst, jacobianSelf, jacobianAdd, jacobianMul, jacobianScale, jacobianTranspose, jacobianVectorize,
    jacobianVectorizeTranspose, jacobianHadamard, jacobianKronecker, jacobianDiagonal, jacobianExp, jacobianReciprocal,
    jacobianReciprocalSquareRoot,
  ]
}

func * (a: Size, b: String) -> Size { a * Size(b) }
