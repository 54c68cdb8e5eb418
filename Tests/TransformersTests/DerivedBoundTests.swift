import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Testing
import Transformers

@Suite struct DerivedBoundTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let residual: DerivedBound.Residual
    let isAttentionNormGiven: Bool
    var testDescription: String { "\(residual), attention norm given: \(isAttentionNormGiven)" }

    func derived() throws -> DerivedBound {
      try DerivedBound.derived(residual, isAttentionNormGiven: isAttentionNormGiven)
    }
  }

  static let cases: [Case] = [DerivedBound.Residual.zero, .norm, .targetNorm].flatMap { residual in
    [false, true].map { Case(residual: residual, isAttentionNormGiven: $0) }
  }
  private static let objective = Objective(SelfAttention(.softmax))

  @Test(arguments: cases) func proofsReplayFromTheirHypotheses(subject: Case) throws {
    let bound = try subject.derived()
    try bound.proof.replay(bound.rules)
    let hypotheses = Set(bound.hypotheses.map(\.id))
    for (index, block) in bound.blocks.enumerated() {
      try block.replaySteps(bound.rules)
      let names = ["Q", "K", "V"]
      #expect(bound.block(names[index / 3], names[index % 3]) == block.judgement.right)
    }
    #expect(bound.proof.judgement.relation == .atMost && bound.formula.shape == .scalar)
    // Nothing is assumed but what is listed, and the names of the matrices.
    for id in bound.proof.rulesUsed where Laws.byID[id] == nil && !hypotheses.contains(id) {
      let rule = try #require(bound.rules[id])
      #expect(rule.status != .hypothesis, "\(id)")
    }
    var known = ["x", "q", "k", "v"]
    if subject.isAttentionNormGiven { known.append("alpha") }
    switch subject.residual {
    case .zero: break
    case .norm: known.append("rho")
    case .targetNorm: known.append("y")
    }
    #expect(Set(bound.formula.symbols.map(\.name)).isSubset(of: known))
    #expect(bound.block("Q", "O") == nil && bound.block("", "V") == nil)
  }

  /// At random layers, with the norms themselves for their bounds.
  @Test(arguments: cases) func isNeverViolated(subject: Case) throws {
    let bound = try subject.derived(), objective = Self.objective
    let layer = DerivedLayer.softmax
    for seed in UInt64(300)..<340 {
      var point = try HessianBoundTests.point(objective, seed: seed)
      if subject.residual == .zero { point[objective.target] = try objective.model.output.value(in: point) }
      for abbreviation in objective.abbreviations { try point.define(abbreviation.definition) }
      for hypothesis in bound.hypotheses {
        guard case .symbol(let name) = hypothesis.statement.right.operator else { continue }
        point[name] = try hypothesis.statement.left.value(in: point)
      }
      let measured = try LinearAlgebra.symmetricSpectralNorm(of: layer.hessian(at: point))
      #expect(measured <= (try bound.formula.value(in: point).scalar) * (1 + 1e-9) + 1e-13, "seed \(seed)")
    }
  }

  /// At the counterexample to the printed theorem the bound is the norm of the Hessian, `3/4`.
  @Test func isAttainedAtTheCounterexample() throws {
    let bound = try DerivedBound.derived(.zero, isAttentionNormGiven: true)
    var point = Environment<Double>(sizes: Counterexample.sizes.assignment)
    let norms: [(Symbol, Double)] = [
      (DerivedBound.dataNorm, 1), (DerivedBound.queryNorm, root(2)), (DerivedBound.keyNorm, root(2)),
      (DerivedBound.valueNorm, root(2)), (DerivedBound.attentionNorm, 1),
    ]
    for (symbol, value) in norms { point[symbol] = Matrix(value) }
    #expect(abs(try bound.formula.value(in: point).scalar - 0.75) < 1e-14)
  }
}
