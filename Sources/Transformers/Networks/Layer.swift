import Formulas

/// One layer of a network: what becomes of a matrix `Z` with one token in each row.
///
/// A layer prints as the text that it is read from, such as `residual(linear(64, bias), gelu, linear(32, bias))`.
public indirect enum Layer: Hashable, Sendable {
  /// `Z W`, with a bias `Z W + 1 b`; `W : d×width`, `b : 1×width`.
  case linear(width: Size, bias: Bool)
  /// The function of each entry.
  case activation(Activation)
  /// `Z + P` with a trained `P` of the shape of `Z`.
  case position
  /// `Σ_h A_h Z W_V^h W_O^h`, of the width of `Z`, with `A_h` from the logits `Z W_Q^h (Z W_K^h)ᵀ/√key`, or of one matrix each.
  case attention(AttentionKernel, heads: Int, queryKey: QueryKey, valueWidth: Size)
  /// `A Z W_V`, a single head without output matrix.
  case head(AttentionKernel, queryKey: QueryKey, valueWidth: Size)
  /// `layerNorm(Z, ε)`, each token `(z − z̄)/√(v + ε)` with the mean and the variance of its entries; with an affine part
  /// `layerNorm(Z, ε) ⊙ 1γ + 1β`, `γ`, `β : 1×width`.
  ///
  /// - Source: [ba2016, §3].
  case norm(affine: Bool, epsilon: PositiveFraction)
  /// `(1/L) 1ᵀ Z`, the mean of the tokens, one row.
  case mean
  /// `vec_r(Z)ᵀ`, all tokens in one row; only before the first trained layer.
  case flatten
  /// `Z + f(Z)` for the layers `f` in sequence, which must keep the shape.
  case residual([Layer])

  /// The usual `ε` of layer normalisation, 1/100000.
  public static let defaultEpsilon: PositiveFraction = {
    guard let epsilon = PositiveFraction(1, over: 100_000) else { preconditionFailure("1/100000 is positive") }
    return epsilon
  }()

  /// A linear layer, an activation and a linear layer back to the width, all with biases.
  public static func feedForward(_ activation: Activation, hidden: Size, width: Size) -> [Layer] {
    [.linear(width: hidden, bias: true), .activation(activation), .linear(width: width, bias: true)]
  }
}
