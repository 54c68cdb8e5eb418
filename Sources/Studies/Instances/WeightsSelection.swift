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
  /// How the input becomes several sequences; `nil` for one with all rows.
  public var sequences: Sequences?

  /// Sequences of tokens made from a stored input.
  public struct Sequences: Hashable, Sendable {
    /// The number of sequences.
    public var count: Int
    /// The tokens of each; `nil` for as many as the stored rows give.
    public var length: Int?
    /// Draws tokens at random, each coordinate nearly normal with the mean and the deviation that it has over the stored
    /// rows, from this seed; `nil` to take the stored rows in order.
    public var drawnFromSeed: UInt64?

    public init(count: Int = 1, length: Int? = nil, drawnFromSeed: UInt64? = nil) {
      (self.count, self.length, self.drawnFromSeed) = (count, length, drawnFromSeed)
    }
  }

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
