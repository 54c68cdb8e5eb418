import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Testing
import Transformers

/// Proofs of bounds with a fault planted in them: replaying refuses them, or they still prove something true; it never
/// traps.
@Suite struct BoundMutationTests {
  /// Where the proofs come from.
  enum Source: String, CaseIterable, CustomTestStringConvertible {
    case softmax, softmaxInMoreNorms, gaussian, linear, twoHeads, numbers
    var testDescription: String { rawValue }
  }

  /// Proofs of inequalities with what they may use and points at which their symbols have values.
  private struct Subjects {
    let proofs: [Proof]
    let rules: [Rule.ID: Rule]
    let points: [Evaluator<Double>]

    init(_ source: Source) throws {
      let objective = Objective(Self.model(source))
      let whole: Proof
      if source == .numbers {
        let derived = try DerivedBound.derived(.norm)
        (whole, rules) = (derived.proof, derived.rules)
      } else {
        let families = source == .softmaxInMoreNorms ? Set(AllowedNorms.Family.allCases) : [.residual]
        let bound = try HessianBoundTests.bound(objective, AllowedNorms(families), witnesses: 2)
        (whole, rules) = (bound.proof, bound.rules)
      }
      try whole.replay(rules)
      var proofs: [Proof] = []
      func collect(_ proof: Proof) {
        guard proof.judgement.relation == .atMost, !proofs.contains(where: { $0.judgement == proof.judgement }) else {
          return
        }
        proofs.append(proof)
        proof.lemmas.forEach(collect)
      }
      collect(whole)
      self.proofs = proofs
      points = try (UInt64(7)..<10).map { Evaluator(try Self.point(objective, seed: $0)) }
    }

    private static func model(_ source: Source) -> SelfAttention {
      switch source {
      case .softmax, .softmaxInMoreNorms, .numbers: SelfAttention(.softmax)
      case .gaussian: SelfAttention(.gaussian)
      case .linear: SelfAttention(.linear)
      case .twoHeads: SelfAttention(.softmax, heads: 2)
      }
    }

    private static func point(_ objective: Objective, seed: UInt64) throws -> Environment<Double> {
      var generator = SplitMix64(seed: seed)
      var point = Environment<Double>(sizes: ["L": 3, "d": 2, "d_K": 2, "d_V": 2, "d_O": 1])
      try point.draw(
        [objective.model.input, objective.target] + objective.model.parameters + [Symbol("other", Shape(3, 5))],
        using: &generator)
      point[Symbol("number", .scalar)] = Matrix(-0.7)
      for abbreviation in objective.abbreviations { try point.define(abbreviation.definition) }
      let norms = zip(
        [DerivedBound.dataNorm, DerivedBound.queryNorm, DerivedBound.keyNorm, DerivedBound.valueNorm],
        [objective.model.input] + objective.model.parameters)
      for (name, matrix) in norms { point[name] = try Formula.symbol(matrix).norm().value(in: point) }
      point[DerivedBound.residualNorm] = try objective.residual.norm(.frobenius).value(in: point)
      return point
    }

    /// Whether the statement holds at all points, as far as its sides have values.
    func isTrue(_ judgement: Judgement) throws -> Bool {
      try points.allSatisfy { evaluator in
        let left = try evaluator.value(of: judgement.left).scalar,
          right = try evaluator.value(of: judgement.right).scalar
        let slack = 1e-9 * (left.magnitude + right.magnitude)
        return judgement.relation == .atMost ? left <= right + slack : (left - right).magnitude <= slack
      }
    }

    /// Whether some step of a proof is an inequality.
    func isStrict(_ proof: Proof) throws -> Bool {
      var isStrict = false
      try proof.replaySteps(rules) { isStrict = isStrict || $0.relation == .atMost }
      return isStrict
    }
  }

  @Test(arguments: Source.allCases) func mutantsAreRefusedOrTrue(source: Source) throws {
    let subjects = try Subjects(source)
    let laws = Laws.norms.map(\.id)
    var generator = SplitMix64(seed: 11)
    var refused: [BoundMutation: Int] = [:], accepted: [BoundMutation: Int] = [:]
    // Of two heads the blocks of the same kind have the same proofs.
    for proof in subjects.proofs.prefix(60) {
      let isStrict = try subjects.isStrict(proof)
      #expect(try subjects.isTrue(proof.judgement), "\(proof.title)")
      for mutation in BoundMutation.allCases {
        for _ in 0..<(mutation.keepsJudgement ? 6 : 2) {
          guard let mutant = mutation.apply(to: proof, laws: laws, using: &generator) else { continue }
          do {
            // The lemmas that are as they were have been replayed.
            for (lemma, original) in zip(mutant.lemmas, proof.lemmas) where lemma.judgement != original.judgement {
              try lemma.replaySteps(subjects.rules)
            }
            try mutant.replaySteps(subjects.rules)
            accepted[mutation, default: 0] += 1
            #expect(!mutation.isAlwaysWrong || !isStrict, "\(mutation): \(mutant.judgement)")
            if mutant.judgement != proof.judgement { #expect(try subjects.isTrue(mutant.judgement), "\(mutation)") }
          } catch is ProofError { refused[mutation, default: 0] += 1 }
        }
      }
    }
    for mutation in BoundMutation.allCases {
      #expect(refused[mutation, default: 0] > 0, "\(mutation) was never refused")
    }
    let refusals = refused.values.reduce(0, +), total = refusals + accepted.values.reduce(0, +)
    #expect(refusals * 10 > total * 9, "\(refusals) of \(total) refused, accepted: \(accepted)")
  }

  /// The same chains are accepted where the formula is monotone.
  @Test func chainsMayBeMovedToMonotonePlaces() throws {
    let subjects = try Subjects(.softmax), other = Formula.symbol("other", 3, 5).norm()
    let places: [([Int], (Formula) -> Formula)] = [
      ([1], { $0.scaled(by: .integer(2)) }), ([0], { $0.squareRoot }), ([1], { .maximum([other, $0]) }),
      ([0], { .minimum([$0, other]) }), ([0, 1], { Formula.blocks([[other, $0]]).norm(.rowSum) }),
      ([1, 0], { $0.squareRoot.scaled(by: other) }),
    ]
    for proof in subjects.proofs {
      for (path, context) in places { try proof.moved(to: path, in: context).replaySteps(subjects.rules) }
    }
  }

  /// A hypothesis that is not among the rules cannot be used, nor one that says something else.
  @Test func hypothesesMustBeListed() throws {
    let derived = try DerivedBound.derived(.norm)
    try derived.proof.replay(derived.rules)
    for hypothesis in derived.hypotheses where derived.proof.rulesUsed.contains(hypothesis.id) {
      var rules = derived.rules
      rules[hypothesis.id] = nil
      #expect(throws: ProofError.self) { try derived.proof.replaySteps(rules) }
      let statement = hypothesis.statement
      let others: [Judgement] = [
        Judgement(statement.right, .atMost, statement.left), statement.left ≤ .integer(2) * statement.right,
        statement.left ≤ .symbol("other", 1, 1),
      ]
      for other in others {
        rules[hypothesis.id] = Rule(hypothesis.id, .hypothesis, because: "") { other }
        #expect(throws: ProofError.self) { try derived.proof.replaySteps(rules) }
      }
    }
    #expect(derived.hypotheses.allSatisfy { derived.proof.rulesUsed.contains($0.id) })
  }
}
