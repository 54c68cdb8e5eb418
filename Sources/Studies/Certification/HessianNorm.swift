import Arithmetic
import Evaluation
import Transformers

/// `‖H‖₂` of an instance by the method that its size allows.
struct HessianNorm {
  /// How the norm is enclosed.
  enum Method: String, Sendable {
    /// By exact fractions and square roots.
    case exact
    /// By balls around every entry, of any precision.
    case balls
    /// By floating point with rigorous error bounds.
    case floatingPoint = "floating-point"
    /// From below by a Rayleigh quotient in balls, from above by bounds from elsewhere.
    case rayleighQuotient = "rayleigh-quotient"
    /// From above by a bound from elsewhere, which decides.
    case upperBound = "upper-bound"
  }

  let instance: LayerInstance
  /// The number of trained entries.
  let order: Int
  /// The order of the matrix that is computed.
  let reducedOrder: Int
  let method: Method

  init(_ instance: LayerInstance) {
    self.instance = instance
    order = instance.parameters.reduce(0) { $0 + $1.entries.count }
    reducedOrder = instance.samples.count == 1 ? HessianPoint.order(of: instance) : order
    method =
      if reducedOrder <= HessianCertification.largestOrder {
        .balls
      } else if reducedOrder <= HessianCertification.largestFloatingOrder {
        .floatingPoint
      } else {
        .rayleighQuotient
      }
  }

  /// - Errors: `CertificationError` for a large instance of several samples.
  func requireOneSample() throws {
    guard method == .balls || instance.samples.count == 1 else {
      throw CertificationError.tooLarge(order: order, limit: HessianCertification.largestOrder)
    }
  }

  /// The norm, to be enclosed as tightly as wanted; in floating point as tightly as that allows.
  ///
  /// - Precondition: the method encloses from both sides.
  func number(seed: UInt64) -> ComputableNumber {
    precondition(method != .rayleighQuotient, "a Rayleigh quotient bounds from below only")
    if method == .floatingPoint {
      return ComputableNumber(fixed: { precision in
        try FloatingHessian(HessianPoint(instance, precision: precision)).norm(seed: seed)
      })
    }
    var number = ComputableNumber(normOf: exactMatrix, order: order, enclosedBy: balls)
    number.hasManyDigits = ComputableNumber.haveManyDigits(instance.parameters + instance.samples.map(\.input))
    return number
  }

  private func balls(precision: Int) throws -> Matrix<Ball> {
    try Ball.withWorkingPrecision(precision) {
      if instance.samples.count == 1 {
        do {
          return try HessianPoint(instance, precision: precision).hessian()
        } catch CertificationError.dependentRows where order <= HessianCertification.largestOrder {
          // Then without the reduction.
        }
      }
      do throws(LossEvaluationError) {
        return try LossEvaluation(instance, as: Ball.self).hessian()
      } catch {
        if case .evaluation(let reason) = error { throw reason }
        throw error
      }
    }
  }

  private func exactMatrix() throws -> Matrix<RadicalSum>? {
    if let matrix = try reached({ () throws(LossEvaluationError) in
      try LossEvaluation(instance, as: Rational.self).hessian()
    }) {
      return matrix.map { RadicalSum($0) }
    }
    return try reached { () throws(LossEvaluationError) in
      try LossEvaluation(instance, as: RadicalSum.self).hessian()
    }
  }

  /// The value; `nil` where the arithmetic does not reach it.
  private func reached<Value>(
    _ value: () throws(LossEvaluationError) -> Value
  ) throws(LossEvaluationError) -> Value? {
    do throws(LossEvaluationError) { return try value() } catch {
      if case .evaluation(.arithmetic(.unsupported, _)) = error { return nil }
      throw error
    }
  }

  /// A rigorous lower bound at any size, nearly the norm itself.
  func lowerBound(seed: UInt64) throws -> Rational {
    let precision = Ball.defaultPrecision
    let quotient = try RayleighBound(HessianPoint(instance, precision: precision), precision: precision, seed: seed)
      .quotient
    return max(try quotient.lower, .zero)
  }
}
