import Transformers

/// The networks of which the generated documents show and check the Hessian.
public struct NetworkExample: Sendable {
  public let title: String
  /// The layers as text.
  public let layers: String
  public let training: Training
  /// Small sizes at which the blocks are checked exactly, every key width a square.
  public let sizes: [String: Int]
  /// Whether its blocks are short enough to be printed.
  public let isPrinted: Bool

  /// - Errors: layers that do not fit.
  public func network() throws -> Network { try Network(Layer.parse(list: layers), training: training) }
}

/// One network for each kind of layer, and the common ways in which they are combined.
public enum NetworkCatalogue {
  public static let examples: [NetworkExample] = [
    .init(
      title: "A linear network of two layers", layers: "linear(h), linear(c)", training: .all,
      sizes: ["L": 2, "d": 3, "h": 2, "c": 2], isPrinted: true),
    .init(
      title: "A linear network of three layers with biases",
      layers: "linear(h, bias), linear(m, bias), linear(c, bias)",
      training: .all, sizes: ["L": 2, "d": 2, "h": 3, "m": 1, "c": 2], isPrinted: false),
    .init(
      title: "A ReLU network", layers: "linear(h), relu, linear(c)", training: .all,
      sizes: ["L": 3, "d": 2, "h": 3, "c": 2], isPrinted: true),
    .init(
      title: "A GELU network", layers: "linear(h), gelu, linear(c)", training: .all,
      sizes: ["L": 3, "d": 2, "h": 3, "c": 2], isPrinted: true),
    .init(
      title: "Attention with a residual connection",
      layers: "residual(attention(softmax, heads: 1, key: k, value: m)), linear(c)",
      training: .only(["W_Q", "W_V", "W"]), sizes: ["L": 2, "d": 2, "k": 1, "m": 1, "c": 2], isPrinted: true),
    .init(
      title: "Two heads with an output matrix and a read-out over the mean token",
      layers: "attention(softmax, heads: 2, key: k, value: m), mean, linear(c)", training: .all,
      sizes: ["L": 2, "d": 2, "k": 1, "m": 1, "c": 2], isPrinted: false),
    .init(
      title: "A transformer block with a read-out over the mean token",
      layers: "residual(attention(softmax, heads: 1, key: k, value: m)), residual(linear(h, bias), gelu, "
        + "linear(d, bias)), mean, linear(c)", training: .all,
      sizes: ["L": 2, "d": 2, "k": 1, "m": 1, "h": 2, "c": 2], isPrinted: false),
    .init(
      title: "Two attention layers with residual connections",
      layers: "residual(attention(softmax, heads: 1, key: k, value: m)), "
        + "residual(attention(softmax, heads: 1, key: k, value: m)), mean, linear(c)", training: .all,
      sizes: ["L": 2, "d": 2, "k": 1, "m": 1, "c": 2], isPrinted: false),
    .init(
      title: "Layer normalisation before a linear layer", layers: "norm(epsilon: 1/10), linear(c)", training: .all,
      sizes: ["L": 2, "d": 3, "c": 2], isPrinted: true),
    .init(
      title: "Layer normalisation before attention",
      layers: "norm(epsilon: 1/10), head(softmax, key: k, value: m)", training: .only(["W_Q", "W_V"]),
      sizes: ["L": 2, "d": 3, "k": 1, "m": 2], isPrinted: true),
    .init(
      title: "Layer normalisation before attention, all weights trained",
      layers: "norm(epsilon: 1/10), head(softmax, key: k, value: m)", training: .all,
      sizes: ["L": 2, "d": 3, "k": 1, "m": 2], isPrinted: false),
    .init(
      title: "Layer normalisation after attention",
      layers: "residual(attention(softmax, heads: 1, key: k, value: m)), norm, linear(c)", training: .all,
      sizes: ["L": 2, "d": 3, "k": 1, "m": 1, "c": 2], isPrinted: false),
    .init(
      title: "One matrix for queries and keys", layers: "head(softmax, joint, value: m)", training: .all,
      sizes: ["L": 3, "d": 4, "m": 2], isPrinted: true),
    .init(
      title: "Two layers of linear attention",
      layers: "head(linear, key: k, value: m), head(linear, key: k, value: c)",
      training: .only(["W_Q^1", "W_K^1", "W_V^1"]),
      sizes: ["L": 2, "d": 2, "k": 1, "m": 2, "c": 2], isPrinted: false),
    .init(
      title: "Low-rank adapters on the queries and values of attention",
      layers: "attention(softmax, heads: 1, key: k, value: m), mean, linear(c)",
      training: .lowRank(rank: "r", alpha: 2, of: ["W_Q", "W_V"], also: ["W"]),
      sizes: ["L": 2, "d": 2, "k": 1, "m": 2, "r": 1, "c": 2], isPrinted: false),
  ]
}
