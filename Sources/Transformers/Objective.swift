import Formulas
import MatrixCalculus

/// How the output `F` is measured against the target `Y`.
public enum Loss: String, CaseIterable, Hashable, Sendable {
  /// `‖F − Y‖_F² / (number of entries of F)`, of several samples their mean.
  case meanSquare = "mean-square"
  /// `½‖F − Y‖_F²`, of several samples their sum.
  case halfSumSquare = "half-sum-square"
  /// `−(1/L) ⟨Y, logSoftmax(F)⟩` for `F` of `L` rows, each row of `Y` a distribution; of several samples their mean.
  case crossEntropy = "cross-entropy"

  /// The losses that are a multiple of `‖F − Y‖_F²`.
  public static let squares: [Loss] = [.meanSquare, .halfSumSquare]

  /// The factor of `‖F − Y‖_F²` or of `−⟨Y, logSoftmax(F)⟩` for an output of this shape, as a formula.
  public func weight(of shape: Shape) -> Formula {
    switch self {
    case .meanSquare: Formula.size(shape.count).inverse
    case .halfSumSquare: Formula.integer(2).inverse
    case .crossEntropy: shape.rows.isOne ? .integer(1) : Formula.size(shape.rows).inverse
    }
  }
}

/// The loss of a model's output `F` against a target `Y`; by default the mean square `weight · ‖F − Y‖_F²`,
/// `weight = 1 / (number of entries of F)`.
public struct Objective: Sendable {
  public let model: any Model
  public let measure: Loss
  /// The target `Y`, of the output's shape.
  public let target: Symbol
  /// What the gradient by the output is a multiple of: `F − Y`, or `softmax(F) − Y` for the cross-entropy, written out.
  public let residual: Formula
  /// What the loss is a function of without further derivatives of the model: `F − Y`, or `F` for the cross-entropy.
  public let argument: Formula
  /// `1/(L d_V)`, `1/2` or `1/L`, as a formula.
  public let weight: Formula
  /// `ℓ = weight · vec_r(F − Y)ᵀ vec_r(F − Y)`, or `ℓ = −weight · vec_r(Y)ᵀ vec_r(logSoftmax(F))`.
  public let loss: Formula
  /// What is assumed of the target: for the cross-entropy that the rows of `Y` sum to 1, `Y 11ᵀ = 11ᵀ`.
  public let hypotheses: [Rule]
  /// Names for parts of the loss, in the order in which they are to be folded: the residual `R`, for the cross-entropy
  /// `S := softmax(F)`, then the model's.
  public let abbreviations: [Abbreviation]

  public init(_ model: any Model, measuredBy measure: Loss = .meanSquare) {
    self.model = model
    self.measure = measure
    let target = Symbol("Y", model.output.shape)
    self.target = target
    let F = model.output, Y = Formula.symbol(target)
    weight = measure.weight(of: F.shape)
    switch measure {
    case .meanSquare, .halfSumSquare:
      let residual = F - Y
      (self.residual, argument) = (residual, residual)
      loss = (residual.vectorized.transposed * residual.vectorized).scaled(by: weight)
      hypotheses = []
      abbreviations = [Abbreviation("R", residual)] + model.abbreviations
    case .crossEntropy:
      let probabilities = RowwiseFunctions.softmax(F)
      (residual, argument) = (probabilities - Y, F)
      loss = (Y.vectorized.transposed * RowwiseFunctions.logSoftmax(F).vectorized)
        .scaled(by: .integer(-1) * weight)
      hypotheses = [Self.rowsSumToOne(Y)]
      abbreviations =
        [Abbreviation("R", residual), Abbreviation("S", probabilities)] + model.abbreviations
    }
  }

  /// `‖softmax(F) − Y‖_{2,∞} ≤ √2` for the cross-entropy, whose target has distributions in its rows; empty otherwise.
  ///
  /// It needs more than `hypotheses`: that no entry of `Y` is negative.
  public var boundHypotheses: [Rule] {
    guard measure == .crossEntropy else { return [] }
    let residual = residual
    return [
      Rule(
        "hypothesis rows of Y are distributions", .hypothesis,
        because: """
          Each row of the target is a distribution `y`: for the distribution `s` in the same row of `softmax(F)`, \
          `‖s − y‖² = ‖s‖² + ‖y‖² − 2⟨s, y⟩ ≤ 2`.
          """
      ) { residual.norm(.largestRow) ≤ Formula.integer(2).squareRoot }
    ]
  }

  /// `Y 11ᵀ = 11ᵀ`.
  private static func rowsSumToOne(_ Y: Formula) -> Rule {
    let n = Y.shape.columns
    return Rule("hypothesis Y 11ᵀ = 11ᵀ", .hypothesis, because: "Each row of the target is a distribution.") {
      Y * .ones(n, n) ==> .ones(Y.shape.rows, n)
    }
  }

  /// The layer, where the model is a single layer of self-attention.
  public var attention: SelfAttention? { model as? SelfAttention }

  /// The gradient of the loss by the output: `2cR`, or `cR` for the cross-entropy, with a name for `R`.
  public func outputGradient(_ R: Formula) -> Formula {
    switch measure {
    case .meanSquare, .halfSumSquare: R.scaled(by: .integer(2) * weight)
    case .crossEntropy: R.scaled(by: weight)
    }
  }
}
