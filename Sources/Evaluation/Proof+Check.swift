import Arithmetic
import Formulas

/// A step whose two sides differ at a point.
public struct Discrepancy: Error, Sendable, CustomStringConvertible {
  public let proof: String
  public let step: Int
  public let replaced: Formula
  public let replacement: Formula

  public var description: String { "\(proof), step \(step): \(replaced) and \(replacement) have different values" }
}

extension Proof {
  /// Replays the proof and evaluates both sides of every step, lemmas included, at the point.
  ///
  /// - Parameter rules: the laws and definitions by name.
  /// - Returns: the number of steps checked.
  /// - Errors: `ProofError` when a step does not follow, `Discrepancy` when its sides differ at the point,
  ///   `EvaluationError` when one has no value there.
  @discardableResult
  public func check<S: Scalar>(_ rules: [Rule.ID: Rule], at point: Environment<S>) throws -> Int {
    try check(rules, Evaluator(point))
  }

  /// The same, sharing the values of subformulas with other checks at the same point.
  @discardableResult
  public func check<S: Scalar>(_ rules: [Rule.ID: Rule], _ evaluator: Evaluator<S>) throws -> Int {
    var count = 0
    for lemma in lemmas { count += try lemma.check(rules, evaluator) }
    var step = 0
    try replaySteps(rules) { replayed in
      let left = try evaluator.value(of: replayed.replaced), right = try evaluator.value(of: replayed.replacement)
      guard left == right else {
        throw Discrepancy(
          proof: title, step: step, replaced: replayed.replaced, replacement: replayed.replacement)
      }
      step += 1
    }
    return count + step
  }
}
