import Arithmetic
import Evaluation
import Formulas
import Transformers

/// Derived blocks compared with `∂∂ℓ` by nested dual numbers at one point; derivations of one objective share its value.
public struct BlockCheck<S: Scalar> {
  let rules: [Rule.ID: Rule]
  let evaluator: Evaluator<S>

  /// The point must bind the data and the parameters; the names of the derivation are bound here.
  public init(_ derivation: HessianDerivation, at point: Environment<S>) throws(EvaluationError) {
    var point = point
    for abbreviation in derivation.objective.abbreviations { try point.define(abbreviation.definition) }
    (rules, evaluator) = (derivation.rules, Evaluator(point))
  }

  /// Whether `H_o + H_f` equals the second derivative of the loss, and `H_o` its definition.
  public func holds(_ block: HessianBlock) throws(EvaluationError) -> Bool {
    for judgement in [block.outerProductProof.judgement, block.proof.judgement] {
      guard try evaluator.value(of: judgement.left) == evaluator.value(of: judgement.right) else { return false }
    }
    return true
  }

  /// Checks every step of the block's proof at the point, with the free matrices of its lemmas bound at random. The
  /// step of the Gauss–Newton split compares `∂∂ℓ` with the definitions of both parts.
  ///
  /// - Returns: the number of steps.
  public func checkSteps(_ block: HessianBlock) throws -> Int { try block.proof.check(rules, evaluator) }
}

extension HessianDerivation {
  /// The data and the weights of the objective.
  public var symbols: [Symbol] {
    [objective.model.input, objective.target] + objective.model.parameters + objective.model.constants
  }

  /// A random point: data, weights and the seed `G` of the gradient lemmas.
  public func randomPoint<S: RandomScalar>(_ sizes: LayerSizes, as type: S.Type, seed: UInt64) throws(EvaluationError)
    -> Environment<S>
  {
    try randomPoint(sizes.assignment, as: type, seed: seed)
  }

  /// The same for any sizes, at which the hypotheses of the objective hold.
  public func randomPoint<S: RandomScalar>(
    _ sizes: [String: Int], as type: S.Type, seed: UInt64
  ) throws(EvaluationError) -> Environment<S> {
    var generator = SplitMix64(seed: seed)
    var point = Environment<S>(sizes: sizes)
    try point.draw(symbols + [seedSymbol], using: &generator)
    if !objective.hypotheses.isEmpty, let target = point[objective.target] {
      // Rows that sum to 1.
      let last = target.columns - 1
      point[objective.target] = Matrix(rows: target.rows, columns: target.columns) { i, j in
        j < last ? target[i, j] : (0..<last).reduce(S.one) { $0 - target[i, $1] }
      }
    }
    return point
  }
}
