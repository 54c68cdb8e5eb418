import Formulas
import MatrixCalculus

/// A function of each entry between two linear layers.
public enum Activation: String, CaseIterable, Hashable, Sendable {
  /// `max(x, 0)`
  case relu
  /// `x Φ(x)`
  case gelu

  /// The function of each entry of a matrix.
  public func callAsFunction(_ A: Formula) -> Formula {
    switch self {
    case .relu: A.mapped(.positivePart)
    case .gelu: ElementwiseFunctions.gelu(A)
    }
  }
}
