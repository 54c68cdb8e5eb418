import Arithmetic
import Formulas
import Transformers

/// What an audit finds of a printed statement.
public enum ClaimVerdict: Sendable {
  /// By a chain of laws.
  case proven(ClaimProof)
  /// Both sides are equal at random points, or grow alike there.
  case checked(ClaimCheckEvidence)
  /// There is a point, certified, at which it does not hold.
  case refuted(ClaimRefutation)
  /// What was tried.
  case undecided(String)

  public enum Name: String, CaseIterable, Hashable, Sendable { case proven, checked, refuted, undecided }

  public var name: Name {
    switch self {
    case .proven: .proven
    case .checked: .checked
    case .refuted: .refuted
    case .undecided: .undecided
    }
  }
}

/// What a statement that is not proven was checked by.
public enum ClaimCheckEvidence: Sendable {
  case identity(IdentityCheck)
  case growth(GrowthCheck)
}

/// A certified violation of a printed inequality.
public struct ClaimRefutation: Sendable {
  public let witness: ClaimWitness
  public let certification: Certification
  /// left/right is at least this; `nil` where the right side is zero.
  public let ratio: Rational?
  /// What the search that found the witness tried; `nil` where its summary is not kept.
  public let summary: FalsificationSummary?

  /// Certifies the witness in a file.
  ///
  /// - Errors: a file that is no witness of the claim; `AuditError.notCertified` for a point at which the claim holds or
  ///   is not decided.
  init(of claim: Claim, witness path: String, summary: FalsificationSummary?) throws {
    witness = try ClaimWitness(of: claim, contentsOf: path)
    certification = try witness.certification()
    switch certification.verdict {
    case .refuted: ratio = try certification.ratioLowerBound
    case .proven: throw AuditError.notCertified(claim.id, path: path, "the inequality holds there")
    case .undecided(let reason): throw AuditError.notCertified(claim.id, path: path, "not decided: \(reason)")
    }
    self.summary = summary
  }
}

/// A bound that is proven in place of a refuted one.
public struct ClaimRepair: Sendable {
  /// What the left side of the claim is at most.
  public let bound: Formula
  /// The proof; `nil` where it is too long to print here and stands elsewhere.
  public let proof: Proof
  public let rules: [Rule.ID: Rule]

  public init(bound: Formula, proof: Proof, rules: [Rule.ID: Rule]) {
    (self.bound, self.proof, self.rules) = (bound, proof, rules)
  }
}
