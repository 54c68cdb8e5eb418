import Formulas
import MatrixCalculus

/// A model of which only some weights are trained; the others are held fixed.
public struct TrainedPart: Model {
  /// The model with all its weights.
  public let model: any Model
  public let parameters: [Symbol]
  public let constants: [Symbol]

  /// - Parameter kinds: the kinds of weights that are trained, such as `W_Q` for those of all heads.
  /// - Errors: a kind that the model does not have.
  public init(_ model: any Model, training kinds: [String]) throws(NetworkError) {
    let known = model.parameters.reduce(into: [String]()) { known, symbol in
      if !known.contains(symbol.baseName) { known.append(symbol.baseName) }
    }
    for kind in kinds where !known.contains(kind) { throw .unknownWeight(kind, valid: known) }
    if kinds.isEmpty { throw .nothingTrained }
    self.model = model
    parameters = model.parameters.filter { kinds.contains($0.baseName) }
    constants = model.parameters.filter { !kinds.contains($0.baseName) } + model.constants
  }

  public var input: Symbol { model.input }
  public var output: Formula { model.output }
  public var logits: [Formula] { model.logits }
  public var attentionWeights: [(kernel: AttentionKernel, weights: Formula)] { model.attentionWeights }
  public var multipliesOut: Bool { model.multipliesOut }
  public var abbreviations: [Abbreviation] { model.abbreviations }
}

extension SelfAttention {
  /// What the values see of the data: `A X` of each head.
  ///
  /// - Shapes: `L×d` each.
  public var features: [Formula] {
    let X = Formula.symbol(input), count = parameters.count / (heads ?? 1)
    return stride(from: 0, to: parameters.count, by: count).map { first in
      let query = X * .symbol(parameters[first]), key = X * .symbol(parameters[first + 1])
      return normalized(kernel.weights(query: query, key: key) * X, Laws.normalization)
    }
  }
}
