import Formulas

/// The elasticity `(s/f) ∂f/∂s = ∂ log f/∂ log s` of a number `f` in a number `s`, its derivative taken by the laws.
///
/// By how many percent `f` changes where `s` changes by one percent; of `sⁿ` it is `n`.
public struct Elasticity: Sendable {
  /// The number that changes.
  public let number: Formula
  /// The number that it is changed by.
  public let symbol: Symbol
  /// `∂f/∂s`, without derivatives.
  public let derivative: Formula
  /// `∂f/∂s = …`.
  public let proof: Proof

  /// `s ∂f/∂s`: what a small relative change of `s` adds to `f`.
  public var change: Formula { .symbol(symbol) * derivative }

  /// Differentiates a number made of numbers by sums, products, reciprocals and roots.
  ///
  /// - Returns: `nil` where the form has no derivative by these laws: of a maximum, a minimum or a norm, one branch has to
  ///   be chosen first.
  /// - Precondition: both are 1×1.
  public init?(of number: Formula, in symbol: Symbol) {
    precondition(number.shape == .scalar && symbol.shape == .scalar, "an elasticity is about numbers")
    var derivation = Derivation(number.jacobian(.symbol(symbol)))
    derivation.normalize(ElasticityLaws.calculus)
    guard !derivation.current.containsSubformula(where: { $0.kind == .jacobian }) else { return nil }
    (self.number, self.symbol, derivative) = (number, symbol, derivation.current)
    proof = derivation.proof("The derivative of \(number) by \(symbol)")
  }
}

/// The derivatives of sums, products, reciprocals and roots of numbers.
public enum ElasticityLaws {
  private static let W = DifferentiationLaws.W
  private static let s = Formula.variable("s", 1, 1)
  private static let t = Formula.variable("t", 1, 1)

  /// `∂(st)/∂W = t ∂s/∂W + s ∂t/∂W`.
  public static let product = Rule("jacobian_mul_numbers", because: "The rule of Leibniz.") {
    (s * t).jacobian(W) ==> t * s.jacobian(W) + s * t.jacobian(W)
  }
  /// The same where the product is a scaling.
  public static let scaling = Rule("jacobian_scale_numbers", because: "The rule of Leibniz.") {
    t.scaled(by: s).jacobian(W) ==> t * s.jacobian(W) + s * t.jacobian(W)
  }
  /// `∂(1/s)/∂W = −(1/s)² ∂s/∂W`.
  public static let reciprocal = Rule("jacobian_reciprocal_number", because: "From `s · 1/s = 1`.") {
    s.inverse.jacobian(W) ==> .integer(-1) * s.inverse * s.inverse * s.jacobian(W)
  }
  /// `∂√s/∂W = 1/(2√s) ∂s/∂W`.
  public static let squareRoot = Rule("jacobian_squareRoot_number", because: "From `√s · √s = s`.") {
    s.squareRoot.jacobian(W) ==> Formula.integer(2).inverse * s.squareRoot.inverse * s.jacobian(W)
  }

  public static let all = [product, scaling, reciprocal, squareRoot]

  /// What removes `∂` from numbers.
  static let calculus = RuleSet(
    [DifferentiationLaws.jacobianConst, DifferentiationLaws.jacobianSelf, DifferentiationLaws.jacobianAdd] + all + [
      ScalingLaws.zeroMul, ScalingLaws.mulZero, ScalingLaws.zeroAdd, ScalingLaws.addZero, ScalingLaws.identityMul,
      ScalingLaws.mulIdentity,
    ])

  /// The rules that the proof of an elasticity may use, by name.
  public static let byID: [Rule.ID: Rule] = all.reduce(into: Laws.byID) { $0[$1.id] = $1 }
}
