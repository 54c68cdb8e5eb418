import Formulas
import MatrixCalculus
import Transformers

/// Proofs that carry a printed statement: chains of laws, replayed, and for an inequality a comparison of their ends.
public struct ClaimProof: Sendable {
  /// For an identity its proof; for an inequality one or more proofs of `left ≤ bound`, of whose bounds always one is at
  /// most the printed one.
  public let proofs: [Proof]
  /// The laws by name, with those of which there is one for each number of operands.
  public let rules: [Rule.ID: Rule]

  /// Replays the proofs and compares what they prove with the claim.
  ///
  /// - Errors: `ProofError` for the first step that does not follow; `AuditError` where proofs of other statements are given.
  public init(of claim: Claim, _ proofs: [Proof], rules: [Rule.ID: Rule] = Laws.byID) throws {
    for proof in proofs { try proof.replay(rules) }
    // Definitions and hypotheses are not part of what is printed.
    for id in proofs.flatMap(\.rulesUsed) where rules[id]?.status != .law {
      throw AuditError.assumes(claim.id, "\(id)")
    }
    switch claim.statement.relation {
    case .equal:
      guard proofs.count == 1, proofs[0].judgement == claim.statement else { throw AuditError.otherStatement(claim.id) }
    case .atMost:
      let bounds = proofs.map(\.judgement.right)
      guard !proofs.isEmpty, proofs.allSatisfy({ $0.judgement.left == claim.statement.left }),
        BoundComparison.isAtMost(bounds.count == 1 ? bounds[0] : .minimum(bounds), claim.statement.right)
      else { throw AuditError.otherStatement(claim.id) }
    }
    (self.proofs, self.rules) = (proofs, rules)
  }

  /// The number of steps, those of lemmas included.
  public var steps: Int { proofs.reduce(0) { $0 + $1.totalSteps } }

  /// The laws of substance that are used, in order of first use.
  public var laws: [Rule] {
    var used: [Rule.ID] = []
    for id in proofs.flatMap(\.rulesUsed) where !used.contains(id) { used.append(id) }
    return used.compactMap { rules[$0] }.filter { $0.weight == .substantive }
  }
}
