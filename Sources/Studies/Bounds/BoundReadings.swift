import Formulas
import Transformers

/// The printed bound with what is not given filled in as formulas, so that a perfect square stays exact, and the derived
/// bound for what is given.
public struct BoundReadings: Sendable {
  /// `R_max`.
  public let residual: Formula
  /// The bound that is derived from what is given.
  public let derived: DerivedBound
  private let replacements: [Formula: Formula]

  /// - Errors: those of the derivation.
  public init(residual: DerivedBound.Residual, isShufflingNormGiven: Bool, isAttentionNormGiven: Bool) throws {
    self.residual =
      switch residual {
      case .zero: .zero(.scalar)
      case .norm: .symbol(DerivedBound.residualNorm)
      case .targetNorm: Self.residualNormBound
      }
    var replacements: [Formula: Formula] = [.symbol(TheoremOne.residualNorm): self.residual]
    if !isShufflingNormGiven { replacements[.symbol(TheoremOne.shufflingNorm)] = TheoremOne.shufflingNormReading }
    self.replacements = replacements
    derived = try DerivedBound.derived(residual, isAttentionNormGiven: isAttentionNormGiven)
  }

  /// `√L X_max ‖W_V‖ + ‖Y‖_F`: bounds `‖F − Y‖_F` at any weights of norm `‖W_V‖`.
  private static let residualNormBound =
    Formula.size("L").squareRoot * .symbol(DerivedBound.dataNorm) * .symbol(DerivedBound.valueNorm)
    + .symbol(DerivedBound.targetNorm)

  /// The formula with the readings in place; `√L·√L` becomes `L`, which is exact.
  public func callAsFunction(_ formula: Formula) -> Formula {
    formula.replacing(replacements).withCanonicalCoefficients
  }
}
