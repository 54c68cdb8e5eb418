import Arithmetic

/// The numbers that sample sizes are computed from, each with where it comes from; all exact rationals.
public struct SampleSizeNumbers: Hashable, Sendable {
  /// Where a number comes from, and so what a sample size computed from it is worth.
  public enum Origin: String, Hashable, Sendable, CaseIterable {
    /// Given: taken for what it is called.
    case given
    /// A bound, derived and rounded up.
    case derived
    /// Enclosed at the given data, rounded up.
    case enclosed
    /// Measured in floating point at the given samples: not a bound.
    case measured
  }

  /// One number.
  public struct Value: Hashable, Sendable {
    public let value: Rational
    public let origin: Origin

    public init(_ value: Rational, _ origin: Origin = .given) { (self.value, self.origin) = (value, origin) }

    /// A measured number; `nil` where it is not finite.
    public init?(measured value: Double) {
      guard let exact = Rational(exactly: value) else { return nil }
      self.init(exact, .measured)
    }
  }

  /// `r ≥ ‖w − w*‖₂`.
  public var radius: Value?
  /// `𝓛` or `M_ℓ`, at least every loss at `w*`.
  public var lossBound: Value?
  /// `M`, at least the norm of every sample's Hessian at `w*`.
  public var hessianBound: Value?
  /// `M_B`, at least the norm of every sample's Hessian on the whole ball.
  public var ballHessianBound: Value?
  /// `a ≥ |ℓ_{k+1}(w*) − L_k(w*)|`.
  public var lossGap: Value?
  /// `γ ≥ ‖∇ℓ_{k+1}(w*) − ∇L_k(w*)‖₂`.
  public var gradientGap: Value?
  /// `sup ℓ`, at least every loss at `w`, on the whole ball.
  public var lossSupremum: Value?
  /// `V`, the sample variance of the losses at `w`.
  public var variance: Value?
  /// `δ`, the probability of an error that is allowed.
  public var failure: Rational
  /// `σ`, the deviation of each weight, for the mean square over Gaussian weights.
  public var deviation: Value?
  /// The number of weights.
  public var parameters: Int?

  /// No numbers but the probability.
  public init(failure: Rational = Rational(1, over: 20)) { self.failure = failure }

  /// - Errors: `SampleSizeError` naming the number that is out of range.
  func validate() throws(SampleSizeError) {
    let named: [(String, Value?)] = [
      ("radius", radius), ("loss bound", lossBound), ("Hessian bound", hessianBound),
      ("Hessian bound on the ball", ballHessianBound), ("gap of the losses", lossGap),
      ("gap of the gradients", gradientGap), ("supremum of the loss", lossSupremum), ("variance", variance),
      ("deviation of the weights", deviation),
    ]
    for (name, value) in named {
      if let value, value.value.sign < 0 {
        throw SampleSizeError(quantity: name, mustBe: "at least 0", value: value.value)
      }
    }
    guard failure.sign > 0, failure < 1 else {
      throw SampleSizeError(quantity: "probability δ", mustBe: "above 0 and below 1", value: failure)
    }
    if let parameters, parameters < 1 {
      throw SampleSizeError(quantity: "number of weights", mustBe: "at least 1", value: Rational(parameters))
    }
  }
}
