import Formulas
import MatrixCalculus

/// The Polyak–Łojasiewicz inequality of a layer whose values are trained: its gradient is small only where its loss is.
///
/// `B` has the rows `A X` of all tokens of all samples, so that the outputs are `F = B W_V W_O`, and the loss is
/// `f = ½‖F − Y‖_F²`. With right inverses `BP = I` of `B` and `W_OᵀQ = I` of `W_Oᵀ`,
/// `‖R‖_F ≤ ‖P‖₂ ‖∇f‖_F ‖Q‖₂`, that is `‖∇f‖_F² ≥ 2βf` with `β = 1/(‖P‖₂ ‖Q‖₂)²`. Of the pseudo-inverses
/// `1/‖P‖₂ = σ_min(Bᵀ)`, the root of the least eigenvalue of `BBᵀ`, and `1/‖Q‖₂ = σ_min(W_O)`, that of `W_OᵀW_O`: both are
/// zero, and there is no inverse, where `B` has more rows than columns or `W_O` has more columns than rows.
/// - Note: several heads `F = Σ_h B_h W_V^h W_O^h` follow with `B = [B_1 … B_H]` and the least of the `σ_min(W_O^h)`.
public struct GradientDominance: Sendable {
  /// `½‖B W_V W_O − Y‖_F²` with `W_V` trained.
  public let objective: Objective
  /// `∇_{W_V}⟨G, R⟩ = BᵀGW_Oᵀ` for any `G`; the gradient of the loss is that for `G = R`.
  public let gradient: Proof
  /// `PᵀBᵀ = I` and `W_OᵀQ = I`.
  public let hypotheses: [Rule]
  /// `‖R‖_F ≤ ‖P‖₂ ‖BᵀRW_Oᵀ‖_F ‖Q‖₂`.
  public let proof: Proof
  /// The rules that the proofs may use.
  public let rules: [Rule.ID: Rule]

  /// The inequality, derived once.
  public static let derived = GradientDominance()

  /// `F = B W_V W_O` with `W_O` fixed.
  private struct Readout: Model {
    let input = Symbol("B", Shape("m", "n"))
    let parameters = [Symbol("W_V", Shape("n", "d_V"))]
    let constants = [Symbol("W_O", Shape("d_V", "d_O"))]
    var output: Formula { .symbol(input) * .symbol(parameters[0]) * .symbol(constants[0]) }
    var logits: [Formula] { [] }
    var attentionWeights: [(kernel: AttentionKernel, weights: Formula)] { [] }
    var multipliesOut: Bool { true }
    var abbreviations: [Abbreviation] { [] }
  }

  private init() {
    let model = Readout(), objective = Objective(model, measuredBy: .halfSumSquare)
    let B = Formula.symbol(model.input), output = Formula.symbol(model.constants[0])
    let R = Formula.symbol("R", "m", "d_O"), P = Formula.symbol("P", "n", "m"), Q = Formula.symbol("Q", "d_V", "d_O")
    guard let gradient = HessianDerivation(objective).gradients[model.parameters[0]] else {
      preconditionFailure("the gradients come with the gradient-first route")
    }
    self.gradient = gradient

    let left = Rule("hypothesis PᵀBᵀ = I", .hypothesis, because: "Given: P is a right inverse of B.") {
      P.transposed * B.transposed ==> .identity("m")
    }
    let right = Rule(
      "hypothesis W_OᵀQ = I", .hypothesis, because: "Given: Q is a right inverse of the transpose of W_O."
    ) {
      output.transposed * Q ==> .identity("d_O")
    }
    hypotheses = [left, right]
    let slope = B.transposed * R * output.transposed
    var inverse = Derivation(P.transposed * slope * Q)
    for hypothesis in hypotheses {
      guard let position = inverse.current.position(of: hypothesis.statement.left) else {
        preconditionFailure("\(hypothesis.id) is about a part of \(inverse.current)")
      }
      inverse.apply(hypothesis, at: position, Substitution())
    }
    inverse.normalize(Laws.normalization)

    var bound = BoundDerivation(R.norm(.frobenius))
    bound.apply(lemma: inverse.proof("The residual from the gradient"), .backward, at: Position([0]))
    bound.split(NormLaws.mulFrobeniusRight, at: .root, first: P.transposed)
    bound.split(NormLaws.mulFrobeniusLeft, at: Position([1]), first: slope)
    guard let transpose = NormLaws.transpose(.spectral), let match = transpose.matches(P.transposed.norm()).first else {
      preconditionFailure("the spectral norm of a transpose")
    }
    bound.apply(transpose, at: Position([0]), match.substitution)
    proof = bound.proof("The residual is small where the gradient is")
    self.objective = objective
    rules = (hypotheses + objective.abbreviations.map(\.definition)).reduce(into: Laws.byID) { $0[$1.id] = $1 }
  }
}

extension BoundDerivation {
  /// Applies a law about a norm of a product, cut after the given factors.
  ///
  /// - Precondition: the product begins with them.
  fileprivate mutating func split(_ law: Rule, at position: Position, first: Formula) {
    let found = current[position].map { law.matches($0) } ?? []
    guard let match = found.first(where: { $0.judgement.right.operands.contains { $0.operands == [first] } }) else {
      preconditionFailure("\(law.id) does not cut \(current) after \(first)")
    }
    apply(law, at: position, match.substitution)
  }
}
