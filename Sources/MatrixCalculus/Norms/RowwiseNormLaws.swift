import Formulas

/// Norms of functions of rows that are distributions: softmax, its Jacobian `𝒟`, the centred product, the third central
/// moment `κ`; and of the weights of a Gaussian kernel.
///
/// They are stated on `softmax(T)`, so that the pattern carries the hypothesis that each row `a` is a distribution.
/// With `E` its mean, block i of `𝒟` is `uᵀD_i v = E(u − Eu)(v − Ev)`, a covariance, and block i of `κ(·, G)` is
/// `E(g − Eg)(u − Eu)(v − Ev)`. The constant of every inequality is the best possible.
public enum RowwiseNormLaws {
  private static let T = Formula.variable("T", "m", "n")
  private static let G = Formula.variable("G", "m", "n")
  private static let softmaxT = RowwiseFunctions.softmax(T)
  private static let D = RowwiseFunctions.softmaxJacobian(softmaxT)
  private static let kappa = RowwiseFunctions.thirdMoment(softmaxT, G)
  private static let centered = RowwiseFunctions.center(softmaxT, G)
  private static let half = Formula.integer(2).inverse, quarter = Formula.integer(4).inverse
  private static let eighth = Formula.integer(8).inverse
  /// `√6/9`.
  private static let tau = Formula.integer(6).squareRoot * Formula.integer(9).inverse
  private static let B = Formula.variable("B", "m", "u")
  private static let H = Formula.variable("H", "n", "w")
  private static let A = Formula.variable("A", "p", "m")
  private static let C = Formula.variable("C", "q", "n")

  // MARK: Softmax

  /// `‖softmax(T)‖_∞ = 1`.
  public static let softmaxRowSum = Rule("norm_softmax_rowSum", because: "Each row is a distribution.") {
    softmaxT.norm(.rowSum) ==> .integer(1)
  }
  /// `‖softmax(T)‖₂ ≤ √m` for `m` rows, approached where all rows attend to the same token.
  public static let softmaxSpectral = Rule(
    "norm_softmax_spectral", because: "Each row has Euclidean length at most 1."
  ) { softmaxT.norm() ≤ NormLaws.root("m") }
  /// `‖softmax(T)‖_max ≤ 1`.
  public static let softmaxEntry = Rule("norm_softmax_largestEntry", because: "Entries of a distribution.") {
    softmaxT.norm(.largestEntry) ≤ .integer(1)
  }
  /// `diam(softmax(T) H) ≤ diam(H)`.
  public static let softmaxDiameter = Rule(
    "norm_softmax_mul_diameter", because: "Rows of the product are in the convex hull of the rows of `H`."
  ) { (softmaxT * H).norm(.diameter) ≤ H.norm(.diameter) }

  // MARK: The Jacobian of softmax

  /// `‖𝒟(softmax(T))‖₂ ≤ ½`, attained at two equal weights.
  public static let jacobian = Rule(
    "norm_softmaxJacobian", citing: Citation("popoviciu1935", ""),
    because:
      "The variance of `u` is at most a quarter of the square of its range, which is at most `√2 ‖u‖`."
  ) { D.norm() ≤ half }
  /// `‖(A ⊗ C) 𝒟(softmax(T)) (B ⊗ H)‖₂ ≤ ¼ ‖A‖₂ ‖B‖₂ diam(Cᵀ) diam(H)`; the constant is best possible.
  public static let jacobianBetween = Rule(
    "norm_mul_softmaxJacobian_mul", citing: Citation("popoviciu1935", ""),
    because: """
      Between `I ⊗ C` and `I ⊗ H` block i becomes the covariance of the rows of `Cᵀ` and of `H` under row i, at most \
      the product of two standard deviations, each at most half a diameter.
      """
  ) {
    ((A ⊗ C) * D * (B ⊗ H)).norm()
      ≤ quarter * A.norm() * B.norm() * C.transposed.norm(.diameter) * H.norm(.diameter)
  }
  /// `‖(A ⊗ C) 𝒟(softmax(T)) (B ⊗ H)‖₂ ≤ ‖A‖₂ ‖B‖₂ ‖(I ⊗ C) 𝒟(softmax(T)) (I ⊗ H)‖₂`, the last of them the largest
  /// covariance of the rows of `Cᵀ` and of `H` under a row's weights: it can be measured.
  public static let jacobianMeasured = Rule(
    "norm_mul_softmaxJacobian_mul_covariance", because: "`A ⊗ C = (A ⊗ I)(I ⊗ C)` and `B ⊗ H = (I ⊗ H)(B ⊗ I)`."
  ) {
    ((A ⊗ C) * D * (B ⊗ H)).norm()
      ≤ A.norm() * B.norm() * ((.identity("m") ⊗ C) * D * (.identity("m") ⊗ H)).norm()
  }
  /// `‖𝒟(softmax(T)) (B ⊗ H)‖₂ ≤ (√2/4) ‖B‖₂ diam(H)`.
  public static let jacobianMul = Rule(
    "norm_softmaxJacobian_mul",
    because: "`D_i H` is `√D_i` times `√D_i H`, of norms at most `√½` and half a diameter."
  ) { (D * (B ⊗ H)).norm() ≤ NormLaws.root2 * quarter * B.norm() * H.norm(.diameter) }
  /// `‖(A ⊗ C) 𝒟(softmax(T))‖₂ ≤ (√2/4) ‖A‖₂ diam(Cᵀ)`.
  public static let mulJacobian = Rule(
    "norm_mul_softmaxJacobian", because: "The transposed statement."
  ) { ((A ⊗ C) * D).norm() ≤ NormLaws.root2 * quarter * A.norm() * C.transposed.norm(.diameter) }

