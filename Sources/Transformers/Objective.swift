import Formulas
import MatrixCalculus

/// The mean-square loss `ℓ = ‖F − Y‖_F² / (number of entries of F)` of a layer.
public struct Objective: Sendable {
  public let model: SelfAttention
  /// The target `Y`, of the output's shape.
  public let target: Symbol
  /// `F − Y`, written out.
  public let residual: Formula
  /// `1/(L d_V)`, as a formula.
  public let weight: Formula
  /// `ℓ = weight · vec_r(F − Y)ᵀ vec_r(F − Y)`.
  public let loss: Formula
  /// Names for parts of the loss, in the order in which they are to be folded: `R := F − Y`, then the model's.
  public let abbreviations: [Abbreviation]

  public init(_ model: SelfAttention) {
    self.model = model
    target = Symbol("Y", model.output.shape)
    let residual = model.output - .symbol(target)
    self.residual = residual
    weight = Formula.size(residual.shape.count).inverse
    loss = (residual.vectorized.transposed * residual.vectorized).scaled(by: weight)
    abbreviations = [Abbreviation("R", residual)] + model.abbreviations
  }
}
