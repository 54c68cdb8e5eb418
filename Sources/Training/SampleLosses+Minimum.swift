import Evaluation

extension SampleLosses {
  /// The most weights for which a minimum is looked for: the method keeps the square of their number.
  public static let largestMinimization = 4096

  /// Weights near a local minimum of the mean loss, by a quasi-Newton method over all samples.
  ///
  /// - Returns: the weights; those it began with where nothing is lower.
  /// - Precondition: at most ``largestMinimization`` weights.
  /// - Errors: those of an evaluation.
  public func minimum(
    from start: [Double], iterations: Int, isStopped: @escaping () -> Bool = { false }
  ) throws -> [Double] {
    precondition(problem.layout.count <= Self.largestMinimization, "\(problem.layout.count) weights")
    let all = Array(0..<samples.count), share = 1 / Double(max(1, samples.count))
    var failure: (any Error)?
    let ascent = QuasiNewtonAscent(iterations: iterations, isStopped: { failure != nil || isStopped() })
    let best = ascent.maximum(from: start) { weights in
      do {
        let (sum, gradient) = try self.gradientSum(of: all, at: weights)
        guard sum.loss.isFinite else { return nil }
        return (-sum.loss * share, gradient.map { -$0 * share })
      } catch {
        failure = error
        return nil
      }
    }
    if let failure { throw failure }
    return best?.point ?? start
  }

  /// The Euclidean norm of the gradient of the mean loss.
  public func gradientNorm(at weights: [Double]) throws -> Double {
    let gradient = try gradientSum(of: Array(0..<samples.count), at: weights).gradient
    return root(gradient.reduce(0) { $0 + $1 * $1 }) / Double(max(1, samples.count))
  }
}
