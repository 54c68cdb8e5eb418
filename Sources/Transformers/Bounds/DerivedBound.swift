import Formulas
import MatrixCalculus

/// The derived bound of one softmax head in numbers, `‖H‖₂ ≤ ‖[b_ij]‖₂`, under hypotheses that bound the norms of single
/// matrices: `‖X‖₂ ≤ x`, `‖W_Q‖₂ ≤ q`, `‖W_K‖₂ ≤ k`, `‖W_V‖₂ ≤ v`, and what is known of the residual.
///
/// - Holds: at any point, for any `d`, `d_V`, `d_K`, under the hypotheses, which the proof names.
public struct DerivedBound: Sendable {
  public static let dataNorm = Symbol("x", .scalar)
  public static let queryNorm = Symbol("q", .scalar)
  public static let keyNorm = Symbol("k", .scalar)
  public static let valueNorm = Symbol("v", .scalar)
  public static let attentionNorm = Symbol("alpha", .scalar)
  public static let residualNorm = Symbol("rho", .scalar)
  public static let targetNorm = Symbol("y", .scalar)

  /// What is known of the residual `R = F − Y`.
  public enum Residual: Hashable, Sendable {
    /// `‖R‖_F ≤ 0`.
    case zero
    /// `‖R‖_F ≤ ρ`.
    case norm
    /// `‖Y‖_F ≤ y`; the residual follows from the weights.
    case targetNorm
  }

  /// What is assumed, as rules: a norm is at most a number.
  public let hypotheses: [Rule]
  /// The bound in norms.
  public let bound: HessianBound
  /// `‖∂²ℓ/∂W_i∂W_j‖₂ ≤ b_ij` in numbers, row by row in the order Q, K, V.
  public let blocks: [Proof]
  /// `‖H‖₂ ≤ ‖[b_ij]‖₂` in numbers.
  public let proof: Proof
  /// The rules that the proofs may use.
  public let rules: [Rule.ID: Rule]

  /// The bound as a formula in the symbols.
  public var formula: Formula { proof.judgement.right }

  /// The bound of one block, `nil` for other names than `Q`, `K`, `V`.
  public func block(_ row: String, _ column: String) -> Formula? {
    let names = ["Q", "K", "V"]
    guard let i = names.firstIndex(of: row), let j = names.firstIndex(of: column) else { return nil }
    return blocks[3 * i + j].judgement.right
  }

  /// The bound for what is known; derived once for each case.
  ///
  /// - Parameter isAttentionNormGiven: whether `‖A‖₂ ≤ α` is a hypothesis; without it `‖A‖₂ ≤ √L` is derived.
  public static func derived(_ residual: Residual, isAttentionNormGiven: Bool = false) throws -> DerivedBound {
    switch (residual, isAttentionNormGiven) {
    case (.zero, false): try zero.get()
    case (.norm, false): try norm.get()
    case (.targetNorm, false): try target.get()
    case (.zero, true): try zeroWithAttention.get()
    case (.norm, true): try normWithAttention.get()
    case (.targetNorm, true): try targetWithAttention.get()
    }
  }

  private static let zero = Result { try DerivedBound(.zero, false) }
  private static let norm = Result { try DerivedBound(.norm, false) }
  private static let target = Result { try DerivedBound(.targetNorm, false) }
  private static let zeroWithAttention = Result { try DerivedBound(.zero, true) }
  private static let normWithAttention = Result { try DerivedBound(.norm, true) }
  private static let targetWithAttention = Result { try DerivedBound(.targetNorm, true) }
  private static let hessian = HessianDerivation(Objective(SelfAttention(.softmax)))

  private init(_ residual: Residual, _ isAttentionNormGiven: Bool) throws {
    let objective = Self.hessian.objective
    var assumed = zip(
      [objective.model.input] + objective.model.parameters,
      [Self.dataNorm, Self.queryNorm, Self.keyNorm, Self.valueNorm]
    ).map { (norm: Formula.symbol($0).norm(), bound: Formula.symbol($1)) }
    switch residual {
    case .zero: assumed.append((objective.residual.norm(.frobenius), .integer(0)))
    case .norm: assumed.append((objective.residual.norm(.frobenius), .symbol(Self.residualNorm)))
    case .targetNorm: assumed.append((Formula.symbol(objective.target).norm(.frobenius), .symbol(Self.targetNorm)))
    }
    if isAttentionNormGiven, let A = objective.model.abbreviations.first {
      assumed.append((A.definition.statement.left.norm(), .symbol(Self.attentionNorm)))
    }
    bound = try HessianBound(
      Self.hessian, allowing: Set(assumed.map(\.norm)), at: (0..<4).map { Self.witness(assumed.map(\.norm), $0) })
    let folded = objective.abbreviations.map(\.definition)
    hypotheses = assumed.map { norm, bound in
      let name = folded.reduce(norm) { $0.replacing([$1.statement.left: $1.statement.right]) }
      return Rule(
        Rule.ID(rawValue: "hypothesis \(name) ≤ \(bound)"), .hypothesis, because: "Given."
      ) { name ≤ bound }
    }
    let (hypotheses, bound) = (hypotheses, bound)
    func inNumbers(_ proof: Proof) -> Proof {
      var derivation = BoundDerivation(proof.judgement.left)
      derivation.apply(lemma: proof, at: .root)
      for hypothesis in hypotheses { derivation.apply(hypothesis, .forward) }
      derivation.canonicalize()
      return derivation.proof(proof.title + ", in numbers")
    }
    blocks = bound.blocks.map { inNumbers($0.proof) }
    proof = inNumbers(bound.proof)
    rules = hypotheses.reduce(into: bound.rules) { $0[$1.id] = $1 }
  }

  /// Some positive values of the norms and sizes; which ones decides nothing but where the bound is sharp.
  private static func witness(_ norms: [Formula], _ index: Int) -> BoundSearch.Witness {
    { formula in
      if let i = norms.firstIndex(of: formula) { return 0.5 + Double((i * 7 + index * 5) % 11) / 4 }
      guard let value = Coefficient(formula)?.approximation({ _ in Double(3 + 2 * index) }) else {
        throw BoundSearch.Failure.unreachable("\(formula)")
      }
      return value
    }
  }
}
