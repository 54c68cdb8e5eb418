import Arithmetic
import Evaluation
import Formulas
import Testing
import Transformers

/// Real proofs with one thing changed: replaying refuses them, or they still prove something true; it never traps.
@Suite struct ProofMutationTests {
  struct Subject: CustomTestStringConvertible, Sendable {
    let layer: DerivedLayer
    let row: String, column: String
    var testDescription: String {
      "\(layer.objective.attention.map { "\($0.kernel)" } ?? "") \(layer.derivation.route.rawValue) \(row),\(column)"
    }
  }

  static let subjects: [Subject] = AttentionKernel.allCases.flatMap { kernel -> [Subject] in
    let layers = [DerivedLayer.of(kernel)] + (DerivedLayer.jacobianFirst[kernel].map { [$0] } ?? [])
    return layers.flatMap { layer in
      [("V", "Q"), ("Q", "K")].map { Subject(layer: layer, row: $0, column: $1) }
    }
  }

  @Test(arguments: subjects) func mutantsAreRefusedOrTrue(subject: Subject) throws {
    let block = try #require(subject.layer.block(subject.row, subject.column))
    let rules = subject.layer.derivation.rules
    try block.proof.replay(rules)
    var generator = SplitMix64(seed: UInt64(subject.testDescription.utf8.reduce(0) { $0 &* 31 &+ Int($1) }.magnitude))
    let evaluator = Evaluator(try subject.layer.point(Sizes(2, 3, 1, 2), as: Formal<Modular>.self, seed: 3))
    var refused: [ProofMutation: Int] = [:], accepted: [ProofMutation: Int] = [:]
    for round in 0..<(9 * ProofMutation.allCases.count) {
      let mutation = ProofMutation.allCases[round % ProofMutation.allCases.count]
      // A mutation that finds nothing of its kind in the lemma it drew tries another.
      var drawn: Proof?
      for _ in 0..<16 where drawn == nil { drawn = mutation.apply(to: block.proof, using: &generator) }
      guard let mutant = drawn else { continue }
      do {
        try mutant.replay(rules)
        accepted[mutation, default: 0] += 1
        let judgement = mutant.judgement
        #expect(
          try evaluator.value(of: judgement.left) == evaluator.value(of: judgement.right), "\(mutation): \(judgement)")
        #expect(judgement == block.proof.judgement || !mutation.keepsJudgement)
      } catch is ProofError { refused[mutation, default: 0] += 1 }
    }
    for mutation in ProofMutation.allCases {
      if mutation.isAlwaysWrong { #expect(accepted[mutation, default: 0] == 0, "\(mutation)") }
    }
    let refusals = refused.values.reduce(0, +), total = refusals + accepted.values.reduce(0, +)
    #expect(refusals * 3 > total * 2 && total > 110, "\(refusals) of \(total) refused, accepted: \(accepted)")
  }
}
