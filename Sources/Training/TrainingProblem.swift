import Contraction
import Evaluation
import Formulas
import Transformers

/// What is trained: the loss of one sample as a formula, at fixed sizes. Gradients and products with the Hessian are its
/// derivatives in reverse and forward mode, compiled; none is written by hand.
public struct TrainingProblem: Sendable {
  /// `X`.
  public let input: Symbol
  /// `Y`.
  public let target: Symbol
  /// The trained matrices, in order.
  public let parameters: [Symbol]
  /// Weights that stay as they are.
  public let constants: [Symbol]
  public let output: Formula
  /// The loss of one sample, 1×1.
  public let loss: Formula
  public let sizes: [String: Int]
  /// Where the trained matrices stand in the vector of weights.
  public let layout: ParameterLayout
  /// The same for those that stay.
  public let constantLayout: ParameterLayout

  /// - Errors: a size without a number.
  public init(
    input: Symbol, target: Symbol, parameters: [Symbol], constants: [Symbol] = [], output: Formula, loss: Formula,
    sizes: [String: Int]
  ) throws(EvaluationError) {
    (self.input, self.target, self.parameters, self.constants) = (input, target, parameters, constants)
    (self.output, self.loss, self.sizes) = (output, loss, sizes)
    layout = try ParameterLayout(parameters, sizes: sizes)
    constantLayout = try ParameterLayout(constants, sizes: sizes)
  }

  /// The loss of a model with all its weights.
  ///
  /// - Errors: a size without a number.
  public init(_ objective: Objective, sizes: [String: Int] = [:]) throws(EvaluationError) {
    try self.init(
      input: objective.model.input, target: objective.target, parameters: objective.model.parameters,
      constants: objective.model.constants, output: objective.model.output, loss: objective.loss, sizes: sizes)
  }

  private var weights: [Symbol] { parameters + constants }
  private var inputs: [Symbol] { [input, target] + weights }

  /// `∇_W ℓ` for each trained matrix.
  private var gradients: [Formula] { parameters.map { .pullback(loss, .symbol($0), .integer(1)) } }

  /// The name of the matrix in the place of a parameter's differential.
  static func direction(of parameter: Symbol) -> Symbol { Symbol("∂" + parameter.name, parameter.shape) }

  /// The loss and the output.
  func evaluation() throws(EvaluationError) -> ContractionProgram {
    try ContractionProgram([loss, output], inputs: inputs, fixed: Set(weights), sizes: sizes)
  }

  /// The loss, the output and the gradient by each trained matrix.
  func gradient() throws(EvaluationError) -> ContractionProgram {
    try ContractionProgram([loss, output] + gradients, inputs: inputs, fixed: Set(weights), sizes: sizes)
  }

  /// The product of the Hessian of one sample's loss with a vector, as one matrix for each trained one.
  func hessianProduct() throws(EvaluationError) -> ContractionProgram {
    try ContractionProgram(
      derivativesOf: gradients, along: parameters.map { (of: $0, by: Self.direction(of: $0)) }, inputs: inputs,
      sizes: sizes)
  }
}
