import Arithmetic
import Evaluation
import Transformers

/// One head of a trained layer with an input and a target, in floating point, as the bias-free layer of the theory.
///
/// Where the layer has biases, every token is `x̃ = (x, 1)` and every weight `W̃ = (W; bᵀ)`: exactly the same layer, with
/// `d` one larger.
/// - Shapes: `X : L×d`, `W_Q, W_K : d×d_K`, `W_V : d×d_V`, `Y : L×d_V`.
public struct WeightsInstance: Hashable, Sendable {
  /// What the head's output is compared with.
  public enum Target: Hashable, Sendable {
    /// `Y = F`: the residual is zero.
    case output
    /// `Y = 0`.
    case zero
    case matrix(Matrix<Double>)
  }

  /// The layer's name in the file.
  public let layer: String
  public let head: Int
  /// Whether the biases were absorbed by homogeneous coordinates.
  public let isHomogeneous: Bool
  /// `X`, of several sequences the first.
  public let input: Matrix<Double>
  /// Further sequences.
  public let others: [Matrix<Double>]
  public let query: Matrix<Double>
  public let key: Matrix<Double>
  public let value: Matrix<Double>
  public var target: Target

  public var sizes: LayerSizes {
    LayerSizes(
      sequenceLength: input.rows, width: input.columns, keyWidth: query.columns, valueWidth: value.columns)
  }

  /// The instance as an assignment of matrices to the symbols of an objective with one head.
  ///
  /// - Precondition: the objective's model is a single head without output matrix.
  public func environment(of objective: Objective) throws(EvaluationError) -> Environment<Double> {
    precondition(objective.attention?.heads == nil, "one head of a layer is a layer without output matrix")
    var environment = Environment<Double>(sizes: sizes.assignment)
    environment[objective.model.input] = input
    for (symbol, matrix) in zip(objective.model.parameters, [query, key, value]) { environment[symbol] = matrix }
    switch target {
    case .output: environment[objective.target] = try objective.model.output.value(in: environment)
    case .zero: environment[objective.target] = .zero(rows: input.rows, columns: value.columns)
    case .matrix(let matrix): environment[objective.target] = matrix
    }
    return environment
  }
}
