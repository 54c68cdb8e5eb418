import Formulas
import MatrixCalculus

/// How queries and keys become attention weights.
public enum AttentionKernel: String, CaseIterable, Sendable {
  /// `A = softmax(T)`, row by row, with `T = QKᵀ/√d_K`.
  case softmax
  /// `A = exp(T)` without row normalisation, with `T_ij = −‖q_i − k_j‖²/(2√d_K)`.
  case gaussian
  /// `A = T` with `T = QKᵀ/√d_K`.
  case linear

  /// The logits `T`, `L×L`, for queries and keys `L×d_K`.
  public func logits(query Q: Formula, key K: Formula) -> Formula {
    let L = Q.shape.rows, width = Q.shape.columns
    let root = Formula.size(width).squareRoot.inverse
    switch self {
    case .softmax, .linear: return (Q * K.transposed).scaled(by: root)
    case .gaussian:
      // −½‖q − k‖² = q·k − ½‖q‖² − ½‖k‖², for all pairs at once.
      let half = -Formula.integer(2).inverse
      let (q, k) = ((Q ⊙ Q) * .ones(width, L), .ones(L, width) * (K ⊙ K).transposed)
      return (Q * K.transposed + q.scaled(by: half) + k.scaled(by: half)).scaled(by: root)
    }
  }

  /// The attention weights `A`, `L×L`.
  public func weights(query Q: Formula, key K: Formula) -> Formula {
    let T = logits(query: Q, key: K)
    switch self {
    case .softmax: return RowwiseFunctions.softmax(T)
    case .gaussian: return T.mapped(.exponential)
    case .linear: return T
    }
  }
}
