import Formulas

/// All laws of the calculus, and the sets that strategies use.
public enum Laws {
  /// Every law, in the order of the catalogue.
  public static let catalogue: [(title: String, rules: [Rule])] = [
    ("Jacobians", DifferentiationLaws.all),
    ("Second derivatives of sums of squares", SecondOrderLaws.all),
    ("Pullbacks", PullbackLaws.all),
    ("Contractions", ContractionLaws.all),
    ("Functions of rows", RowwiseFunctions.all),
    ("Layer normalisation", NormalizationFunctions.all),
    ("Functions of entries", ElementwiseFunctions.all),
    ("Transposes, Kronecker products, vectorisation", StructuralLaws.all),
    ("Factors, zeros, identities", ScalingLaws.all),
    ("Products regrouped", RegroupingLaws.all),
    ("Norms", NormLaws.all),
    ("Norms of functions of rows", RowwiseNormLaws.all),
    ("Norms of layer normalisation", NormalizationNormLaws.all),
    ("Norms of functions of entries", ElementwiseNormLaws.all),
  ]

  public static let all: [Rule] = catalogue.flatMap(\.rules)

  /// The laws about norms.
  public static let norms: [Rule] =
    NormLaws.all + RowwiseNormLaws.all + NormalizationNormLaws.all + ElementwiseNormLaws.all

  /// The laws by name, for replaying proofs.
  public static let byID: [Rule.ID: Rule] = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })

  /// What brings the named functions and everything around them to normal form.
  private static let tidying =
    ScalingLaws.normalizing + StructuralLaws.all + RowwiseFunctions.normalizing + NormalizationFunctions.normalizing
    + ElementwiseFunctions.normalizing

  /// What removes `∂`, pullbacks and contractions and brings the rest to normal form.
  public static let calculus = RuleSet(
    DifferentiationLaws.all + RowwiseFunctions.derivatives + NormalizationFunctions.derivatives
      + ElementwiseFunctions.derivatives + PullbackLaws.all + ContractionLaws.pushing + tidying)

  /// What brings a formula without derivatives to normal form.
  public static let normalization = RuleSet(tidying)

  /// The same, with sums multiplied out: the form in which results are stated.
  public static let expansion = RuleSet(tidying + ScalingLaws.expanding)
}
