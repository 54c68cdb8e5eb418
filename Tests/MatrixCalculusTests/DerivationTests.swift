import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Testing

@Suite struct DerivationTests {
  private static let derivatives: [Operator.Kind] = [.jacobian, .pullback, .contraction]

  private func derived(_ start: Formula, _ rules: RuleSet = Laws.calculus) -> Derivation {
    var derivation = Derivation(start)
    derivation.normalize(rules)
    return derivation
  }

  /// Normalising removes every derivative, keeps the value, can be replayed, and has nothing left to do.
  @Test(arguments: UInt64(1)...10) func normalizesRandomFormulas(seed: UInt64) throws {
    var random = RandomFormulas(generator: SplitMix64(seed: seed))
    for _ in 0..<12 {
      let start = random.derivative(depth: 2)
      let derivation = derived(start)
      #expect(!derivation.current.containsSubformula { Self.derivatives.contains($0.kind) }, "\(start)")
      #expect(derived(derivation.current).steps.isEmpty, "\(derivation.current)")
      try derivation.proof("random").replay(Laws.byID)
      guard derivation.current.largestCount < 4_000 else { continue }
      let evaluator = Evaluator(try random.point([start, derivation.current]))
      #expect(try evaluator.value(of: start) == evaluator.value(of: derivation.current), "\(start)")
    }
  }

  @Test func normalFormsAndExpansionsAreIdempotent() {
    var random = RandomFormulas(generator: SplitMix64(seed: 99))
    for rules in [Laws.normalization, Laws.expansion] {
      for _ in 0..<60 {
        let once = derived(random.formula("m", "q", depth: 3), rules)
        #expect(derived(once.current, rules).steps.isEmpty, "\(once.current)")
      }
    }
  }

  /// `∂²softmax/∂T²` from nothing but the body of softmax: no lemma of softmax is used.
  @Test func unfoldsFunctionsThatHaveNoLemma() throws {
    let T = Formula.symbol("T", "L", "k")
    let start = RowwiseFunctions.softmax(T).jacobian(T).jacobian(T)
    let unfold = try #require(Laws.byID["unfold_softmax"])
    var derivation = Derivation(start)
    derivation.apply(unfold, at: Position([0, 0]))
    let lemmas = Set(RowwiseFunctions.all.map(\.id))
    derivation.normalize(RuleSet(Laws.calculus.rules.filter { !lemmas.contains($0.id) }))
    let proof = derivation.proof("unfolded")
    #expect(!derivation.current.containsSubformula { $0.kind == .jacobian || $0.kind == .call })
    #expect(Set(proof.rulesUsed).intersection(lemmas) == ["unfold_softmax"])
    try proof.replay(Laws.byID)
    var generator = SplitMix64(seed: 4)
    for (L, k) in [(2, 3), (1, 4), (3, 1)] {
      var point = Environment<Formal<Modular>>(sizes: ["L": L, "k": k])
      try point.draw(T.symbols, using: &generator)
      let evaluator = Evaluator(point)
      #expect(try evaluator.value(of: start) == evaluator.value(of: derivation.current))
      #expect(try !evaluator.value(of: start).isZero || k == 1)
    }
  }

  /// The same through the lemma for the first derivative and the definition of `𝒟` for the second.
  @Test func lemmaAndDefinitionAgree() throws {
    let T = Formula.symbol("T", "L", "k")
    let start = RowwiseFunctions.softmax(T).jacobian(T).jacobian(T)
    var derivation = Derivation(start)
    derivation.apply(RowwiseFunctions.jacobianSoftmax, at: Position([0]))
    derivation.apply(try #require(Laws.byID["unfold_softmaxJacobian"]), at: Position([0, 0]))
    derivation.normalize(Laws.calculus)
    #expect(!derivation.current.containsSubformula { $0.kind == .jacobian })
    var generator = SplitMix64(seed: 5)
    var point = Environment<Formal<Modular>>(sizes: ["L": 2, "k": 3])
    try point.draw(T.symbols, using: &generator)
    let evaluator = Evaluator(point)
    #expect(try evaluator.value(of: start) == evaluator.value(of: derivation.current))
    try derivation.proof("lemma and definition").check(Laws.byID, at: point)
  }

  @Test func coefficientsBecomeCanonical() throws {
    let X = Formula.symbol("X", "L", "d")
    let start = X.scaled(by: .integer(2)).scaled(by: Formula.integer(4).inverse).transposed
    let derivation = derived(start, Laws.normalization)
    #expect(derivation.current == X.transposed.scaled(by: Formula.size(2).inverse))
    #expect(derivation.steps.contains { $0.justification == .arithmetic })
    try derivation.proof("half").replay(Laws.byID)
  }

  @Test func replacesEveryOccurrenceByALemma() throws {
    let X = Formula.symbol("X", "L", "d"), F = Formula.variable("F", "L", "d")
    var twice = Derivation(F.transposed.transposed)
    twice.normalize(Laws.normalization)
    let lemma = twice.proof("twice")
    var derivation = Derivation(X.transposed.transposed + X.transposed.transposed)
    derivation.apply(lemma: lemma, [Symbol("F", Shape("L", "d")): X])
    #expect(derivation.current == X + X)
    #expect(derivation.steps.count == 2)
    try derivation.proof("both").replay(Laws.byID)
  }

  @Test func findsRunsAndParts() {
    let A = Formula.symbol("A", "n", "n"), B = Formula.symbol("B", "n", "n")
    #expect((A * B * A).position(of: B * A) == Position([], run: 1..<3))
    #expect((A + (A * B).transposed).position(of: A * B) == Position([1, 0]))
    #expect((A * B).position(of: B * A) == nil)
    #expect((A * B * A).position(of: A) == Position([0]))
    #expect(A.position(of: A) == .root)
  }
}
