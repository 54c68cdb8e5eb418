/// Which head of which layer of a weight file is meant, and what it is given and compared with.
public struct WeightsSelection: Hashable, Sendable {
  /// A safetensors file.
  public var path: String
  /// The layer's name; `nil` for the only layer of the file.
  public var layer: String?
  /// The head, from 0 in storage order.
  public var head: Int
  /// The number of heads; `nil` where the file's metadata say it.
  public var heads: Int?
  /// `X`: the name of a tensor in the file, or `FILE:TENSOR`.
  public var input: String
  /// `Y`: `output` for the head's own output, `zero`, or a tensor as for the input.
  public var target: String

  public init(
    path: String, layer: String? = nil, head: Int, heads: Int? = nil, input: String = "hidden_states",
    target: String = "output"
  ) {
    self.path = path
    self.layer = layer
    self.head = head
    self.heads = heads
    self.input = input
    self.target = target
  }
}
