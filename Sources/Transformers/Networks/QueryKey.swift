import Formulas

/// How the logits of a softmax or linear attention come from the tokens `Z`, of `d` columns.
public enum QueryKey: Hashable, Sendable {
  /// `Z W_Q (Z W_K)ᵀ/√width`, `W_Q`, `W_K : d×width`.
  case separate(Size)
  /// `Z W_QK Zᵀ/√d`, `W_QK : d×d`: any matrix in the place of `W_Q W_Kᵀ`, whose rank is at most the width, and the root of the
  /// width of the tokens in the place of that of the keys.
  case joint

  /// How it is written in the text of a layer.
  var text: String {
    switch self {
    case .separate(let width): "key: \(width)"
    case .joint: "joint"
    }
  }
}
