import Formulas

extension Layer: CustomStringConvertible {
  public var description: String {
    switch self {
    case .linear(let width, let bias): "linear(\(width)\(bias ? ", bias" : ""))"
    case .activation(let activation): activation.rawValue
    case .position: "position"
    case .attention(let kernel, let heads, let queryKey, let valueWidth):
      "attention(\(kernel.rawValue), heads: \(heads), \(queryKey.text), value: \(valueWidth))"
    case .head(let kernel, let queryKey, let valueWidth):
      "head(\(kernel.rawValue), \(queryKey.text), value: \(valueWidth))"
    case .norm(let affine, let epsilon): Self.normText(affine, epsilon)
    case .mean: "mean"
    case .flatten: "flatten"
    case .residual(let layers): "residual(\(layers.map(\.description).joined(separator: ", ")))"
    }
  }

  private static func normText(_ affine: Bool, _ epsilon: PositiveFraction) -> String {
    let options = (affine ? [] : ["plain"]) + (epsilon == defaultEpsilon ? [] : ["epsilon: \(epsilon)"])
    return "norm" + (options.isEmpty ? "" : "(\(options.joined(separator: ", ")))")
  }
}

/// Why a text is no list of layers.
public enum LayerTextError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A word that is none of those that may stand in its place, such as a layer.
  case unknown(String, kind: String, valid: [String])
  /// Anything else, in words that say what to change.
  case malformed(String)

  public var description: String {
    switch self {
    case .unknown(let word, let kind, let valid):
      "there is no \(kind) \"\(word)\"; there are \(valid.joined(separator: ", "))"
    case .malformed(let problem): problem
    }
  }
}

extension Layer {
  /// Reads layers separated by commas, such as `position, residual(attention(softmax, heads: 2, key: 8, value: 8)), mean`.
  ///
  /// Sizes are numbers or names. `feedforward(gelu, hidden: 64, width: 32)` stands for its three layers.
  /// - Errors: the first word that is unknown, missing or too many.
  public static func parse(list text: String) throws(LayerTextError) -> [Layer] {
    var reader = LayerTextReader(text)
    return try layers(reader.terms(isNested: false))
  }

  /// The words that layers begin with.
  public static let words =
    ["linear"] + Activation.allCases.map(\.rawValue)
    + ["position", "attention", "head", "norm", "mean", "flatten", "residual", "feedforward"]

  private static func layers(_ terms: [LayerTerm]) throws(LayerTextError) -> [Layer] {
    var layers: [Layer] = []
    for term in terms {
      if let label = term.label { throw .malformed("\"\(label):\" stands where a layer is expected") }
      layers += try self.layers(of: term)
    }
    return layers
  }

  private static func layers(of term: LayerTerm) throws(LayerTextError) -> [Layer] {
    var arguments = LayerArguments(term)
    if let activation = Activation(rawValue: term.word) {
      try arguments.finish()
      return [.activation(activation)]
    }
    switch term.word {
    case "linear":
      let width = try arguments.size("width")
      let bias = try arguments.flag("bias")
      try arguments.finish()
      return [.linear(width: width, bias: bias)]
    case "position", "mean", "flatten":
      try arguments.finish()
      return [term.word == "position" ? .position : term.word == "mean" ? .mean : .flatten]
    case "attention":
      let isJoint = arguments.takes(word: "joint")
      let kernel = try arguments.choice("kernel", AttentionKernel.allCases), heads = try arguments.number("heads")
      let queryKey = try isJoint ? QueryKey.joint : .separate(arguments.size("key"))
      let value = try arguments.size("value")
      try arguments.finish()
      return [.attention(kernel, heads: heads, queryKey: queryKey, valueWidth: value)]
    case "head":
      let isJoint = arguments.takes(word: "joint")
      let kernel = try arguments.choice("kernel", AttentionKernel.allCases)
      let queryKey = try isJoint ? QueryKey.joint : .separate(arguments.size("key"))
      let value = try arguments.size("value")
      try arguments.finish()
      return [.head(kernel, queryKey: queryKey, valueWidth: value)]
    case "norm":
      let epsilon = try arguments.fraction("epsilon", orElse: defaultEpsilon), isPlain = try arguments.flag("plain")
      try arguments.finish()
      return [.norm(affine: !isPlain, epsilon: epsilon)]
    case "feedforward":
      let activation = try arguments.choice("activation", Activation.allCases)
      let hidden = try arguments.size("hidden"), width = try arguments.size("width")
      try arguments.finish()
      return feedForward(activation, hidden: hidden, width: width)
    case "residual":
      guard !term.arguments.isEmpty else { throw .malformed("residual needs layers, such as residual(linear(32))") }
      return [.residual(try layers(term.arguments))]
    default: throw .unknown(term.word, kind: "layer", valid: words)
    }
  }
}
