import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Transformers

/// A derived bound in norms of single matrices as an inequality in free matrices: `‖part‖₂ ≤ bound` in `X`, the weights
/// and the residual `R`.
///
/// - Holds: everywhere. `R = F − Y` takes every value as `Y` does, so that it is free in place of `Y`.
public struct TightnessStatement: Identifiable, Sendable {
  public let kernel: AttentionKernel
  /// The block, such as `Q,K`; `nil` for the whole Hessian.
  public let block: String?
  public let part: HessianPart
  public let judgement: Judgement

  /// Such as `softmax H_o(Q,K)`, or `softmax H` for the whole Hessian.
  public var id: String { "\(kernel.rawValue) \(name)" }

  /// Such as `H_o(Q,K)`.
  public var name: String {
    let letter =
      switch part {
      case .outer: "H_o"
      case .functional: "H_f"
      case .both: "H"
      }
    return block.map { "\(letter)(\($0))" } ?? letter
  }

  /// The bounds of the parts of each block on and above the diagonal, of the blocks, and of the whole Hessian. Parts that
  /// are zero are left out, and so are parts beside them, which are the block itself.
  public static func all(_ kernel: AttentionKernel) throws -> [TightnessStatement] {
    let objective = Objective(SelfAttention(kernel))
    let bound = try HessianBound(
      HessianDerivation(objective), allowing: AllowedNorms([.residual]), at: try witnesses(objective))
    let parameters = objective.model.parameters
    func statement(_ block: String?, _ part: HessianPart, _ left: Formula, _ right: Formula) -> TightnessStatement {
      let names = objective.abbreviations.dropFirst().reversed()
      func unfolded(_ formula: Formula) -> Formula {
        names.reduce(formula) { $0.replacing([$1.definition.statement.right: $1.definition.statement.left]) }
      }
      return TightnessStatement(
        kernel: kernel, block: block, part: part,
        judgement: Judgement(unfolded(left.norm()), .atMost, unfolded(right)))
    }
    var statements: [TightnessStatement] = []
    for (i, row) in parameters.enumerated() {
      for column in parameters[i...] {
        let found = bound.block(row, column)
        let name = "\(row.shortName),\(column.shortName)"
        if found.block.functional.kind != .zero, found.block.outerProduct.kind != .zero {
          statements += [
            statement(name, .outer, found.block.outerProduct, found.outerProduct.judgement.right),
            statement(name, .functional, found.block.functional, found.functional.judgement.right),
          ]
        }
        statements.append(statement(name, .both, found.block.total, found.bound))
      }
    }
    let whole = Formula.blocks(
      parameters.map { row in parameters.map { bound.block(row, $0).block.total } })
    return statements + [statement(nil, .both, whole, bound.bound)]
  }

  /// Random layers of several sizes and scales, at which the bounds are as sharp as the laws give.
  private static func witnesses(_ objective: Objective) throws(EvaluationError) -> [BoundSearch.Witness] {
    let symbols = [objective.model.input, objective.target] + objective.model.parameters
    var witnesses: [BoundSearch.Witness] = []
    for index in 0..<witnessCount {
      var generator = SplitMix64(seed: UInt64(index))
      let small = 2 + index % 2
      var point = Environment<Double>(sizes: ["L": 5 - small, "d": small, "d_K": 2, "d_V": 2])
      try point.draw(symbols, using: &generator)
      for symbol in symbols {
        let scale = [0.3, 1, 3][generator.uniform(below: 3)]
        point[symbol] = point[symbol]?.map { $0 * scale }
      }
      let evaluator = Evaluator(point)
      witnesses.append { try evaluator.value(of: $0).scalar }
    }
    return witnesses
  }

  private static let witnessCount = 8
}
