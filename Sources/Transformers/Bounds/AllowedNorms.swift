import Formulas
import MatrixCalculus

/// Which norms may remain in a bound: `‖X‖₂` and the `‖W‖₂` always, more by choice.
public struct AllowedNorms: Hashable, Sendable {
  /// A family of norms, from those that are known before the data to those that take a forward pass.
  public enum Family: String, CaseIterable, Hashable, Sendable {
    /// `‖R‖₂`, `‖R‖_F`, `‖R‖_{2,∞}` of the residual `R = F − Y`. Without it these norms of `Y`, and the bound holds at any
    /// weights of the given norms.
    case residual
    /// `‖X‖_{2,∞}`, `‖X‖_F` and the `‖W‖_F`.
    case rows
    /// `‖A‖₂` and the largest column sum `‖Aᵀ‖_∞`, of each head.
    case attention
    /// `‖XW_Q‖`, `‖XW_K‖`, `‖XW_V‖`, `‖AX‖`, spectral, Frobenius and by rows.
    case products
    /// The largest distances of tokens, `diam(X)`, `diam(XW_Q)`, `diam(XW_K)`, `diam(XW_V)`.
    case distances
    /// The measured softmax Jacobian: `‖𝒟(A)‖₂` and its covariances `‖(I ⊗ Pᵀ) 𝒟(A) (I ⊗ Q)‖₂` of the rows of `P`, `Q`
    /// among `X`, `XW_K`, `XW_V`. Where there is no softmax, `‖A‖_max`. Of layer normalisation `‖δ(Z, ε)‖_max`, the largest
    /// `1/√(v + ε)`.
    case jacobian
    /// Moments with the residual, `G = RW_VᵀXᵀ`: the third moments `‖(I ⊗ Pᵀ) κ(A, G) (I ⊗ Q)‖₂` and the norms of
    /// `center(A, G)` between `X`, `XW_K`.
    case moments
  }

  public var families: Set<Family>

  public init(_ families: Set<Family> = [.residual]) { self.families = families }

  /// `‖(I ⊗ Pᵀ) D (I ⊗ Q)‖₂` of a block-diagonal matrix, for all pairs.
  private static func between(_ matrices: [Formula], _ D: Formula) -> [Formula] {
    matrices.flatMap { P in
      matrices.map { Q in
        let I = Formula.identity(Q.shape.rows)
        let transposed = Formula.product(P.kind == .product ? P.operands.reversed().map(\.transposed) : [P.transposed])
        return ((I ⊗ transposed) * D * (I ⊗ Q)).norm()
      }
    }
  }

  /// The norms themselves, in the matrices of the problem.
  public func formulas(for objective: Objective) -> Set<Formula> {
    if let network = objective.model as? Network { return Set(formulas(for: network, objective)) }
    let model = objective.model
    let X = Formula.symbol(model.input)
    let weights = (model.parameters + model.constants).map { Formula.symbol($0) }
    let heads = objective.attention?.headWeights ?? []
    let images = weights.filter { $0.shape.rows == X.shape.columns }.map { X * $0 }
    let attention = model.abbreviations.filter { $0.name.description.hasPrefix("A") }.map {
      $0.definition.statement.left
    }
    var norms: [Formula] = ([X] + weights).map { $0.norm() }
    let known = families.contains(.residual) ? objective.residual : Formula.symbol(objective.target)
    norms += [known.norm(), known.norm(.frobenius), known.norm(.largestRow)]
    for family in Family.allCases where families.contains(family) {
      switch family {
      case .residual: break
      case .rows: norms += [X.norm(.largestRow)] + ([X] + weights).map { $0.norm(.frobenius) }
      case .attention: norms += attention.flatMap { [$0.norm(), $0.transposed.norm(.rowSum)] }
      case .products:
        for product in images + attention.map({ $0 * X }) {
          norms += [product.norm(), product.norm(.frobenius), product.norm(.largestRow)]
        }
      case .distances: norms += ([X] + images).map { $0.norm(.diameter) }
      case .jacobian:
        for (A, head) in zip(attention, heads) {
          guard objective.attention?.kernel == .softmax else {
            norms.append(A.norm(.largestEntry))
            continue
          }
          let jacobian = RowwiseFunctions.softmaxJacobian(A)
          norms += [jacobian.norm()] + Self.between([X, X * head.key, X * head.value], jacobian)
        }
      case .moments where objective.attention?.kernel == .softmax:
        for (A, head) in zip(attention, heads) {
          let outward = ([X, head.value] + (head.output.map { [$0] } ?? [])).reversed().map(\.transposed)
          let G = Formula.product([objective.residual] + outward)
          let center = RowwiseFunctions.center(A, G)
          norms += Self.between([X, X * head.key], RowwiseFunctions.thirdMoment(A, G))
          norms += [
            center.norm(), (center * X).norm(), (X.transposed * center).norm(), (X.transposed * center * X).norm(),
          ]
        }
      case .moments: break
      }
    }
    return Set(norms)
  }

  /// Those of a network: `products` are the outputs of its layers, `distances` the distances of their rows.
  private func formulas(for network: Network, _ objective: Objective) -> [Formula] {
    let X = Formula.symbol(network.input)
    let weights = (network.parameters + network.constants).map { Formula.symbol($0) }
    var norms = ([X] + weights).map { $0.norm() }
    if families.contains(.residual) {
      norms += [objective.residual.norm(), objective.residual.norm(.frobenius), objective.residual.norm(.largestRow)]
    } else if objective.measure != .crossEntropy {
      let Y = Formula.symbol(objective.target)
      norms += [Y.norm(), Y.norm(.frobenius), Y.norm(.largestRow)]
    }
    for family in Family.allCases where families.contains(family) {
      switch family {
      case .residual: break
      case .rows: norms += [X.norm(.largestRow)] + ([X] + weights).map { $0.norm(.frobenius) }
      case .attention:
        norms += network.attentionWeights.flatMap { [$0.weights.norm(), $0.weights.transposed.norm(.rowSum)] }
      case .products:
        norms += network.intermediates.flatMap { [$0.norm(), $0.norm(.frobenius), $0.norm(.largestRow)] }
      case .distances: norms += ([X] + network.intermediates).map { $0.norm(.diameter) }
      case .jacobian:
        norms += network.attentionWeights.map { jacobianNorm($0.kernel, $0.weights) }
        norms += network.normalizations.map {
          NormalizationFunctions.inverseDeviation($0.matrix, $0.epsilon).norm(.largestEntry)
        }
      case .moments: break
      }
    }
    return norms
  }

  private func jacobianNorm(_ kernel: AttentionKernel, _ A: Formula) -> Formula {
    kernel == .softmax ? RowwiseFunctions.softmaxJacobian(A).norm() : A.norm(.largestEntry)
  }
}

extension SelfAttention {
  /// The key, value and output weights of each head.
  fileprivate var headWeights: [(key: Formula, value: Formula, output: Formula?)] {
    let count = parameters.count / (heads ?? 1)
    return stride(from: 0, to: parameters.count, by: count).map { first in
      let own = parameters[first..<(first + count)].map { Formula.symbol($0) }
      return (own[1], own[2], own.count > 3 ? own[3] : nil)
    }
  }
}
