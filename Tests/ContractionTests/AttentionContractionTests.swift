import Arithmetic
import Contraction
import Evaluation
import Formulas
import Testing
import Transformers

/// The derived Hessians of attention layers, lowered.
@Suite struct AttentionContractionTests {
  static let sizes = ["L": 3, "d": 5, "d_K": 4, "d_V": 2, "d_O": 3]

  static func point<S: RandomScalar>(_ objective: Objective, sizes: [String: Int] = sizes) throws -> Environment<S> {
    var generator = SplitMix64(seed: 7)
    var environment = Environment<S>(sizes: sizes)
    try environment.draw([objective.model.input, objective.target] + objective.model.parameters, using: &generator)
    return environment
  }

  @Test(arguments: AttentionKernel.allCases)
  func blocks(kernel: AttentionKernel) throws {
    let derivation = HessianDerivation(Objective(SelfAttention(kernel)))
    let objective = derivation.objective
    var environment: Environment<Double> = try Self.point(objective)
    let symbols = [objective.model.input, objective.target] + objective.model.parameters
    let names = objective.abbreviations.map(\.definition)
    for block in derivation.blocks() {
      let program = try ContractionProgram(
        [block.total], definitions: names.map { .init($0) }, inputs: symbols,
        sizes: Self.sizes)
      let evaluation = try ContractionEvaluation(program)
      evaluation.bind(environment)
      let found = try evaluation()[0]
      for name in names { try environment.define(name) }
      let expected = try block.total.value(in: environment)
      let distance = (found - expected).largestEntry, size = expected.largestEntry
      #expect(distance <= 1e-13 * max(size, 1), "\(kernel) \(block.row) \(block.column): \(distance) of \(size)")
    }
  }
}

extension Formula {
  var symbol: Symbol? { if case .symbol(let symbol) = self.operator { symbol } else { nil } }
}

extension Matrix<Double> {
  var largestEntry: Double { entries.reduce(0) { max($0, abs($1)) } }
}
