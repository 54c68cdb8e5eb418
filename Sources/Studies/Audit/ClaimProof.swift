import Formulas
import MatrixCalculus
import Transformers

/// What carries a printed statement: a chain of laws, replayed, and for an inequality a comparison of its end.
public struct ClaimProof: Sendable {
  /// For an identity its proof; for an inequality a proof of `left ≤ bound` with a bound that is at most the printed one.
  public let proof: Proof
  /// The laws by name, with those of which there is one for each number of operands.
  public let rules: [Rule.ID: Rule]

  /// Replays the proof and compares what it proves with the claim.
  ///
  /// - Errors: `ProofError` for the first step that does not follow; `AuditError` where the proof is of something else or
  ///   assumes something.
  public init(of claim: Claim, _ proof: Proof, rules: [Rule.ID: Rule] = Laws.byID) throws {
    try proof.replay(rules)
    // Definitions and hypotheses are not part of what is printed.
    for id in proof.rulesUsed where rules[id]?.status != .law { throw AuditError.assumes(claim.id, "\(id)") }
    switch claim.statement.relation {
    case .equal:
      guard proof.judgement == claim.statement else { throw AuditError.otherStatement(claim.id) }
    case .atMost:
      guard proof.judgement.left == claim.statement.left,
        BoundComparison.isAtMost(proof.judgement.right, claim.statement.right)
      else { throw AuditError.otherStatement(claim.id) }
    }
    (self.proof, self.rules) = (proof, rules)
  }

  /// The number of steps, those of lemmas included.
  public var steps: Int { proof.totalSteps }

  /// The laws of substance that are used, in order of first use.
  public var laws: [Rule] {
    proof.rulesUsed.compactMap { rules[$0] }.filter { $0.weight == .substantive }
  }
}
