import Arithmetic
import Evaluation
import Formulas
import Transformers

/// `‖H‖₂` of an exact instance, enclosed from both sides and compared with a bound or with a claim's right side.
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
  /// `‖H‖₂`, or the left side of the claim.
  public let norm: Quantity
  /// What it is compared with.
  public let right: Quantity?
  /// `nil` where nothing was asked.
  public let verdict: Certification.Verdict?
  /// The bits of the last evaluation; `nil` where it was decided by exact fractions.
  public let precision: Int?

  /// The largest order at which every entry of `H` is enclosed.
  public static let largestOrder = 768

  /// - Errors: `CertificationError` for an instance too large, or to which the claim does not apply; what evaluation of the
  ///   instance throws.
  public init(_ instance: LayerInstance, _ question: Question, precisionLimit: Int = 2048) throws {
    self.question = question
    order = instance.parameters.reduce(0) { $0 + $1.entries.count }
    guard order <= Self.largestOrder else { throw CertificationError.tooLarge(order: order, limit: Self.largestOrder) }
    switch question {
    case .enclosure:
      let precision = min(Ball.defaultPrecision, precisionLimit)
      let number = ComputableNumber(hessianNormOf: instance)
      let exact = try number.exactValue()
      norm = try exact.map { Quantity($0) } ?? .enclosure(number.enclosure(precision))
      self.precision = exact == nil ? precision : nil
      (right, verdict) = (nil, nil)
    case .bound(let bound):
      let result = try Comparison(left: ComputableNumber(hessianNormOf: instance), right: ComputableNumber(bound))
        .decided(precisionLimit: precisionLimit)
      (norm, right, verdict, precision) = (result.left, result.right, result.verdict, result.precision)
    case .claim(let claim):
      let instance = try ClaimInstance(claim, at: instance)
      let result = try Certification(instance.statement, at: instance.point, precisionLimit: precisionLimit)
      (norm, right, verdict, precision) = (result.left, result.right, result.verdict, result.precision)
    }
  }
}

extension ComputableNumber {
  /// `‖H‖₂` of an instance, of several samples that of their mean or sum.
  init(hessianNormOf instance: LayerInstance) {
    let order = instance.parameters.reduce(0) { $0 + $1.entries.count }
    self.init(
      normOf: {
        if let matrix = try Self.reached({ () throws(LossEvaluationError) in
          try LossEvaluation(instance, as: Rational.self).hessian()
        }) {
          return matrix.map { RadicalSum($0) }
        }
        return try Self.reached { () throws(LossEvaluationError) in
          try LossEvaluation(instance, as: RadicalSum.self).hessian()
        }
      }, order: order
    ) { precision in
      try Ball.withWorkingPrecision(precision) {
        do throws(LossEvaluationError) {
          return try LossEvaluation(instance, as: Ball.self).hessian()
        } catch {
          if case .evaluation(let reason) = error { throw reason }
          throw error
        }
      }
    }
  }

  /// The value; `nil` where the arithmetic does not reach it.
  private static func reached<Value>(
    _ value: () throws(LossEvaluationError) -> Value
  ) throws(LossEvaluationError) -> Value? {
    do throws(LossEvaluationError) { return try value() } catch {
      if case .evaluation(.arithmetic(.unsupported, _)) = error { return nil }
      throw error
    }
  }
}
