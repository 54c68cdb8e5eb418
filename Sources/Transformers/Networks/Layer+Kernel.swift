extension Layer {
  /// The layer with another kernel in its attention; its weights keep their names and shapes.
  public func with(_ kernel: AttentionKernel) -> Layer {
    switch self {
    case .attention(_, let heads, let queryKey, let valueWidth):
      .attention(kernel, heads: heads, queryKey: queryKey, valueWidth: valueWidth)
    case .head(_, let queryKey, let valueWidth): .head(kernel, queryKey: queryKey, valueWidth: valueWidth)
    case .residual(let layers): .residual(layers.map { $0.with(kernel) })
    case .linear, .activation, .position, .norm, .mean, .flatten: self
    }
  }

  /// How the logits of its attention are made, in order.
  public var queryKeys: [QueryKey] {
    switch self {
    case .attention(_, _, let queryKey, _), .head(_, let queryKey, _): [queryKey]
    case .residual(let layers): layers.flatMap(\.queryKeys)
    case .linear, .activation, .position, .norm, .mean, .flatten: []
    }
  }
}
