import Formulas

/// Layer normalisation of each row of a matrix, with its lemmas: row i of `layerNorm(Z, ε)` is `(z − z̄)/√(v + ε)` for row `z`
/// of `Z`, of `n` entries with mean `z̄` and variance `v`, the mean square of the entries of `z − z̄`.
///
/// With `ẑ` a row of the value, `δ = 1/√(v + ε)` and `P = I − 11ᵀ/n − ẑẑᵀ/n`, the Jacobian of a row is `δP`, symmetric, and its
/// derivative contracted with a row `g` is `−δ²((Pg)ẑᵀ + ẑ(Pg)ᵀ + ⟨ẑ, g⟩P)/n`, which is symmetric too: the row is the gradient of
/// `n√(v + ε)`. Derivatives up to the second stay within these functions.
/// - Shapes: `Z`, `G : m×n`; `ε : 1×1`, positive.
/// - Source: [ba2016, §3].
public enum NormalizationFunctions {
  /// `δ(Z, ε)`, in each row `1/√(v + ε)` in all places.
  public static let inverseDeviation = Function("δ", shape: matrixAndNumber) { operands in
    let Z = operands[0], n = Z.shape.columns, C = centered(Z)
    let variance = rowMeans(C ⊙ C)
    return (variance + Formula.ones(Z.shape.rows, n).scaled(by: operands[1])).mapped(.reciprocalSquareRoot)
  }

  /// `layerNorm(Z, ε) = (Z − Z11ᵀ/n) ⊙ δ(Z, ε)`.
  public static let layerNorm = Function("layerNorm", shape: matrixAndNumber) { operands in
    centered(operands[0]) ⊙ inverseDeviation(operands[0], operands[1])
  }

  /// `layerNorm′(Z, ε)`: block diagonal, block i is the Jacobian `δP` of row i.
  public static let jacobian = Function(
    "layerNorm′", isBlockDiagonalByRow: true, shape: { matrixAndNumber($0).map(square) }
  ) { operands in
    inverseDeviation(operands[0], operands[1]).vectorized.diagonal * projection(operands[0], operands[1])
  }

  /// `𝒫(Z, G, ε)`, in row i `δPg` for row `g` of `G`: the Jacobian by rows applied to `G`.
  public static let product = Function("𝒫", shape: twoEqualAndNumber) { operands in
    let (Z, G, e) = (operands[0], operands[1], operands[2]), N = layerNorm(Z, e)
    return inverseDeviation(Z, e) ⊙ (centered(G) - N ⊙ rowMeans(N ⊙ G))
  }

  /// `layerNorm″(Z, G, ε)`: block diagonal, block i is the derivative of `δPg` by row i of `Z`, `g` row i of `G`.
  public static let secondDerivative = Function(
    "layerNorm″", isBlockDiagonalByRow: true, shape: { twoEqualAndNumber($0).map(square) }
  ) { operands in
    let (Z, G, e) = (operands[0], operands[1], operands[2]), N = layerNorm(Z, e), R = inverseDeviation(Z, e)
    let D = N.vectorized.diagonal, Q = product(Z, G, e).vectorized.diagonal
    let sums = Formula.identity(Z.shape.rows) ⊗ .ones(Z.shape.columns, Z.shape.columns)
    let alignment = (R ⊙ rowMeans(N ⊙ G)).vectorized.diagonal
    // δPg is already in Q, so that one factor δ is left for each of the three terms.
    let terms =
      (Q * sums * D + D * sums * Q).scaled(by: Formula.size(Z.shape.columns).inverse) + alignment * projection(Z, e)
    return -(R.vectorized.diagonal * terms)
  }

  // MARK: Parts of the definitions

  @Sendable private static func matrixAndNumber(_ shapes: [Shape]) -> Shape? {
    shapes.count == 2 && shapes[1] == .scalar ? shapes[0] : nil
  }
  @Sendable private static func twoEqualAndNumber(_ shapes: [Shape]) -> Shape? {
    shapes.count == 3 && shapes[0] == shapes[1] && shapes[2] == .scalar ? shapes[0] : nil
  }
  private static func square(_ shape: Shape) -> Shape { Shape(shape.count, shape.count) }
  /// In each row its mean in all places.
  private static func rowMeans(_ A: Formula) -> Formula {
    (A * .ones(A.shape.columns, A.shape.columns)).scaled(by: Formula.size(A.shape.columns).inverse)
  }
  private static func centered(_ A: Formula) -> Formula { A - rowMeans(A) }
  /// Block diagonal, with `P` of row i as block i.
  private static func projection(_ Z: Formula, _ e: Formula) -> Formula {
    let (m, n) = (Z.shape.rows, Z.shape.columns), share = Formula.size(n).inverse
    let sums = Formula.identity(m) ⊗ .ones(n, n), D = layerNorm(Z, e).vectorized.diagonal
    return .identity(m * n) - sums.scaled(by: share) - (D * sums * D).scaled(by: share)
  }

  // MARK: Lemmas

