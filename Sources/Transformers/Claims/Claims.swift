/// All printed statements under audit, theorems before the steps of their proofs.
public enum Claims {
  public static let all: [Claim] =
    [TheoremOne.claim] + TheoremOne.steps + [TransformerHessianTheorem.claim] + TransformerHessianTheorem.steps
    + BlockClaims.claims + BlockGrowthClaims.claims + LinearAttentionClaims.claims + TheoremTwo.claims
    + FullyConnectedTheorem.claims

  /// The claim with a name, in any case of letters.
  public static func claim(_ id: String) -> Claim? { all.first { $0.id.lowercased() == id.lowercased() } }

  /// The claim with a name, or the theorem of that name with all its parts; empty where there is none.
  public static func selection(_ id: String) -> [Claim] {
    let wanted = id.lowercased()
    return all.filter { $0.id.lowercased() == wanted || $0.id.lowercased().hasPrefix(wanted + ".") }
  }
}