  /// `‖∂𝒟(softmax(T))/∂T‖₂ ≤ √2/2`; whether the constant is best possible is not known, `√6/9` is attained.
  public static let jacobianOfJacobian = Rule(
    "norm_jacobian_softmaxJacobian",
    because: """
      Block i maps a row `g` to `E(g − Eg)(e − a)(e − a)ᵀ` for a random unit vector `e` with mean `a`, at most the root of \
      the variance of `g` times that of the mean of the fourth power of the length of `e − a`. The variance is at most half of \
      the square of the length of `g`; with `s` the square of the length of `a` the other is at most `1 − 2s − 3s² + 4s√s`, \
      which is at most 1.
      """
  ) { D.jacobian(T).norm() ≤ NormLaws.root2 * half }

  // MARK: The centred product

  /// `‖center(softmax(T), G)‖ ≤ ½ ‖G‖` in the norms that are taken row by row; false for `‖·‖₂`.
  public static let center = [Norm.frobenius, .largestRow].map { norm in
    Rule(
      Rule.ID(rawValue: "norm_center_\(norm.rawValue)"), because: "Row i is `D_i g`, and `‖D_i‖₂ ≤ 1/2`."
    ) { centered.norm(norm) ≤ half * G.norm(norm) }
  }
  /// `‖center(softmax(T), G)‖_{2,∞} ≤ (√2/4) range(G)`.
  public static let centerRange = Rule(
    "norm_center_rowRange", because: "`D_i g` is `√D_i` times `√D_i g`, of lengths at most `√½` and half a range."
  ) { centered.norm(.largestRow) ≤ NormLaws.root2 * quarter * G.norm(.rowRange) }
  /// `‖center(softmax(T), G)‖_∞ ≤ ½ range(G)`.
  public static let centerRowSum = Rule(
    "norm_center_rowSum",
    because: "The mean distance of `g` from its mean is at most the standard deviation, at most half a range."
  ) { centered.norm(.rowSum) ≤ half * G.norm(.rowRange) }
  /// `‖center(softmax(T), G)‖_max ≤ ¼ range(G)`.
  public static let centerEntry = Rule(
    "norm_center_largestEntry",
    because: "`a(g − Eg) = a(1 − a)(g − g')` with `g'` the mean over the other entries, and `a(1 − a) ≤ 1/4`."
  ) { centered.norm(.largestEntry) ≤ quarter * G.norm(.rowRange) }
  /// `‖center(softmax(T), G) H‖_{2,∞} ≤ ¼ range(G) diam(H)`.
  public static let centerMul = Rule(
    "norm_center_mul_largestRow", because: "Row i is the covariance of row i of `G` and the rows of `H`."
  ) { (centered * H).norm(.largestRow) ≤ quarter * G.norm(.rowRange) * H.norm(.diameter) }
  /// `‖center(softmax(T), PN) H‖_F ≤ ¼ ‖P‖_F diam(Nᵀ) diam(H)`.
  public static let centerMulFrobenius = Rule(
    "norm_center_mul_frobenius",
    because: "Row by row, since the range of a row `pᵀN` is at most `‖p‖` times the diameter of `Nᵀ`."
  ) {
    let P = Formula.variable("P", "m", "q"), N = Formula.variable("N", "q", "n")
    return (RowwiseFunctions.center(softmaxT, P * N) * H).norm(.frobenius)
      ≤ quarter * P.norm(.frobenius) * N.transposed.norm(.diameter) * H.norm(.diameter)
  }