  private static let W = DifferentiationLaws.W
  private static let Z = Formula.variable("Z", "m", "n")
  private static let G = Formula.variable("G", "m", "n")
  private static let e = Formula.variable("e", 1, 1)
  private static let s = StructuralLaws.s
  private static let constant = [Rule.Condition.independent(e, of: W)]
  private static let rows = "Row by row, from `dδ = −δ²⟨ẑ, dz⟩/n`."

  /// `∂layerNorm(Z, ε)/∂W = layerNorm′(Z, ε) ∂Z/∂W`.
  public static let jacobianLayerNorm = Rule("jacobian_layerNorm", because: rows, when: constant) {
    layerNorm(Z, e).jacobian(W) ==> jacobian(Z, e) * Z.jacobian(W)
  }
  /// `∇_W⟨G, layerNorm(Z, ε)⟩ = ∇_W⟨𝒫(Z, G, ε), Z⟩`.
  public static let pullbackLayerNorm = Rule(
    "pullback_layerNorm", because: "The Jacobian of each row is symmetric.", when: constant
  ) { .pullback(layerNorm(Z, e), W, G) ==> .pullback(Z, W, product(Z, G, e)) }
  /// `∂𝒫(Z, G, ε)/∂W = layerNorm″(Z, G, ε) ∂Z/∂W + layerNorm′(Z, ε) ∂G/∂W`.
  public static let jacobianProduct = Rule(
    "jacobian_layerNormProduct", because: "Row i is `δPg`, with the derivative by `z` of the definition.",
    when: constant
  ) {
    product(Z, G, e).jacobian(W)
      ==> secondDerivative(Z, G, e) * Z.jacobian(W) + jacobian(Z, e) * G.jacobian(W)
  }
  /// `(vec_r(G)ᵀ ⊗ I) ∂layerNorm′(Z, ε)/∂W = layerNorm″(Z, G, ε) ∂Z/∂W`.
  public static let contractionJacobian = Rule(
    "contraction_layerNormJacobian", because: "The Jacobian of each row is symmetric.", when: constant
  ) { .contraction(G, jacobian(Z, e), W) ==> secondDerivative(Z, G, e) * Z.jacobian(W) }

  /// `(gᵀ ⊗ I) ∂layerNorm′(z, ε)/∂W = layerNorm″(z, gᵀ, ε) ∂z/∂W` for a row `z` and a column `g`.
  public static let contractionJacobianRow = Rule(
    "contraction_layerNormJacobian_row", because: "The Jacobian of the row is symmetric.", when: constant
  ) {
    let z = Formula.variable("Z", 1, "n"), g = Formula.variable("G", "n", 1)
    return .contraction(g, jacobian(z, e), W) ==> secondDerivative(z, g.transposed, e) * z.jacobian(W)
  }

  /// `layerNorm′(Z, ε) vec_r(G) = vec_r(𝒫(Z, G, ε))`.
  public static let jacobianMulVectorize = Rule(
    "layerNormJacobian_mul_vectorize", .law, .bookkeeping, because: "The definition of `𝒫`, row by row."
  ) { jacobian(Z, e) * G.vectorized ==> product(Z, G, e).vectorized }
  public static let transposeJacobian = Rule(
    "transpose_layerNormJacobian", .law, .bookkeeping, because: "Each block is symmetric."
  ) { jacobian(Z, e).transposed ==> jacobian(Z, e) }
  public static let transposeSecondDerivative = Rule(
    "transpose_layerNormSecondDerivative", .law, .bookkeeping, because: "Each block is symmetric."
  ) { secondDerivative(Z, G, e).transposed ==> secondDerivative(Z, G, e) }
  public static let productScale = Rule(
    "layerNormProduct_scale", .law, .bookkeeping, because: "Linear in the second operand."
  ) { product(Z, G.scaled(by: s), e) ==> product(Z, G, e).scaled(by: s) }
  public static let secondDerivativeScale = Rule(
    "layerNormSecondDerivative_scale", .law, .bookkeeping, because: "Linear in the second operand."
  ) { secondDerivative(Z, G.scaled(by: s), e) ==> secondDerivative(Z, G, e).scaled(by: s) }

  /// The named functions, the names of their laws and their operands.
  private static let functions: [(function: Function, id: Rule.ID, operands: [Formula])] = [
    (inverseDeviation, "unfold_inverseDeviation", [Z, e]), (layerNorm, "unfold_layerNorm", [Z, e]),
    (jacobian, "unfold_layerNormJacobian", [Z, e]), (product, "unfold_layerNormProduct", [Z, G, e]),
    (secondDerivative, "unfold_layerNormSecondDerivative", [Z, G, e]),
  ]

  /// What each name means.
  public static let unfoldings = functions.map { function, id, operands in
    Rule(id, because: "The definition.") { Formula(.call(function), operands) ==> function.body(operands) }
  }

  public static let derivatives = [
    jacobianLayerNorm, pullbackLayerNorm, jacobianProduct, contractionJacobian, contractionJacobianRow,
  ]
  public static let normalizing = [
    jacobianMulVectorize, transposeJacobian, transposeSecondDerivative, productScale, secondDerivativeScale,
  ]
  public static let all = derivatives + normalizing + unfoldings
}
