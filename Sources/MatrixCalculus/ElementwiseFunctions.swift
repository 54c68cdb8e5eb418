import Formulas

/// Functions that act on each entry of a matrix, with their lemmas: `log`, `max(x, 0)`, the step function, the normal
/// distribution `Φ` and its density `φ`, and the activations built from them.
///
/// The derivatives of `gelu` up to the second are functions of their own, so that a Hessian reads as it is written by hand.
/// `max(x, 0)` and the step function have no derivative at zero: the laws about them hold where no entry is zero.
public enum ElementwiseFunctions {
  /// `gelu(A) = A ⊙ Φ(A)`.
  ///
  /// - Source: [hendrycks2016, §2].
  public static let gelu = Function("gelu", shape: one) { operands in
    operands[0] ⊙ operands[0].mapped(.normalDistribution)
  }

  /// `gelu′(A) = Φ(A) + A ⊙ φ(A)`.
  public static let geluDerivative = Function("gelu′", shape: one) { operands in
    operands[0].mapped(.normalDistribution) + operands[0] ⊙ operands[0].mapped(.normalDensity)
  }

  /// `gelu″(A) = (2·11ᵀ − A ⊙ A) ⊙ φ(A)`.
  public static let geluSecondDerivative = Function("gelu″", shape: one) { operands in
    let A = operands[0], two = Formula.ones(A.shape.rows, A.shape.columns).scaled(by: .integer(2))
    return (two - A ⊙ A) ⊙ A.mapped(.normalDensity)
  }

  @Sendable private static func one(_ shapes: [Shape]) -> Shape? { shapes.count == 1 ? shapes[0] : nil }

  // MARK: Lemmas

  private static let W = DifferentiationLaws.W
  private static let A = DifferentiationLaws.A
  private static let G = Formula.variable("G", "m", "n")
  private static let entries = "Entry by entry."
  private static let kink = "Entry by entry, where no entry of `A` is zero."

  /// `∂f(A)/∂W = diag(vec_r f′(A)) ∂A/∂W` for an elementwise function.
  private static func jacobian(_ id: Rule.ID, because why: String = entries, _ f: Formula, _ slope: Formula) -> Rule {
    Rule(id, because: why) { f.jacobian(W) ==> slope.vectorized.diagonal * A.jacobian(W) }
  }

  /// `∇_W⟨G, f(A)⟩ = ∇_W⟨G ⊙ f′(A), A⟩` for an elementwise function.
  private static func pullback(_ id: Rule.ID, because why: String = entries, _ f: Formula, _ slope: Formula) -> Rule {
    Rule(id, because: why) { .pullback(f, W, G) ==> .pullback(A, W, G ⊙ slope) }
  }

  /// `∂log(A)/∂W = diag(vec_r 1/A) ∂A/∂W`.
  public static let jacobianLog = jacobian("jacobian_log", A.mapped(.logarithm), A.inverse)
  /// `∇_W⟨G, log(A)⟩ = ∇_W⟨G ⊙ 1/A, A⟩`.
  public static let pullbackLog = pullback("pullback_log", A.mapped(.logarithm), A.inverse)

  /// `∂max(A, 0)/∂W = diag(vec_r step(A)) ∂A/∂W`, where no entry of `A` is zero.
  public static let jacobianRelu = jacobian(
    "jacobian_relu", because: kink, A.mapped(.positivePart), A.mapped(.step))
  /// `∇_W⟨G, max(A, 0)⟩ = ∇_W⟨G ⊙ step(A), A⟩`, where no entry of `A` is zero.
  public static let pullbackRelu = pullback(
    "pullback_relu", because: kink, A.mapped(.positivePart), A.mapped(.step))
  /// `∂step(A)/∂W = 0`, where no entry of `A` is zero.
  public static let jacobianStep = Rule("jacobian_step", because: kink) {
    A.mapped(.step).jacobian(W) ==> .zero(Size("m") * "n", Size("p") * "q")
  }
  /// `∇_W⟨G, step(A)⟩ = 0`, where no entry of `A` is zero.
  public static let pullbackStep = Rule("pullback_step", because: kink) {
    .pullback(A.mapped(.step), W, G) ==> .zero("p", "q")
  }

