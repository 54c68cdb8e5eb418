import Arithmetic
import Evaluation
import Formulas
import Transformers

/// `‖H‖₂` of an exact instance, enclosed from both sides and compared with a bound or with a claim's right side.
///
/// Up to the largest order every entry of `H` is enclosed in balls, whose precision is raised as needed. Beyond, `H` is
/// computed in floating point with rigorous error bounds, and beyond that bounded from below by a Rayleigh quotient.
public struct HessianCertification: Sendable {
  /// What `‖H‖₂` is compared with.
  public enum Question: Sendable {
    /// Nothing: only the enclosure is wanted.
    case enclosure
    /// `‖H‖₂ ≤ M`.
    case bound(Rational)
    /// A claim's statement at the instance.
    case claim(Claim)
  }

  public let question: Question
  /// The number of trained entries, the order of `H`.
  public let order: Int
  /// The order of the matrix of the same norm that was computed.
  public let reducedOrder: Int
  /// `‖H‖₂`, or the left side of a claim about something else; `nil` where it is only bounded from below.
  public let norm: Quantity?
  /// Whether `norm` is that of the whole Hessian, not the left side of a claim about something else.
  public let isHessianNorm: Bool
  /// At most the norm.
  public let lowerBound: Rational
  /// Upper bounds from elsewhere.
  public let upperBounds: [(name: String, value: Rational)]
  /// What the norm is compared with.
  public let right: Quantity?
  /// `nil` where nothing was asked.
  public let verdict: Certification.Verdict?
  /// The bits of the last evaluation; `nil` where it was decided by exact fractions or in floating point.
  public let precision: Int?
  let method: HessianNorm.Method

  /// The largest order at which every entry of `H` is enclosed in balls.
  public static let largestOrder = 768
  /// The largest order at which `H` is computed in floating point.
  public static let largestFloatingOrder = 6_144

  /// - Parameters:
  ///   - upperBounds: asked where the norm is only bounded from below.
  ///   - seed: of Lanczos iteration, which finds the vector of a lower bound.
  /// - Errors: `CertificationError` for an instance too large, or to which the claim does not apply; what evaluation of the
  ///   instance throws.
  public init(
    _ instance: LayerInstance, _ question: Question, precisionLimit: Int = 2048, upperBounds: [NamedBound] = [],
    seed: UInt64 = 1
  ) throws {
    let hessian = HessianNorm(instance)
    try hessian.requireOneSample()
    (self.question, order, reducedOrder) = (question, hessian.order, hessian.reducedOrder)
    let (left, right, isHessianNorm) = try Self.sides(hessian, question, seed)
    self.isHessianNorm = isHessianNorm
    // A large matrix is formed only where neither its Rayleigh quotient refutes nor a bound from elsewhere proves.
    if hessian.method != .balls, left == nil || (left?.isRefinable == false && right != nil) {
      let lower = try hessian.lowerBound(seed: seed)
      let quantity = try right.map { try $0.exactValue().map { Quantity($0) } ?? .enclosure($0.enclosure(256)) }
      let isRefuted = try quantity.map { lower > (try $0.upper) } ?? false
      let bounds = try isRefuted ? [] : upperBounds.map { (name: $0.name, value: try $0.value(instance)) }
      let verdict = try quantity.map { try Self.verdict(from: lower, bounds.map(\.value).min(), against: $0) }
      if left == nil || verdict == .refuted || verdict == .proven {
        (norm, lowerBound, self.upperBounds, self.right) = (nil, lower, bounds, quantity)
        (self.verdict, precision) = (verdict, Ball.defaultPrecision)
        method = verdict == .proven ? .upperBound : .rayleighQuotient
        return
      }
    }
    guard let left else { preconditionFailure("only a Rayleigh quotient leaves the left side out") }
    self.upperBounds = []
    guard let right else {
      let exact = left.hasManyDigits ? nil : try left.exactValue()
      let norm = try exact.map { Quantity($0) } ?? .enclosure(left.enclosure(Ball.defaultPrecision))
      (self.norm, lowerBound, self.right, verdict) = (norm, max(try norm.lower, .zero), nil, nil)
      precision = exact == nil && hessian.method == .balls ? Ball.defaultPrecision : nil
      method = exact == nil ? hessian.method : .exact
      return
    }
    let result = try Comparison(left: left, right: right).decided(precisionLimit: precisionLimit)
    (norm, lowerBound, self.right) = (result.left, max(try result.left.lower, .zero), result.right)
    (verdict, precision) = (result.verdict, left.isRefinable ? result.precision : nil)
    method = result.precision == nil ? .exact : left.isRefinable ? .balls : .floatingPoint
  }

  /// The two numbers to compare; no left one where `‖H‖₂` is only bounded from below.
  private static func sides(
    _ hessian: HessianNorm, _ question: Question, _ seed: UInt64
  ) throws -> (left: ComputableNumber?, right: ComputableNumber?, isHessianNorm: Bool) {
    let norm = hessian.method == .rayleighQuotient ? nil : hessian.number(seed: seed)
    switch question {
    case .enclosure: return (norm, nil, true)
    case .bound(let bound): return (norm, ComputableNumber(bound), true)
    case .claim(let claim):
      let instance = try ClaimInstance(claim, at: hessian.instance)
      let right = try ComputableNumber(instance.statement.right, at: instance.point)
      if instance.isAboutHessianNorm { return (norm, right, true) }
      guard hessian.order <= largestOrder else {
        throw CertificationError.tooLarge(order: hessian.order, limit: largestOrder)
      }
      return (try ComputableNumber(instance.statement.left, at: instance.point), right, false)
    }
  }

  private static func verdict(
    from lower: Rational, _ upper: Rational?, against right: Quantity
  ) throws -> Certification.Verdict {
    if lower > (try right.upper) { return .refuted }
    if let upper, upper <= (try right.lower) { return .proven }
    return .undecided(
      "a Hessian of this order is bounded from below by a Rayleigh quotient, which does not exceed the right side, and "
        + (upper == nil ? "no upper bound is at hand" : "the upper bounds at hand do exceed it"))
  }
}
