import Formulas

/// One block `∂²ℓ/∂W_i∂W_j` of the loss Hessian, derived: its two parts in closed form, each with its proof.
///
/// - Shapes: `p_i×p_j`, `p` the number of entries of the parameter.
public struct HessianBlock: Sendable {
  public let row: Symbol
  public let column: Symbol
  /// `2c (∂F/∂W_i)ᵀ ∂F/∂W_j = H_o(i,j)`, in closed form.
  public let outerProductProof: Proof
  /// `(vec_r(2cR)ᵀ ⊗ I) ∂²F/∂W_i∂W_j = H_f(i,j)`, in closed form.
  public let functionalProof: Proof
  /// `∂²ℓ/∂W_i∂W_j = H_o(i,j) + H_f(i,j)`: the Gauss–Newton split with the two proofs as lemmas.
  public let proof: Proof

  /// The Gauss–Newton part, positive semidefinite as a whole matrix.
  public var outerProduct: Formula { outerProductProof.judgement.right }
  /// The part with second derivatives of the layer; zero where the residual is.
  public var functional: Formula { functionalProof.judgement.right }
  /// The block itself, `H_o + H_f`.
  public var total: Formula { proof.judgement.right }
}

/// Which way a Hessian is derived.
public enum Route: String, CaseIterable, Sendable {
  /// Differentiate the layer, then its Jacobian, as the papers do.
  case jacobianFirst = "jacobian-first"
  /// Differentiate the loss to its gradient by pullbacks, then the gradient.
  case gradientFirst = "gradient-first"
}
