import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import TensorFiles
import Transformers

/// Printed statements put on trial: each with its verdict and what the verdict rests on.
///
/// Witnesses are read from files and certified anew, proofs are found and replayed anew; nothing is searched for.
public struct Audit: Sendable {
  /// One statement.
  public struct Entry: Sendable {
    public let claim: Claim
    public let verdict: ClaimVerdict
    /// A bound that is proven, for an inequality that is refuted.
    public let repair: ClaimRepair?
  }

  public let entries: [Entry]

  /// Where witnesses are kept, relative to the root of the project.
  public static let witnessFolder = "tables/witnesses"

  /// - Parameter witnesses: the folder with `ID.json` and `ID.search.json`.
  /// - Errors: `FileError` where there is no such folder and for a file that is no witness, `AuditError` for a witness that
  ///   does not refute its claim.
  public init(_ claims: [Claim] = Claims.all, witnesses folder: String = Audit.witnessFolder) throws {
    let witnesses = try WitnessFolder(folder)
    entries = try parallelMap(claims) { claim in
      let verdict = try ClaimTrial(claim, witnesses).verdict()
      return Entry(claim: claim, verdict: verdict.verdict, repair: verdict.repair)
    }
  }

  /// The number of claims with a verdict.
  public func count(_ name: ClaimVerdict.Name) -> Int { entries.filter { $0.verdict.name == name }.count }

  /// The refuted statements that the printed proof of a claim uses: where it breaks. For a theorem that names no steps these are all
  /// its parts.
  public func brokenSteps(of claim: Claim) -> [Entry] {
    entries.filter { entry in
      let isUsed =
        claim.isPart || !claim.steps.isEmpty
        ? claim.steps.contains(entry.claim.id) : entry.claim.theorem == claim.id
      return isUsed && entry.claim.isPart && entry.verdict.name == .refuted
    }
  }
}

/// The trial of one statement.
struct ClaimTrial {
  let claim: Claim
  let witnesses: WitnessFolder

  init(_ claim: Claim, _ witnesses: WitnessFolder) { (self.claim, self.witnesses) = (claim, witnesses) }

  func verdict() throws -> (verdict: ClaimVerdict, repair: ClaimRepair?) {
    if let limitation = claim.limitation { return (.undecided(limitation), nil) }
    switch claim.kind {
    case .identity: return (try identity(), nil)
    case .asymptotic: return (try growth(), nil)
    case .inequality, .existence: return try inequality()
    }
  }

  private func identity() throws -> ClaimVerdict {
    if let proof = IdentityProof.of(claim) { return .proven(try ClaimProof(of: claim, proof)) }
    let check = try IdentityCheck(claim)
    if let difference = check.difference {
      let sizes = SizeTuple.text(difference.sizes)
      return .undecided("the sides differ over the prime field at \(sizes), seed \(difference.seed)")
    }
    return .checked(.identity(check))
  }

  private func growth() throws -> ClaimVerdict {
    let check = try GrowthCheck(claim)
    if check.holds { return .checked(.growth(check)) }
    return .undecided("slopes of \(check.slopes.map { "\($0)" }.joined(separator: ", ")) at random points")
  }

  private func inequality() throws -> (ClaimVerdict, ClaimRepair?) {
    let summary = try witnesses.summary(of: claim)
    let refutation = try witnesses.witness(of: claim).map {
      try ClaimRefutation(of: claim, witness: $0, summary: summary)
    }
    let attempt = InequalityProof(claim)
    if let refutation {
      guard attempt.proof == nil else { throw AuditError.contradiction(claim.id) }
      return (.refuted(refutation), attempt.repair)
    }
    if let proof = attempt.proof { return (.proven(proof), nil) }
    return (.undecided(Self.tried(attempt, summary)), attempt.repair)
  }

  /// What was tried to prove and to refute the claim.
  private static func tried(_ attempt: InequalityProof, _ summary: FalsificationSummary?) -> String {
    let proof =
      attempt.bound == nil
      ? "no chain of laws leads to a bound of the left side"
      : "the bound that the laws give is not shown to be at most the printed one"
    guard let summary else { return proof + "; no violation was searched for" }
    return proof + "; " + summary.tried
  }
}
