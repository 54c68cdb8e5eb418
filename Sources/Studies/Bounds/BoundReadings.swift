import Formulas
import Transformers

/// The bounds with what is not given filled in as formulas, so that a perfect square stays exact.
public struct BoundReadings: Sendable {
  /// What is known of the residual `R = F − Y`.
  public enum Residual: Hashable, Sendable {
    case zero
    /// `R_max`, the symbol `givenResidualNorm`.
    case norm
    /// `‖Y‖_F`, from which `R_max = √L·X_max·‖W_V‖ + ‖Y‖_F`.
    case targetNorm
  }

  /// `R_max` where it is given.
  public static let givenResidualNorm = Symbol("R given", .scalar)

  /// `R_max`.
  public let residual: Formula
  private let replacements: [Formula: Formula]

  public init(residual: Residual, isShufflingNormGiven: Bool, isAttentionNormGiven: Bool) {
    let bound: Formula =
      switch residual {
      case .zero: .zero(.scalar)
      case .norm: .symbol(Self.givenResidualNorm)
      case .targetNorm: RepairedBound.residualNormBound
      }
    var replacements: [Formula: Formula] = [:]
    for symbol in [TheoremOne.residualNorm, RepairedBound.residualNorm, RepairedBound.residualRowNorm] {
      replacements[.symbol(symbol)] = bound
    }
    if !isShufflingNormGiven { replacements[.symbol(TheoremOne.shufflingNorm)] = TheoremOne.shufflingNormReading }
    if !isAttentionNormGiven { replacements[.symbol(RepairedBound.attentionNorm)] = RepairedBound.attentionNormBound }
    self.residual = bound
    self.replacements = replacements
  }

  /// The formula with the readings in place; `√L·√L` becomes `L`, which is exact.
  public func callAsFunction(_ formula: Formula) -> Formula {
    formula.replacing(replacements).withCanonicalCoefficients
  }
}
