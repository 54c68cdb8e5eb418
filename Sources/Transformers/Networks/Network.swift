import Formulas
import MatrixCalculus

/// Layers in sequence as one formula of the data and the weights.
///
/// Layers with weights are numbered from 1, also inside residual connections, and their weights carry the number: `W^1`, `b^1`,
/// `P^1`, `gamma^1`, `beta^1`, `W_Q^{2,1}` for head 1 of layer 2, `W_Q^2` for a single head, `W_QK^2` for one matrix in the
/// place of queries and keys, `A_Q^{2,1}`, `B_Q^{2,1}` for its adapter.
/// - Shapes: `X : tokens×width`; the output is of the shape that the last layer makes.
public struct Network: Sendable, Model {
  public let layers: [Layer]
  public let training: Training
  public let input: Symbol
  /// The trained matrices, in the order of the layers.
  public let parameters: [Symbol]
  public let constants: [Symbol]
  public let output: Formula
  public let logits: [Formula]
  public let attentionWeights: [(kernel: AttentionKernel, weights: Formula)]
  /// What layer normalisations are applied to and their `ε`, as they stand in the output.
  public let normalizations: [(matrix: Formula, epsilon: Formula)]
  /// The outputs of all layers but the last, as they stand in the output.
  public let intermediates: [Formula]
  public var multipliesOut: Bool { false }
  /// The attention weights `A` of each head, the layer normalisations `N_1`, `N_2`, … without affine part, and the outputs `Z_1`, `Z_2`, … of all layers but the last.
  public let abbreviations: [Abbreviation]

  /// - Errors: layers that do not fit, or names of trained weights that select none.
  public init(
    _ layers: [Layer], tokens: Size = "L", width: Size = "d", training: Training = .all
  ) throws(NetworkError) {
    guard !layers.isEmpty else { throw .empty }
    let X = Formula.symbol("X", tokens, width)
    var builder = NetworkBuilder(training)
    var Z = X, intermediates: [Formula] = []
    for (i, layer) in layers.enumerated() {
      Z = try builder.apply(layer, to: Z)
      guard i < layers.count - 1 else { break }
      builder.name("Z_\(i + 1)", Z)
      intermediates.append(Z)
    }
    self.intermediates = intermediates
    (attentionWeights, normalizations) = (builder.attentionWeights, builder.normalizations)
    try builder.checkNames()
    (self.layers, self.training) = (layers, training)
    input = Symbol("X", X.shape)
    (parameters, constants) = (builder.parameters, builder.constants)
    (output, logits, abbreviations) = (Z, builder.logits, builder.abbreviations)
  }

  /// The layers as the text that they are read from.
  public var text: String { layers.map(\.description).joined(separator: ", ") }
}
