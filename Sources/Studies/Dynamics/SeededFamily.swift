import Arithmetic
import Transformers

/// Random regression problems for one layer of attention, the same for the same seed: normal data, targets and weights.
///
/// Entries are independent with mean 0: of `X` with standard deviation `dataScale`, of `Y` with `targetScale`, of `W_Q` and
/// `W_K` with `weightScale/√D`, of `W_V` with `valueScale/√D`, of `W_O` with `outputScale/√d_V`. What they are drawn from
/// does not depend on the kernel or the scales, so that problems which differ in these alone have the same matrices but for
/// a factor.
/// - Shapes: `X : n×D`, `W_Q, W_K : D×d`, `W_V : D×d_V`, `W_O : (H·d_V)×o`, `Y : n×o`.
public struct SeededFamily: Hashable, Sendable {
  /// `N`, `n`, `d`, `d_V`, `H`, `o`.
  public var samples: Int
  public var tokens: Int
  public var keyWidth: Int
  public var valueWidth: Int
  public var heads: Int
  public var outputs: Int
  public var dataScale = 1.0
  public var targetScale = 1.0
  public var weightScale = 1.0
  public var valueScale = 1.0
  public var outputScale = 1.0
  public var seed: UInt64 = 1

  public init(samples: Int, tokens: Int, keyWidth: Int, valueWidth: Int, heads: Int, outputs: Int) {
    (self.samples, self.tokens, self.heads, self.outputs) = (samples, tokens, heads, outputs)
    (self.keyWidth, self.valueWidth) = (keyWidth, valueWidth)
  }

  /// The number of entries of data and weights at a width `D`; a floating-point number, since it may be large.
  func entries(width: Int) -> Double {
    let data = Double(samples) * Double(tokens) * Double(width + outputs)
    return data + Double(heads) * (Double(width) * Double(2 * keyWidth + valueWidth) + Double(valueWidth * outputs))
  }

  /// The problem with a kernel and a width `D`; exact, since every floating-point number is a fraction.
  ///
  /// - Errors: sizes that do not fit.
  public func instance(
    _ kernel: AttentionKernel, width: Int, draw: Int = 0
  ) throws(InstanceError) -> LayerInstance {
    var stream = UInt64(0)
    func matrix(_ rows: Int, _ columns: Int, _ scale: Double) -> Matrix<Rational> {
      stream += 1
      var generator = SplitMix64(seed: SplitMix64.combined(SplitMix64.combined(seed, UInt64(draw)), stream))
      return Matrix(rows: rows, columns: columns) { _, _ in
        Rational(exactly: scale * generator.standardNormal()) ?? .zero
      }
    }
    let inner = weightScale / root(Double(width))
    let list = (0..<samples).map { _ in
      let input = matrix(tokens, width, dataScale)
      return LayerInstance.Sample(input: input, target: .matrix(matrix(tokens, outputs, targetScale)))
    }
    let all = (0..<heads).map { _ in
      let query = matrix(width, keyWidth, inner), key = matrix(width, keyWidth, inner)
      return LayerInstance.Head(
        query: query, key: key, value: matrix(width, valueWidth, valueScale / root(Double(width))))
    }
    return try LayerInstance(
      kernel: kernel, loss: .halfSumSquare, samples: list, heads: all,
      outputMatrix: matrix(heads * valueWidth, outputs, outputScale / root(Double(valueWidth))))
  }
}
