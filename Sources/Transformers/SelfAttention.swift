import Formulas
import MatrixCalculus

/// A self-attention layer `F = A X W_V`, or with several heads `F = Σ_h A_h X W_V^h W_O^h`, as formulas.
///
/// - Shapes: `X : L×d`, `W_Q, W_K : d×d_K`, `W_V : d×d_V`, with several heads `W_O^h : d_V×d_O`; `F : L×d_V` or `L×d_O`.
///   The output matrix of the literature, `W_O : (H·d_V)×d_O`, is the stack of the `W_O^h`, in the same order of entries.
/// - Source: MATH.md conventions; [vaswani2017, §3.2].
public struct SelfAttention: Sendable {
  public let kernel: AttentionKernel
  /// `nil` for the single head without output matrix.
  public let heads: Int?
  public let input: Symbol
  /// The trained matrices, in the order of the Hessian's rows.
  public let parameters: [Symbol]
  /// `F`, in the normal form of the calculus.
  public let output: Formula
  /// The logits `T` of each head, as they stand in the output; none where the weights are the logits.
  public let logits: [Formula]
  /// Names for parts of the Hessian: the attention weights `A`, the first moments `M_1 = AX` and, where the logits are not
  /// bilinear, `E_Q = √d_K ∂T/∂W_Q` and `E_K`.
  public let abbreviations: [Abbreviation]

  /// The layer with one head and no output matrix.
  public init(_ kernel: AttentionKernel) { self.init(kernel, heads: nil) }

  /// A layer with several heads and an output matrix.
  ///
  /// - Precondition: at least one head.
  public init(_ kernel: AttentionKernel, heads: Int) { self.init(kernel, heads: .some(heads)) }

  private init(_ kernel: AttentionKernel, heads: Int?) {
    precondition((heads ?? 1) > 0, "a layer needs at least one head")
    (self.kernel, self.heads) = (kernel, heads)
    let X = Formula.symbol("X", "L", "d")
    input = Symbol("X", X.shape)
    var parameters: [Symbol] = [], terms: [Formula] = [], abbreviations: [Abbreviation] = [],
      logitsByHead: [Formula] = []
    for head in 1...(heads ?? 1) {
      let mark = heads == nil ? "" : "^\(head)"
      func parameter(_ name: String, _ rows: Size, _ columns: Size) -> Formula {
        let symbol = Symbol(name + mark, Shape(rows, columns))
        parameters.append(symbol)
        return .symbol(symbol)
      }
      let query = parameter("W_Q", "d", "d_K"), key = parameter("W_K", "d", "d_K"), value = parameter("W_V", "d", "d_V")
      let logits = normalized(kernel.logits(query: X * query, key: X * key), Laws.normalization)
      let weights = normalized(kernel.weights(query: X * query, key: X * key), Laws.normalization)
      let term = weights * X * value
      terms.append(heads == nil ? term : term * parameter("W_O", "d_V", "d_O"))
      if kernel != .linear {
        abbreviations.append(Abbreviation("A" + mark, weights))
        logitsByHead.append(logits)
      }
      for (name, W) in [("E_Q", query), ("E_K", key)] {
        let jacobian = normalized(logits.jacobian(W), Laws.calculus)
        if let sum = jacobian.operands.last, sum.operator == .sum {
          abbreviations.append(Abbreviation(name + mark, sum))
        }
      }
      if kernel != .linear {
        abbreviations.append(Abbreviation("M_1" + mark, .symbol("A" + mark, "L", "L") * X))
      }
    }
    self.parameters = parameters
    self.logits = logitsByHead
    output = normalized(.sum(terms), Laws.normalization)
    self.abbreviations = abbreviations
  }
}
