import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Testing
import Transformers

@Suite struct HessianBoundTests {
  /// A random layer; matrices of any size and scale, those of rank one among them.
  static func point(_ objective: Objective, seed: UInt64) throws -> Environment<Double> {
    var generator = SplitMix64(seed: seed)
    func pick<T>(_ choices: [T]) -> T { choices[Int(generator.next() % UInt64(choices.count))] }
    var point = Environment<Double>(sizes: [
      "L": pick([2, 3, 5, 8]), "d": pick([2, 3, 5]), "d_K": pick([2, 3, 4]), "d_V": pick([2, 3]),
      "d_O": pick([2, 3]),
    ])
    let symbols = [objective.model.input, objective.target] + objective.model.parameters
    try point.draw(symbols, using: &generator)
    for symbol in symbols {
      let scale = pick([0.1, 1, 3, 10])
      point[symbol] = point[symbol]?.map { $0 * scale }
    }
    return point
  }

  static func bound(
    _ objective: Objective, _ allowed: AllowedNorms, witnesses: Int = 6
  ) throws -> HessianBound {
    let evaluators = try (0..<witnesses).map { Evaluator(try point(objective, seed: UInt64($0))) }
    return try HessianBound(
      HessianDerivation(objective), allowing: allowed,
      at: evaluators.map { evaluator in { try evaluator.value(of: $0).scalar } })
  }

  static let models = AttentionKernel.allCases.map { SelfAttention($0) } + [SelfAttention(.softmax, heads: 2)]

  @Test(arguments: models.indices, [[.residual], Set(AllowedNorms.Family.allCases)])
  func proofsReplayAndHold(model: Int, families: Set<AllowedNorms.Family>) throws {
    let objective = Objective(Self.models[model])
    let allowed = AllowedNorms(families)
    let bound = try Self.bound(objective, allowed, witnesses: model == 3 ? 2 : 6)
    try bound.proof.replay(bound.rules)
    for block in bound.blocks {
      try block.outerProduct.replay(bound.rules)
      try block.functional.replay(bound.rules)
    }
    for seed in UInt64(50)..<(model == 3 ? 52 : 70) {
      var point = try Self.point(objective, seed: seed)
      for abbreviation in objective.abbreviations { try point.define(abbreviation.definition) }
      let evaluator = Evaluator(point)
      for block in bound.blocks {
        let exact = try evaluator.value(of: block.block.total.norm()).scalar
        let bound = try evaluator.value(of: block.bound).scalar
        #expect(exact <= bound * (1 + 1e-9), "\(block.block.row) \(block.block.column)")
      }
      let whole = Formula.blocks(
        objective.model.parameters.map { row in
          objective.model.parameters.map { bound.block(row, $0).block.total }
        })
      #expect(
        try evaluator.value(of: whole.norm()).scalar <= (try evaluator.value(of: bound.bound).scalar) * (1 + 1e-9))
    }
  }

  @Test func onlyAllowedNormsRemain() throws {
    let objective = Objective(SelfAttention(.softmax))
    let bound = try Self.bound(objective, AllowedNorms([]))
    #expect(Set(bound.bound.symbols.map(\.name)) == ["X", "W_Q", "W_K", "W_V", "Y"])
  }
}