  // MARK: The third central moment

  /// `‖κ(softmax(T), G)‖₂ ≤ (√6/9) ‖G‖_{2,∞}`; the constant is best possible.
  public static let thirdMoment = Rule(
    "norm_thirdMoment", citing: Citation("banach1938", ""),
    because: """
      A symmetric trilinear form is greatest on unit vectors that agree. For a number of range 1 with mean \
      `1 − b` and variance `t`, the third central moment is at most `t(b − t/b)` by `E(1 − u)(u − s)² ≥ 0`, and \
      `t ≤ b(1 − b)`: at most `√3/18`. A unit vector has range at most `√2`.
      """
  ) { kappa.norm() ≤ tau * G.norm(.largestRow) }
  /// `‖(A ⊗ C) κ(softmax(T), G) (B ⊗ H)‖₂ ≤ ⅛ ‖A‖₂ ‖B‖₂ range(G) diam(Cᵀ) diam(H)`; the constant is best possible.
  public static let thirdMomentBetween = Rule(
    "norm_mul_thirdMoment_mul",
    because: """
      With ranges 1, `E(g − Eg)(u − Eu)(v − Ev)` is at most half of the mean distance of `w = (u − Eu)(v − Ev)` from \
      its mean, since `g` less its mid-range is at most 1/2; and the variance of `w` is at most 1/16: it is convex in \
      `u` and in `v`, so greatest for `u`, `v` in {0, 1}, where it is `αβ + c(1 − 2a)(1 − 2b) − c²` with means `a`, \
      `b`, variances `α`, `β` and covariance `c`; with `γ = √(αβ)` that is at most `γ² + c(1 − 4γ) − c²`, and \
      `−γ ≤ c ≤ γ ≤ 1/4`.
      """
  ) {
    ((A ⊗ C) * kappa * (B ⊗ H)).norm()
      ≤ eighth * A.norm() * B.norm() * G.norm(.rowRange) * C.transposed.norm(.diameter) * H.norm(.diameter)
  }

  /// `‖(A ⊗ C) κ(softmax(T), G) (B ⊗ H)‖₂ ≤ ‖A‖₂ ‖B‖₂ ‖(I ⊗ C) κ(softmax(T), G) (I ⊗ H)‖₂`, the last of them the
  /// largest third moment of a row of `G` and the rows of `Cᵀ` and of `H` under a row's weights.
  public static let thirdMomentMeasured = Rule(
    "norm_mul_thirdMoment_mul_moment", because: "`A ⊗ C = (A ⊗ I)(I ⊗ C)` and `B ⊗ H = (I ⊗ H)(B ⊗ I)`."
  ) {
    ((A ⊗ C) * kappa * (B ⊗ H)).norm()
      ≤ A.norm() * B.norm() * ((.identity("m") ⊗ C) * kappa * (.identity("m") ⊗ H)).norm()
  }

  // MARK: Gaussian kernels

  /// `‖exp(s(NP − ½(N ⊙ N)1 − ½ 1(P ⊙ P)))‖_max ≤ 1` for `s ≥ 0`: the weights of a Gaussian kernel.
  public static let gaussian = Rule(
    "norm_exp_gaussian_largestEntry",
    because: "The exponent at i, j is `−s/2` times the squared distance of row i of `N` and column j of `P`.",
    when: [.nonNegative(Formula.variable("s", 1, 1))]
  ) {
    let N = Formula.variable("N", "m", "q"), P = Formula.variable("P", "q", "n"), s = Formula.variable("s", 1, 1)
    let half = Coefficient(.integer(-1) * Formula.integer(2).inverse)?.formula ?? .integer(-1)
    let exponent =
      N * P + ((N ⊙ N) * .ones("q", "n")).scaled(by: half) + (Formula.ones("m", "q") * (P ⊙ P)).scaled(by: half)
    return exponent.scaled(by: s).mapped(.exponential).norm(.largestEntry) ≤ .integer(1)
  }

  public static let all: [Rule] =
    [
      softmaxRowSum, softmaxSpectral, softmaxEntry, softmaxDiameter, jacobian, jacobianBetween, jacobianMeasured,
      jacobianMul, mulJacobian, jacobianOfJacobian,
    ] + center
    + [
      centerRange, centerRowSum, centerEntry, centerMul, centerMulFrobenius, thirdMoment, thirdMomentBetween,
      thirdMomentMeasured, gaussian,
    ]
}
