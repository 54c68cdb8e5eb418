import Formulas

/// Functions that act on each row of a matrix, with their lemmas: softmax, its Jacobian, the centred product and the
/// third central moment under the distributions in the rows.
///
/// Lemmas about derivatives are stated on `softmax(T)`, so that the pattern carries the hypothesis that rows are
/// distributions. Derivatives of softmax up to the second stay within these four functions.
public enum RowwiseFunctions {
  /// `softmax(T)`, row by row: `E ⊙ 1/(E 11ᵀ)` with `E = exp(T)`.
  public static let softmax = Function("softmax", isRowShiftInvariant: true, shape: one) { operands in
    let E = operands[0].mapped(.exponential), n = operands[0].shape.columns
    return E ⊙ (E * .ones(n, n)).inverse
  }

  /// `logSoftmax(T) = T − log(exp(T) 11ᵀ)`, row by row: a row of `T` less the logarithm of the sum of its exponentials.
  ///
  /// Its value changes by nothing where a constant is added to a row.
  public static let logSoftmax = Function("logSoftmax", isRowShiftInvariant: true, shape: one) { operands in
    let T = operands[0], n = T.shape.columns
    return T - (T.mapped(.exponential) * .ones(n, n)).mapped(.logarithm)
  }

  /// `𝒟(A) = diag(vec_r A) − diag(vec_r A)(I ⊗ 11ᵀ)diag(vec_r A)`: block diagonal, block i is `diag(a_i) − a_i a_iᵀ`.
  public static let softmaxJacobian = Function("𝒟", isBlockDiagonalByRow: true, shape: { one($0).map(square) }) {
    operands in
    let D = operands[0].vectorized.diagonal
    return D - D * rowSums(operands[0]) * D
  }

  /// `center(A, G) = A ⊙ G − A ⊙ ((A ⊙ G) 11ᵀ)`: row i is `(diag(a_i) − a_i a_iᵀ) g_i`.
  public static let center = Function("center", shape: twoEqual) { operands in
    let A = operands[0], G = operands[1], n = A.shape.columns
    return A ⊙ G - A ⊙ ((A ⊙ G) * .ones(n, n))
  }

  /// `κ(A, G)`: block diagonal, block i is the third central cross-moment under a_i, contracted with row i of `G`.
  public static let thirdMoment = Function("κ", isBlockDiagonalByRow: true, shape: { twoEqual($0).map(square) }) {
    operands in
    let A = operands[0], D = A.vectorized.diagonal, P = center(A, operands[1]).vectorized.diagonal
    return P - P * rowSums(A) * D - D * rowSums(A) * P
  }

  @Sendable private static func one(_ shapes: [Shape]) -> Shape? { shapes.count == 1 ? shapes[0] : nil }
  @Sendable private static func twoEqual(_ shapes: [Shape]) -> Shape? {
    shapes.count == 2 && shapes[0] == shapes[1] ? shapes[0] : nil
  }
  private static func square(_ shape: Shape) -> Shape { Shape(shape.count, shape.count) }
  private static func rowSums(_ A: Formula) -> Formula {
    .identity(A.shape.rows) ⊗ .ones(A.shape.columns, A.shape.columns)
  }

  // MARK: Lemmas

  private static let W = DifferentiationLaws.W
  private static let A = StructuralLaws.A
  private static let T = Formula.variable("T", "m", "n")
  private static let G = Formula.variable("G", "m", "n")
  private static let H = Formula.variable("H", "m", "n")
  private static let s = StructuralLaws.s
  private static let source = Citation("ormaniec2024", "Appendix")

  /// `∂softmax(T)/∂W = 𝒟(softmax(T)) ∂T/∂W`.
  public static let jacobianSoftmax = Rule("jacobian_softmax", citing: source) {
    softmax(T).jacobian(W) ==> softmaxJacobian(softmax(T)) * T.jacobian(W)
  }
  /// `∂center(softmax(T), G)/∂W = κ(softmax(T), G) ∂T/∂W + 𝒟(softmax(T)) ∂G/∂W`.
  public static let jacobianCenter = Rule(
    "jacobian_center", because: "Row i is D_i g_i; the derivative of D_i g by the logits is the third central moment."
  ) {
    center(softmax(T), G).jacobian(W)
      ==> thirdMoment(softmax(T), G) * T.jacobian(W) + softmaxJacobian(softmax(T)) * G.jacobian(W)
  }
  /// `∇_W⟨G, softmax(T)⟩ = ∇_W⟨center(softmax(T), G), T⟩`.
  public static let pullbackSoftmax = Rule("pullback_softmax", because: "D_i is symmetric.") {
    .pullback(softmax(T), W, G) ==> .pullback(T, W, center(softmax(T), G))
  }
  /// `(vec_r(G)ᵀ ⊗ I) ∂𝒟(softmax(T))/∂W = κ(softmax(T), G) ∂T/∂W`.
  public static let contractionSoftmaxJacobian = Rule(
    "contraction_softmaxJacobian", because: "The second derivative of softmax, contracted, is the third central moment."
  ) { .contraction(G, softmaxJacobian(softmax(T)), W) ==> thirdMoment(softmax(T), G) * T.jacobian(W) }

