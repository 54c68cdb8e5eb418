import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Testing

/// What replaying accepts is true: proofs of random steps, laws in both directions, definitions anywhere, substitutions
/// tampered with, are either refused or have equal sides at a random point.
@Suite struct RandomProofTests {
  /// A law read from right to left, so that it can be matched backward.
  private static func reversed(_ rule: Rule) -> Rule {
    Rule(rule.id, rule.status, rule.weight, because: "", when: rule.conditions) {
      Judgement(rule.statement.right, rule.statement.relation, rule.statement.left)
    }
  }
  private static let candidates: [(rule: Rule, reversed: Rule)] =
    (Laws.all + Array(repeating: RandomFormulas.definition, count: 6)).map { ($0, reversed($0)) }

  /// A step that the matcher finds at a random place, its substitution changed at random now and then.
  private func randomStep(_ current: Formula, _ random: inout RandomFormulas) -> (step: DerivationStep, next: Formula)?
  {
    let position = current.randomPosition(using: &random.generator)
    guard let part = current[position] else { return nil }
    for _ in 0..<40 {
      let (rule, reversed) = Self.candidates[random.generator.uniform(below: Self.candidates.count)]
      let isForward = random.generator.uniform(below: 3) > 0
      guard var substitution = (isForward ? rule : reversed).match(part)?.0 else { continue }
      if rule.status == .law { complete(&substitution, rule, &random) }
      guard case .success(let judgement) = rule.instance(substitution),
        case .success(let next) = current.replacing(at: position, with: isForward ? judgement.right : judgement.left)
      else { continue }
      return (DerivationStep(.rule(rule.id), isForward ? .forward : .backward, at: position, substitution), next)
    }
    return nil
  }

  /// Binds what the matcher left open, and sometimes replaces a binding by another matrix of the same shape.
  private func complete(_ substitution: inout Substitution, _ rule: Rule, _ random: inout RandomFormulas) {
    for size in ["m", "n", "r", "s", "t", "u"] where substitution.sizes[size] == nil { substitution.sizes[size] = "n" }
    for variable in rule.statement.left.variables + rule.statement.right.variables {
      let chance = random.generator.uniform(below: 12)
      guard substitution.formulas[variable] == nil ? chance > 3 : chance == 0 else { continue }
      let shape = variable.shape.substituting(substitution.sizes)
      substitution.formulas[variable] =
        chance % 2 == 0 && shape == RandomFormulas.W.shape
        ? RandomFormulas.W : .symbol("any", shape.rows, shape.columns)
    }
  }

  @Test(arguments: UInt64(1)...8) func acceptedProofsAreTrue(seed: UInt64) throws {
    var random = RandomFormulas(generator: SplitMix64(seed: seed))
    var accepted = 0, refused = 0, checked = 0
    for _ in 0..<250 {
      let start = random.derivative(depth: 2)
      var current = start
      var steps: [DerivationStep] = []
      for _ in 0..<6 {
        guard let (step, next) = randomStep(current, &random), next.largestCount < 600, next.sharedNodeCount < 80 else {
          continue
        }
        steps.append(step)
        current = next
      }
      guard !steps.isEmpty else { continue }
      let proof = Proof(title: "random", start ==> current, steps: steps)
      do { try proof.replay(RandomFormulas.rules) } catch is ProofError {
        refused += 1
        continue
      }
      accepted += 1
      let evaluator = Evaluator(try random.point([start, current]))
      do {
        #expect(
          try evaluator.value(of: start) == evaluator.value(of: current),
          "seed \(seed): \(proof.judgement) by \(steps.map(\.justification))")
        checked += 1
      } catch EvaluationError.arithmetic { continue }
    }
    #expect(accepted > 100, "seed \(seed): \(accepted) accepted, \(refused) refused")
    #expect(checked * 2 > accepted, "seed \(seed): \(checked) of \(accepted) have values")
  }
}
