import Formulas
import Transformers

/// The sizes of a self-attention layer: `X : L×d`, `W_Q, W_K : d×d_K`, `W_V : d×d_V`, with heads `W_O^h : d_V×d_O`.
public struct LayerSizes: Hashable, Sendable, CustomStringConvertible {
  /// `L`, the number of tokens.
  public let sequenceLength: Int
  /// `d`, the width of a token.
  public let width: Int
  /// `d_K`.
  public let keyWidth: Int
  /// `d_V`.
  public let valueWidth: Int
  /// `d_O`, the width of the output of a layer with several heads; equal to `d_V` for one without output matrix.
  public let outputWidth: Int

  public init(sequenceLength: Int, width: Int, keyWidth: Int, valueWidth: Int, outputWidth: Int? = nil) {
    (self.sequenceLength, self.width, self.keyWidth) = (sequenceLength, width, keyWidth)
    (self.valueWidth, self.outputWidth) = (valueWidth, outputWidth ?? valueWidth)
  }

  /// The number that each size name of the theory stands for.
  public var assignment: [String: Int] {
    ["L": sequenceLength, "d": width, "d_K": keyWidth, "d_V": valueWidth, "d_O": outputWidth]
  }

  public var description: String { "L=\(sequenceLength), d=\(width), d_K=\(keyWidth), d_V=\(valueWidth)" }

  /// The tuples at which the committed tables check: pairwise distinct, one with `d_V = 1`, one with `L = 1`, every
  /// `d_K` a square, so that `√d_K` is rational.
  public static let standard = [
    LayerSizes(sequenceLength: 2, width: 3, keyWidth: 4, valueWidth: 5, outputWidth: 6),
    LayerSizes(sequenceLength: 3, width: 2, keyWidth: 4, valueWidth: 1, outputWidth: 5),
    LayerSizes(sequenceLength: 1, width: 3, keyWidth: 4, valueWidth: 2, outputWidth: 5),
    LayerSizes(sequenceLength: 3, width: 4, keyWidth: 1, valueWidth: 2, outputWidth: 5),
  ]
}