  /// `∂logSoftmax(T)/∂W = ∂T/∂W − (I ⊗ 11ᵀ) diag(vec_r softmax(T)) ∂T/∂W`.
  public static let jacobianLogSoftmax = Rule(
    "jacobian_logSoftmax", because: "The derivative of the logarithm of a sum of exponentials is softmax."
  ) {
    logSoftmax(T).jacobian(W)
      ==> T.jacobian(W) - rowSums(T) * softmax(T).vectorized.diagonal * T.jacobian(W)
  }
  /// `∇_W⟨G, logSoftmax(T)⟩ = ∇_W⟨G − (G 11ᵀ) ⊙ softmax(T), T⟩`.
  public static let pullbackLogSoftmax = Rule(
    "pullback_logSoftmax", because: "The derivative of the logarithm of a sum of exponentials is softmax."
  ) { .pullback(logSoftmax(T), W, G) ==> .pullback(T, W, G - (G * .ones("n", "n")) ⊙ softmax(T)) }

  /// `𝒟(A) vec_r(G) = vec_r(center(A, G))`.
  public static let softmaxJacobianMulVectorize = Rule(
    "softmaxJacobian_mul_vectorize", .law, .bookkeeping, because: "The definition of the centred product, row by row."
  ) { softmaxJacobian(A) * G.vectorized ==> center(A, G).vectorized }
  public static let transposeSoftmaxJacobian = Rule(
    "transpose_softmaxJacobian", .law, .bookkeeping, because: "Each block is symmetric."
  ) { softmaxJacobian(A).transposed ==> softmaxJacobian(A) }
  public static let transposeThirdMoment = Rule(
    "transpose_thirdMoment", .law, .bookkeeping, because: "Each block is symmetric."
  ) { thirdMoment(A, G).transposed ==> thirdMoment(A, G) }
  public static let centerScale = Rule("center_scale", .law, .bookkeeping, because: "Linear in the second operand.") {
    center(A, G.scaled(by: s)) ==> center(A, G).scaled(by: s)
  }
  public static let centerAdd = Rule("center_add", .law, .bookkeeping, because: "Linear in the second operand.") {
    center(A, G + H) ==> center(A, G) + center(A, H)
  }
  public static let thirdMomentScale = Rule(
    "thirdMoment_scale", .law, .bookkeeping, because: "Linear in the second operand."
  ) { thirdMoment(A, G.scaled(by: s)) ==> thirdMoment(A, G).scaled(by: s) }
  public static let thirdMomentAdd = Rule(
    "thirdMoment_add", .law, .bookkeeping, because: "Linear in the second operand."
  ) { thirdMoment(A, G + H) ==> thirdMoment(A, G) + thirdMoment(A, H) }

  /// The named functions with their number of operands.
  public static let functions: [(function: Function, operands: Int)] = [
    (softmax, 1), (softmaxJacobian, 1), (center, 2), (thirdMoment, 2), (logSoftmax, 1),
  ]

  /// What each name means: `f(A, …)` equals its body.
  public static let unfoldings = functions.map { function, count in
    Rule(
      Rule.ID(rawValue: "unfold_\(ruleName(function))"), because: "The definition."
    ) {
      let operands = ["A", "G"].prefix(count).map { Formula.variable($0, "m", "n") }
      return Formula(.call(function), operands) ==> function.body(operands)
    }
  }

  private static func ruleName(_ function: Function) -> String {
    switch function {
    case softmaxJacobian: "softmaxJacobian"
    case thirdMoment: "thirdMoment"
    default: function.name
    }
  }

  public static let derivatives = [
    jacobianSoftmax, jacobianCenter, pullbackSoftmax, contractionSoftmaxJacobian, jacobianLogSoftmax,
    pullbackLogSoftmax,
  ]
  public static let normalizing = [
    softmaxJacobianMulVectorize, transposeSoftmaxJacobian, transposeThirdMoment, centerScale, thirdMomentScale,
  ]
  public static let all = derivatives + normalizing + [centerAdd, thirdMomentAdd] + unfoldings
}