  /// `∂Φ(A)/∂W = diag(vec_r φ(A)) ∂A/∂W`.
  public static let jacobianNormalDistribution = jacobian(
    "jacobian_normalDistribution", A.mapped(.normalDistribution), A.mapped(.normalDensity))
  /// `∇_W⟨G, Φ(A)⟩ = ∇_W⟨G ⊙ φ(A), A⟩`.
  public static let pullbackNormalDistribution = pullback(
    "pullback_normalDistribution", A.mapped(.normalDistribution), A.mapped(.normalDensity))
  /// `∂φ(A)/∂W = −diag(vec_r(A ⊙ φ(A))) ∂A/∂W`.
  public static let jacobianNormalDensity = Rule("jacobian_normalDensity", because: entries) {
    A.mapped(.normalDensity).jacobian(W)
      ==> -((A ⊙ A.mapped(.normalDensity)).vectorized.diagonal * A.jacobian(W))
  }
  /// `∇_W⟨G, φ(A)⟩ = −∇_W⟨G ⊙ (A ⊙ φ(A)), A⟩`.
  public static let pullbackNormalDensity = Rule("pullback_normalDensity", because: entries) {
    .pullback(A.mapped(.normalDensity), W, G) ==> -Formula.pullback(A, W, G ⊙ (A ⊙ A.mapped(.normalDensity)))
  }

  /// `∂gelu(A)/∂W = diag(vec_r gelu′(A)) ∂A/∂W`.
  public static let jacobianGelu = jacobian("jacobian_gelu", gelu(A), geluDerivative(A))
  /// `∇_W⟨G, gelu(A)⟩ = ∇_W⟨G ⊙ gelu′(A), A⟩`.
  public static let pullbackGelu = pullback("pullback_gelu", gelu(A), geluDerivative(A))
  /// `∂gelu′(A)/∂W = diag(vec_r gelu″(A)) ∂A/∂W`.
  public static let jacobianGeluDerivative = jacobian(
    "jacobian_geluDerivative", geluDerivative(A), geluSecondDerivative(A))
  /// `∇_W⟨G, gelu′(A)⟩ = ∇_W⟨G ⊙ gelu″(A), A⟩`.
  public static let pullbackGeluDerivative = pullback(
    "pullback_geluDerivative", geluDerivative(A), geluSecondDerivative(A))

  // MARK: Transposes

  /// `f(A)ᵀ = f(Aᵀ)`.
  public static let transposes = [
    ("transpose_relu", A.mapped(.positivePart), A.transposed.mapped(.positivePart)),
    ("transpose_step", A.mapped(.step), A.transposed.mapped(.step)), ("transpose_gelu", gelu(A), gelu(A.transposed)),
    ("transpose_geluDerivative", geluDerivative(A), geluDerivative(A.transposed)),
    ("transpose_geluSecondDerivative", geluSecondDerivative(A), geluSecondDerivative(A.transposed)),
  ].map { id, f, transposed in
    Rule(Rule.ID(rawValue: id), .law, .bookkeeping, because: entries) { f.transposed ==> transposed }
  }

  // MARK: Matrices of ones

  /// `diag(vec_r(11ᵀ)) = I`.
  public static let diagonalOnes = Rule("diagonal_ones", .law, .bookkeeping, because: entries) {
    Formula.ones("m", "n").vectorized.diagonal ==> .identity(Size("m") * "n")
  }
  /// `A ⊙ 11ᵀ = A`.
  public static let hadamardOnes = Rule("hadamard_ones", .law, .bookkeeping, because: entries) {
    A ⊙ .ones("m", "n") ==> A
  }

  /// What each name means: `f(A)` equals its body.
  public static let unfoldings = [
    ("unfold_gelu", gelu), ("unfold_geluDerivative", geluDerivative),
    ("unfold_geluSecondDerivative", geluSecondDerivative),
  ].map { id, function in
    Rule(Rule.ID(rawValue: id), because: "The definition.") { function(A) ==> function.body([A]) }
  }

  public static let derivatives = [
    jacobianLog, pullbackLog, jacobianRelu, pullbackRelu, jacobianStep, pullbackStep, jacobianNormalDistribution,
    pullbackNormalDistribution, jacobianNormalDensity, pullbackNormalDensity, jacobianGelu, pullbackGelu,
    jacobianGeluDerivative, pullbackGeluDerivative,
  ]
  public static let normalizing = transposes
  /// What drops matrices of ones.
  public static let droppingOnes = [diagonalOnes, hadamardOnes]
  public static let all = derivatives + transposes + droppingOnes + unfoldings
}
