import Formulas
import MatrixCalculus

/// How much the features `B = A X` of a head can change with its queries and keys: bounds of `‖∂B/∂W_Q‖₂` and
/// `‖∂B/∂W_K‖₂` that hold on the whole ball `‖w − w*‖₂ ≤ r`, in norms of the data and of the weights at its centre.
public struct FeatureBound: Sendable {
  /// The numbers that the bounds are written in, in a fixed order.
  public let numbers: [BallBound.Number]
  /// What is assumed, as rules.
  public let hypotheses: [Rule]
  /// One for `W_Q`, one for `W_K`.
  public let proofs: [Proof]
  /// The rules that the proofs may use.
  public let rules: [Rule.ID: Rule]

  /// The bounds as formulas in the numbers and the radius.
  public var bounds: [Formula] { proofs.map(\.judgement.right) }

  /// Derives the bounds for a head with this kernel.
  ///
  /// - Errors: `BoundSearch.Failure` where the laws do not lead to these norms.
  public init(_ kernel: AttentionKernel) throws {
    let model = SelfAttention(kernel), objective = Objective(model, measuredBy: .halfSumSquare)
    let matrices = [model.input, model.parameters[0], model.parameters[1]]
    let numbers = BallBound.numbers(of: objective).filter { matrices.contains($0.matrix) }
    let hypotheses = numbers.flatMap { BallBound.hypotheses($0, isMoved: $0.matrix != model.input) }
    let witnesses = BallBound.witnesses(for: numbers, moved: Set(matrices.dropFirst()))
    let allowed = Set(numbers.map { Formula.symbol($0.matrix).norm($0.norm) })
    var search = BoundSearch(allowed: allowed, at: witnesses)
    let features = model.features[0]
    proofs = try matrices.dropFirst().map { parameter in
      var jacobian = Derivation(features.jacobian(.symbol(parameter)))
      jacobian.normalize(Laws.calculus)
      var bound = BoundDerivation(jacobian.start.norm())
      bound.apply(lemma: jacobian.proof("Jacobian of the features by \(parameter)"), at: Position([0]))
      guard let best = try search.derivations(of: bound.current).first else {
        throw BoundSearch.Failure.unreachable("\(bound.current)")
      }
      bound.append(best, at: .root)
      for hypothesis in hypotheses { bound.apply(hypothesis, .forward) }
      bound.canonicalize()
      return bound.proof("The change of the features with \(parameter)")
    }
    (self.numbers, self.hypotheses) = (numbers, hypotheses)
    rules = hypotheses.reduce(into: Laws.byID) { $0[$1.id] = $1 }
  }
}
