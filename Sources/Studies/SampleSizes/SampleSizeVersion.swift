import Formulas
import Transformers

/// Which statement a sample size comes from.
public enum SampleSizeVersion: String, CaseIterable, Hashable, Sendable {
  case printed
  case withGradient = "with-gradient"
  case meanSquare = "mean-square"
  case rigorous
  case hessianFree = "hessian-free"
  case hoeffding
  case bernstein

  /// The bound of an increment that it rests on, if it does.
  public var increment: IncrementBound.Version? {
    switch self {
    case .printed: .printed
    case .withGradient: .withGradient
    case .rigorous: .rigorous
    case .hessianFree: .hessianFree
    case .meanSquare, .hoeffding, .bernstein: nil
    }
  }

  /// What is at most ε from the sample size on.
  public var quantity: String {
    switch self {
    case .printed, .withGradient, .rigorous, .hessianFree: "|L_{k+1}(w) − L_k(w)|"
    case .meanSquare: "E (L_{k+1}(w) − L_k(w))² over Gaussian w"
    case .hoeffding, .bernstein: "|L_k(w) − L(w)| with probability 1 − δ"
    }
  }

  /// What has to hold, in a few words.
  public var hypotheses: [String] {
    switch self {
    case .printed:
      [
        "w* is a stationary point of every sample's loss", "losses are their quadratic models",
        "ℓ_i(w*) ≤ 𝓛, ‖H_i(w*)‖ ≤ M",
      ]
    case .withGradient:
      ["w* is a stationary point of L_k", "‖∇ℓ_{k+1}(w*)‖ ≤ M_g", "ℓ_i(w*) ≤ M_ℓ", "‖∇²ℓ_i‖ ≤ M_H on the ball"]
    case .meanSquare:
      ["w is Gaussian about w*", "losses are their quadratic models", "the bounds of the version with-gradient at w*"]
    case .rigorous:
      ["the gaps of losses and gradients at w* are at most a and γ", "‖∇²ℓ_i‖ ≤ M_B on the ball"]
    case .hessianFree: ["0 ≤ ℓ_i(w) ≤ sup ℓ"]
    case .hoeffding: ["0 ≤ ℓ_i(w) ≤ B = sup ℓ", "independent samples", "w does not depend on the samples"]
    case .bernstein:
      [
        "0 ≤ ℓ_i(w) ≤ B = sup ℓ", "independent samples", "w does not depend on the samples",
        "V is the variance of these k samples",
      ]
    }
  }

  /// Claims of the audit that decide about the hypotheses, in the order of the hypotheses.
  public var claims: [String] {
    switch self {
    case .printed: ["P4.a", "P4.e", "P4.d", "P4.c", "P4", "P4.kstar"]
    case .withGradient: ["P4.a", "P4.m1", "P4.m1star"]
    case .meanSquare: ["P4.m2", "P4.m2star"]
    case .rigorous, .hessianFree, .hoeffding, .bernstein: []
    }
  }
}
