extension Layer {
  /// The layer with another kernel in its attention; its weights keep their names and shapes.
  public func with(_ kernel: AttentionKernel) -> Layer {
    switch self {
    case .attention(_, let heads, let keyWidth, let valueWidth):
      .attention(kernel, heads: heads, keyWidth: keyWidth, valueWidth: valueWidth)
    case .head(_, let keyWidth, let valueWidth): .head(kernel, keyWidth: keyWidth, valueWidth: valueWidth)
    case .residual(let layers): .residual(layers.map { $0.with(kernel) })
    case .linear, .activation, .position, .mean, .flatten: self
    }
  }

  /// The kernels of its attention, in order.
  public var kernels: [AttentionKernel] {
    switch self {
    case .attention(let kernel, _, _, _), .head(let kernel, _, _): [kernel]
    case .residual(let layers): layers.flatMap(\.kernels)
    case .linear, .activation, .position, .mean, .flatten: []
    }
  }
}
