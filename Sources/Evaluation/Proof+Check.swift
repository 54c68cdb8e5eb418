import Arithmetic
import Formulas

/// A step that is false at a point: its two sides differ, or the left side of an inequality is larger.
public struct Discrepancy: Error, Sendable, CustomStringConvertible {
  public let proof: String
  public let step: Int
  public let replaced: Formula
  public let replacement: Formula
  /// What the step claims of its sides.
  public let relation: Relation

  public var description: String {
    relation == .equal
      ? "\(proof), step \(step): \(replaced) and \(replacement) have different values"
      : "\(proof), step \(step): \(replaced) is not at most \(replacement)"
  }
}

extension Proof {
  /// Replays the proof and evaluates both sides of every step, lemmas included, at the point.
  ///
  /// - Parameter rules: the laws and definitions by name.
  /// - Returns: the number of steps checked.
  /// - Errors: `ProofError` when a step does not follow, `Discrepancy` when it is false at the point, `EvaluationError`
  ///   when a side has no value there or an inequality is checked over a scalar without order.
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
      guard try replayed.relation == .equal ? left == right : left.scalar.isAtMost(right.scalar, replayed.replaced)
      else {
        throw Discrepancy(
          proof: title, step: step, replaced: replayed.replaced, replacement: replayed.replacement,
          relation: replayed.relation)
      }
      step += 1
    }
    return count + step
  }
}

extension Scalar {
  fileprivate func isAtMost(_ other: Self, _ place: Formula) throws(EvaluationError) -> Bool {
    do throws(ArithmeticError) { return try Self.maximum(self, other) == other } catch {
      throw .arithmetic(error, at: place.description)
    }
  }
}
