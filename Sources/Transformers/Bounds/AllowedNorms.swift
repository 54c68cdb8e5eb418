import Formulas
import MatrixCalculus

/// Which norms may remain in a bound: `‖X‖₂` and the `‖W‖₂` always, more by choice.
public struct AllowedNorms: Hashable, Sendable {
  /// What is known of the residual `R = F − Y`.
  public enum Residual: String, CaseIterable, Hashable, Sendable {
    /// `‖R‖₂`, `‖R‖_F`, `‖R‖_{2,∞}`.
    case residual
    /// `‖Y‖₂`, `‖Y‖_F`, `‖Y‖_{2,∞}`: the bound holds at any weights of the given norms.
    case target
  }

  /// A family of norms that depend on more than one spectral norm of a matrix each.
  public enum Family: String, CaseIterable, Hashable, Sendable {
    /// `‖X‖_{2,∞}`, `‖X‖_F` and the `‖W‖_F`.
    case rows
    /// `‖A‖₂` and the largest column sum `‖Aᵀ‖_∞`, of each head.
    case attention
    /// `‖XW_Q‖`, `‖XW_K‖`, `‖XW_V‖`, `‖AX‖`, spectral, Frobenius and by rows.
    case products
    /// The largest distances of tokens, `diam(X)`, `diam(XW_Q)`, `diam(XW_K)`, `diam(XW_V)`.
    case distances
    /// The measured softmax Jacobian `‖𝒟(A)‖₂`, `‖A‖_max` where there is no softmax.
    case jacobian
  }

  public var residual: Residual
  public var families: Set<Family>

  public init(_ families: Set<Family> = [], residual: Residual = .residual) {
    (self.families, self.residual) = (families, residual)
  }

  /// The norms themselves, in the matrices of the problem.
  public func formulas(for objective: Objective) -> Set<Formula> {
    let model = objective.model
    let X = Formula.symbol(model.input)
    let weights = model.parameters.map { Formula.symbol($0) }
    let images = weights.filter { $0.shape.rows == X.shape.columns }.map { X * $0 }
    let attention = model.abbreviations.filter { $0.name.description.hasPrefix("A") }.map {
      $0.definition.statement.left
    }
    var norms: [Formula] = ([X] + weights).map { $0.norm() }
    let known = residual == .residual ? objective.residual : Formula.symbol(objective.target)
    norms += [known.norm(), known.norm(.frobenius), known.norm(.largestRow)]
    for family in Family.allCases where families.contains(family) {
      switch family {
      case .rows: norms += [X.norm(.largestRow)] + ([X] + weights).map { $0.norm(.frobenius) }
      case .attention: norms += attention.flatMap { [$0.norm(), $0.transposed.norm(.rowSum)] }
      case .products:
        for product in images + attention.map({ $0 * X }) {
          norms += [product.norm(), product.norm(.frobenius), product.norm(.largestRow)]
        }
      case .distances: norms += ([X] + images).map { $0.norm(.diameter) }
      case .jacobian:
        norms += attention.map { A in
          model.kernel == .softmax ? RowwiseFunctions.softmaxJacobian(A).norm() : A.norm(.largestEntry)
        }
      }
    }
    return Set(norms)
  }
}
