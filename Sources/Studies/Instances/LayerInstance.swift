import Arithmetic
import Transformers

/// One problem, exact: a kernel, a loss, samples and the weights of a self-attention layer, all entries rational.
///
/// - Shapes: `X : L×d`, `W_Q, W_K : d×d_K`, `W_V : d×d_V`, and where there is an output matrix `W_O : (H·d_V)×d_O`;
///   `Y : L×d_V` or `L×d_O`. Samples may differ in `L`.
public struct LayerInstance: Hashable, Sendable {
  /// What the layer's output is compared with.
  public enum Target: Hashable, Sendable {
    case matrix(Matrix<Rational>)
    /// `Y = F`, the layer's own output: the residual is zero.
    case output
  }

  /// An input with its target.
  public struct Sample: Hashable, Sendable {
    public let input: Matrix<Rational>
    public let target: Target

    public init(input: Matrix<Rational>, target: Target) {
      self.input = input
      self.target = target
    }
  }

  /// The trained matrices of one head.
  public struct Head: Hashable, Sendable {
    public let query: Matrix<Rational>
    public let key: Matrix<Rational>
    public let value: Matrix<Rational>

    public init(query: Matrix<Rational>, key: Matrix<Rational>, value: Matrix<Rational>) {
      self.query = query
      self.key = key
      self.value = value
    }
  }

  public let kernel: AttentionKernel
  public let loss: Loss
  public let samples: [Sample]
  public let heads: [Head]
  /// `W_O`, the stack of every head's `d_V×d_O` part; `nil` for a single head without output matrix.
  public let outputMatrix: Matrix<Rational>?

  /// - Errors: the first matrix that is empty or does not fit the others.
  public init(
    kernel: AttentionKernel, loss: Loss = .meanSquare, samples: [Sample], heads: [Head],
    outputMatrix: Matrix<Rational>? = nil
  ) throws(InstanceError) {
    self.kernel = kernel
    self.loss = loss
    self.samples = samples
    self.heads = heads
    self.outputMatrix = outputMatrix
    try InstanceShapes(self).check()
  }

  /// The sizes at a sample.
  public func sizes(ofSample index: Int = 0) -> LayerSizes {
    LayerSizes(
      sequenceLength: samples[index].input.rows, width: samples[index].input.columns,
      keyWidth: heads[0].query.columns, valueWidth: heads[0].value.columns, outputWidth: outputMatrix?.columns)
  }

  /// The layer as formulas.
  public var model: SelfAttention {
    outputMatrix == nil ? SelfAttention(kernel) : SelfAttention(kernel, heads: heads.count)
  }

  /// The loss as formulas.
  public var objective: Objective { Objective(model, measuredBy: loss) }
}
