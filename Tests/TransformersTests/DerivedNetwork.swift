import Arithmetic
import Evaluation
import Formulas
import Transformers

/// A network with its derived Hessian, and points at which its hypotheses hold.
struct DerivedNetwork: Sendable {
  let derivation: HessianDerivation
  let blocks: [HessianBlock]

  init(_ network: Network, _ loss: Loss, _ route: Route = .gradientFirst) {
    derivation = HessianDerivation(Objective(network, measuredBy: loss), route: route)
    blocks = derivation.blocks()
  }

  var objective: Objective { derivation.objective }

  /// Data, weights, target, the free seed and, from them, the derivation's names.
  func point<S: RandomScalar>(_ sizes: [String: Int], as type: S.Type, seed: UInt64) throws -> Environment<S> {
    var generator = SplitMix64(seed: seed)
    var point = Environment<S>(sizes: sizes)
    let model = objective.model
    try point.draw(
      [model.input, objective.target] + model.parameters + model.constants + [derivation.seedSymbol],
      using: &generator)
    if objective.measure == .crossEntropy, let target = point[objective.target] {
      point[objective.target] = Matrix(rows: target.rows, columns: target.columns) { i, j in
        if j < target.columns - 1 { return target[i, j] }
        return (0..<j).reduce(S.one) { $0 - target[i, $1] }
      }
    }
    for abbreviation in objective.abbreviations { try point.define(abbreviation.definition) }
    return point
  }

  /// The blocks that do not equal `∂∂ℓ` at a point, or whose Gauss–Newton part is not its definition.
  func wrongBlocks<S: Scalar>(at point: Environment<S>) throws -> [String] {
    let evaluator = Evaluator(point)
    return try blocks.filter { block in
      try [block.proof.judgement, block.outerProductProof.judgement].contains {
        try evaluator.value(of: $0.left) != evaluator.value(of: $0.right)
      }
    }.map { "\($0.row), \($0.column)" }
  }
}
