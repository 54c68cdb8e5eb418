import AttentionHessian
import Testing

@testable import Transformers

@Suite struct BlockCheckTests {
  private static let derivation = HessianDerivation(Objective(SelfAttention(.softmax)))
  private static let sizes = LayerSizes(sequenceLength: 2, width: 3, keyWidth: 1, valueWidth: 2)

  @Test func trueBlocksHoldAndTheirStepsAreCounted() throws {
    let point = try Self.derivation.randomPoint(Self.sizes, as: Formal<Modular>.self, seed: 1)
    let check = try BlockCheck(Self.derivation, at: point)
    for block in Self.derivation.blocks() {
      #expect(try check.holds(block))
      #expect(try check.checkSteps(block) == block.proof.totalSteps)
    }
  }

  @Test func blocksOfOtherParametersDoNot() throws {
    let point = try Self.derivation.randomPoint(Self.sizes, as: Formal<Modular>.self, seed: 1)
    let check = try BlockCheck(Self.derivation, at: point), parameters = Self.derivation.objective.model.parameters
    let right = Self.derivation.block(parameters[0], parameters[1]),
      other = Self.derivation.block(parameters[1], parameters[0])
    let judgement = Judgement(right.proof.judgement.left, .equal, other.total)
    let wrong = HessianBlock(
      row: right.row, column: right.column, outerProductProof: right.outerProductProof,
      functionalProof: right.functionalProof,
      proof: Proof(title: "wrong", judgement, steps: right.proof.steps, lemmas: right.proof.lemmas))
    #expect(try !check.holds(wrong))
    #expect(throws: ProofError.self) { try check.checkSteps(wrong) }
  }

  @Test func pointsAreTheSameInEveryRun() throws {
    let a = try Self.derivation.randomPoint(Self.sizes, as: Modular.self, seed: 3)
    let b = try Self.derivation.randomPoint(Self.sizes, as: Modular.self, seed: 3)
    let c = try Self.derivation.randomPoint(Self.sizes, as: Modular.self, seed: 4)
    #expect(a.values == b.values)
    #expect(a.values != c.values)
    #expect(Set(a.values.keys) == Set(Self.derivation.symbols + [Self.derivation.seedSymbol]))
  }

  @Test func missingDataAreErrors() {
    #expect(throws: EvaluationError.self) {
      _ = try BlockCheck(Self.derivation, at: Environment<Modular>(sizes: Self.sizes.assignment))
    }
  }
}
