import Formulas
import Transformers

/// Which part of the Hessian `H = H_o + H_f` is meant.
public enum HessianPart: String, CaseIterable, Hashable, Sendable {
  /// The Gauss–Newton part `H_o`.
  case outer
  /// The part `H_f` with second derivatives of the layer.
  case functional
  /// `H_o + H_f`.
  case both

  /// The part's closed form for a block.
  public func formula(of block: HessianBlock) -> Formula {
    switch self {
    case .outer: block.outerProduct
    case .functional: block.functional
    case .both: block.total
    }
  }
}
