import Formulas
import MatrixCalculus

/// Puts the formula of a network together, layer by layer.
struct NetworkBuilder {
  let training: Training
  private(set) var parameters: [Symbol] = []
  private(set) var constants: [Symbol] = []
  private(set) var logits: [Formula] = []
  private(set) var attentionWeights: [(kernel: AttentionKernel, weights: Formula)] = []
  private(set) var abbreviations: [Abbreviation] = []
  private(set) var normalizations: [(matrix: Formula, epsilon: Formula)] = []
  /// Layers with weights so far.
  private var number = 0
  /// The names by which weights can be selected.
  private var selectors: [String] = []

  init(_ training: Training) { self.training = training }

  /// What the layer makes of a formula, in normal form.
  mutating func apply(_ layer: Layer, to Z: Formula) throws(NetworkError) -> Formula {
    let rows = Z.shape.rows, width = Z.shape.columns
    let result: Formula
    switch layer {
    case .linear(let newWidth, let bias):
      number += 1
      let product = Z * weight("W", "\(number)", width, newWidth)
      result = bias ? product + .ones(rows, 1) * weight("b", "\(number)", 1, newWidth) : product
    case .activation(let activation): result = activation(Z)
    case .position:
      number += 1
      result = Z + weight("P", "\(number)", rows, width)
    case .attention(let kernel, let heads, let queryKey, let valueWidth):
      guard heads > 0 else { throw .headCount(heads) }
      number += 1
      var terms: [Formula] = []
      for head in 1...heads {
        let mark = "{\(number),\(head)}"
        terms.append(
          try attend(kernel, Z, mark, queryKey, valueWidth) * weight("W_O", mark, valueWidth, width))
      }
      result = .sum(terms)
    case .head(let kernel, let queryKey, let valueWidth):
      number += 1
      result = try attend(kernel, Z, "\(number)", queryKey, valueWidth)
    case .norm(let affine, let epsilon):
      let rowwise = NormalizationFunctions.layerNorm(Z, epsilon.formula)
      normalizations.append((Z, epsilon.formula))
      name("N_\(normalizations.count)", rowwise)
      if affine {
        number += 1
        result =
          rowwise ⊙ (.ones(rows, 1) * weight("gamma", "\(number)", 1, width))
          + .ones(rows, 1) * weight("beta", "\(number)", 1, width)
      } else {
        result = rowwise
      }
    case .mean: result = (.ones(1, rows) * Z).scaled(by: Formula.size(rows).inverse)
    case .flatten:
      guard parameters.isEmpty && constants.isEmpty else { throw .flatten }
      result = Z.vectorized.transposed
    case .residual(let inner):
      var image = Z
      for layer in inner { image = try apply(layer, to: image) }
      guard image.shape == Z.shape else { throw .residual(layer, expected: Z.shape, found: image.shape) }
      result = Z + image
    }
    return normalized(result, Laws.normalization)
  }

  /// `A Z W_V`.
  private mutating func attend(
    _ kernel: AttentionKernel, _ Z: Formula, _ mark: String, _ queryKey: QueryKey, _ valueWidth: Size
  ) throws(NetworkError) -> Formula {
    let width = Z.shape.columns
    let query: Formula, key: Formula
    switch queryKey {
    case .separate(let keyWidth):
      query = Z * weight("W_Q", mark, width, keyWidth)
      key = Z * weight("W_K", mark, width, keyWidth)
    case .joint:
      guard kernel != .gaussian else { throw .jointDistances }
      (query, key) = (Z * weight("W_QK", mark, width, width), Z)
    }
    let weights = normalized(kernel.weights(query: query, key: key), Laws.normalization)
    attentionWeights.append((kernel, weights))
    if kernel != .linear {
      logits.append(normalized(kernel.logits(query: query, key: key), Laws.normalization))
      name("A^\(mark)", weights)
    }
    return weights * Z * weight("W_V", mark, width, valueWidth)
  }

  /// Gives a formula a name, in terms of the names before it.
  mutating func name(_ name: String, _ formula: Formula) {
    guard !formula.isVariable else { return }
    var derivation = Derivation(formula)
    derivation.fold(abbreviations)
    guard !derivation.current.isVariable else { return }
    abbreviations.append(Abbreviation(name, derivation.current))
  }

  /// A weight, or what stands in its place.
  private mutating func weight(_ kind: String, _ mark: String, _ rows: Size, _ columns: Size) -> Formula {
    let symbol = Symbol("\(kind)^\(mark)", Shape(rows, columns))
    for selector in [symbol.name, kind, "layer \(number)"] where !selectors.contains(selector) {
      selectors.append(selector)
    }
    switch training.mode(of: symbol.name, kind: kind, layer: number) {
    case .trained: parameters.append(symbol)
    case .fixed: constants.append(symbol)
    case .adapted(let rank, let alpha):
      constants.append(symbol)
      let suffix = kind.hasPrefix("W_") ? String(kind.dropFirst(2)) : kind
      let left = Symbol("A_\(suffix)^\(mark)", Shape(rows, rank))
      let right = Symbol("B_\(suffix)^\(mark)", Shape(rank, columns))
      parameters += [left, right]
      let scale = Formula.integer(alpha) * Formula.size(rank).inverse
      return .symbol(symbol) + (Formula.symbol(left) * .symbol(right)).scaled(by: scale)
    }
    return .symbol(symbol)
  }

  /// Checks that each name of the training selects a weight, and that some weight is trained.
  func checkNames() throws(NetworkError) {
    if case .lowRank(_, let alpha, _, _) = training, alpha < 1 { throw .scale(alpha) }
    for name in training.names where !selectors.contains(name) {
      throw .unknownWeight(name, valid: selectors)
    }
    if parameters.isEmpty { throw .nothingTrained }
  }
}
