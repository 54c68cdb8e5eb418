import Formulas
import MatrixCalculus

/// How the residual `R = F − Y` is measured.
public enum Loss: String, CaseIterable, Hashable, Sendable {
  /// `‖R‖_F² / (number of entries of F)`, of several samples their mean.
  case meanSquare = "mean-square"
  /// `½‖R‖_F²`, of several samples their sum.
  case halfSumSquare = "half-sum-square"

  /// The factor of `‖R‖_F²` for an output of this shape, as a formula.
  public func weight(of shape: Shape) -> Formula {
    switch self {
    case .meanSquare: Formula.size(shape.count).inverse
    case .halfSumSquare: Formula.integer(2).inverse
    }
  }
}

/// The loss `ℓ = weight · ‖F − Y‖_F²` of a layer; by default the mean square, `weight = 1 / (number of entries of F)`.
public struct Objective: Sendable {
  public let model: SelfAttention
  public let measure: Loss
  /// The target `Y`, of the output's shape.
  public let target: Symbol
  /// `F − Y`, written out.
  public let residual: Formula
  /// `1/(L d_V)`, or `1/2`, as a formula.
  public let weight: Formula
  /// `ℓ = weight · vec_r(F − Y)ᵀ vec_r(F − Y)`.
  public let loss: Formula
  /// Names for parts of the loss, in the order in which they are to be folded: `R := F − Y`, then the model's.
  public let abbreviations: [Abbreviation]

  public init(_ model: SelfAttention, measuredBy measure: Loss = .meanSquare) {
    self.model = model
    self.measure = measure
    target = Symbol("Y", model.output.shape)
    let residual = model.output - .symbol(target)
    self.residual = residual
    weight = measure.weight(of: residual.shape)
    loss = (residual.vectorized.transposed * residual.vectorized).scaled(by: weight)
    abbreviations = [Abbreviation("R", residual)] + model.abbreviations
  }
}
