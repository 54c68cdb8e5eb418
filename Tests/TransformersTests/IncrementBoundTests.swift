import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Testing
import Transformers

@Suite struct IncrementBoundTests {
  @Test(arguments: IncrementBound.Version.allCases) func proofsReplay(version: IncrementBound.Version) throws {
    let bound = IncrementBound.derived(version)
    try bound.proof.replay(bound.rules)
    #expect(
      bound.proof.judgement.right == bound.numerator * Formula.size(Size("k") + 1).inverse
        || bound.proof.judgement.right == Formula.size(Size("k") + 1).inverse * bound.numerator)
    // Nothing is assumed but what is listed.
    let listed = Set(bound.hypotheses.map(\.id))
    for id in bound.proof.rulesUsed where bound.rules[id]?.status == .hypothesis {
      #expect(listed.contains(id), "\(id)")
    }
    for rule in bound.hypotheses { #expect(bound.proof.rulesUsed.contains(rule.id), "\(rule.id) is not needed") }
  }

  /// The derived numerators are the printed ones, term by term.
  @Test func numeratorsAreThePrintedOnes() {
    let r = Formula.symbol(TheoremTwo.radius)
    func quadratic(_ symbol: Symbol) -> Formula { Formula.symbol(symbol) * r.power(2) }
    #expect(IncrementBound.derived(.printed).numerator == TheoremTwo.numerator)
    #expect(
      IncrementBound.derived(.withGradient).numerator
        == .integer(2) * Formula.symbol(IncrementBound.largestLoss) + Formula.symbol(IncrementBound.largestGradient) * r
        + quadratic(IncrementBound.largestHessian))
    #expect(
      IncrementBound.derived(.rigorous).numerator
        == Formula.symbol(IncrementBound.lossGap) + Formula.symbol(IncrementBound.gradientGap) * r
        + quadratic(IncrementBound.ballHessianBound))
    #expect(IncrementBound.derived(.hessianFree).numerator == .symbol(IncrementBound.lossSupremum))
  }

  /// A proof that leaves a hypothesis out, or ends in a smaller numerator, is refused.
  @Test(arguments: IncrementBound.Version.allCases) func plantedErrorsAreRefused(version: IncrementBound.Version) {
    let bound = IncrementBound.derived(version)
    for hypothesis in bound.hypotheses {
      var rules = bound.rules
      rules[hypothesis.id] = nil
      #expect(throws: (any Error).self) { try bound.proof.replay(rules) }
    }
    let part = Formula.size(Size("k") + 1).inverse
    for index in bound.terms.indices where bound.terms.count > 1 {
      let rest = bound.terms.indices.filter { $0 != index }.map { bound.terms[$0] }
      let smaller = rest.count == 1 ? rest[0] : .sum(rest)
      for right in [smaller * part, part * smaller] {
        let proof = Proof(
          title: "", Judgement(bound.proof.judgement.left, .atMost, right), steps: bound.proof.steps,
          lemmas: bound.proof.lemmas)
        #expect(throws: (any Error).self) { try proof.replay(bound.rules) }
      }
    }
  }

  /// Identities at random points of the prime field, inequalities at rational points.
  @Test func theLawsHold() throws {
    for law in MeanLaws.all
    where law.statement.relation == .equal && law.statement.left.kind != .norm
      && law.statement.left.kind != .maximum
    {
      for seed in UInt64(1)...6 { #expect(try law.holds(seed: seed), "\(law.id), seed \(seed)") }
    }
    var generator = SplitMix64(seed: 3)
    for _ in 0..<200 {
      // Multiples of 1/4, of which sums and differences are exact.
      let numbers = (0..<2).map { _ in Double(generator.uniform(below: 41) - 20) / 4 }
      let point = Environment<Double>(
        sizes: ["k": generator.uniform(below: 9) + 1],
        values: [Symbol("s", .scalar): Matrix(numbers[0]), Symbol("t", .scalar): Matrix(numbers[1])])
      func value(_ formula: Formula) throws -> Double { try formula.value(in: point).scalar }
      let law = MeanLaws.subtract.statement
      #expect(try value(law.left) <= value(law.right))
      for law in [MeanLaws.maximumSelf, MeanLaws.normInverse] {
        #expect(try value(law.statement.left) == value(law.statement.right))
      }
    }
  }

  /// For quadratic losses, at random points, the increment is at most the bound; without its first-order term the printed
  /// one is not.
  @Test func increments() throws {
    var generator = SplitMix64(seed: 8)
    func number() -> Rational { Rational(generator.uniform(below: 13) - 6, over: 2) }
    var violations = 0
    for _ in 0..<300 {
      let k = generator.uniform(below: 5) + 1
      let losses = (number().magnitude, number().magnitude), gradients = (number(), number())
      let hessians = (number(), number()), step = number()
      func at(_ loss: Rational, _ gradient: Rational, _ hessian: Rational) -> Rational {
        loss + gradient * step + Rational(1, over: 2) * hessian * step * step
      }
      let new = at(losses.0, gradients.0, hessians.0), mean = at(losses.1, gradients.1, hessians.1)
      let increment = (new - mean).magnitude * Rational(1, over: k + 1)
      let values: [Symbol: Rational] = [
        TheoremTwo.radius: step.magnitude, TheoremTwo.lossBound: max(losses.0, losses.1),
        TheoremTwo.hessianBound: max(hessians.0.magnitude, hessians.1.magnitude),
        IncrementBound.lossGap: (losses.0 - losses.1).magnitude,
        IncrementBound.gradientGap: (gradients.0 - gradients.1).magnitude,
        IncrementBound.ballHessianBound: max(hessians.0.magnitude, hessians.1.magnitude),
      ]
      let point = Environment<Rational>(sizes: ["k": k], values: values.mapValues { Matrix($0) })
      #expect(try increment <= IncrementBound.derived(.rigorous).proof.judgement.right.value(in: point).scalar)
      if try increment > IncrementBound.derived(.printed).proof.judgement.right.value(in: point).scalar {
        violations += 1
      }
    }
    #expect(violations > 0)
  }
}
