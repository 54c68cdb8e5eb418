import Arithmetic
import Evaluation
import Formulas
import Testing

@Suite struct ProofCheckTests {
  private let X = Formula.symbol("X", "m", "n")
  private static let A = Formula.variable("A", "m", "n")
  private let rules: [Rule.ID: Rule] = [
    "twice": Rule("twice", because: "") { A.transposed.transposed ==> A },
    "false": Rule("false", because: "false") { A + A ==> A.scaled(by: .integer(3)) },
  ]

  private func step(_ id: Rule.ID, at path: [Int], _ part: Formula) -> DerivationStep {
    DerivationStep(
      .rule(id), at: Position(path),
      Substitution(formulas: [Symbol("A", Shape("m", "n")): part], sizes: ["m": "m", "n": "n"]))
  }

  private func point() throws -> Environment<Modular> {
    var generator = SplitMix64(seed: 1)
    var point = Environment<Modular>(sizes: ["m": 2, "n": 3])
    try point.draw(X.symbols, using: &generator)
    return point
  }

  @Test func countsTheStepsOfAllLemmas() throws {
    let lemma = Proof(title: "twice", X.transposed.transposed ==> X, steps: [step("twice", at: [], X)])
    let use = DerivationStep(.lemma(0), at: Position([0]), Substitution())
    let proof = Proof(title: "sum", X.transposed.transposed + X ==> X + X, steps: [use], lemmas: [lemma])
    #expect(try proof.check(rules, at: point()) == 2)
  }

  @Test func findsTheFalseStep() throws {
    let start = (X.transposed.transposed + X).transposed.transposed
    let proof = Proof(
      title: "three", start ==> X.scaled(by: .integer(3)),
      steps: [step("twice", at: [], X.transposed.transposed + X), step("twice", at: [0], X), step("false", at: [], X)])
    try proof.replay(rules)
    let error = #expect(throws: Discrepancy.self) { try proof.check(rules, at: point()) }
    #expect(error?.step == 2)
    #expect(error?.description == "three, step 2: X + X and 3·X have different values")
    let lemma = Proof(title: "outer", start ==> start, steps: [], lemmas: [proof])
    #expect(throws: Discrepancy.self) { try lemma.check(rules, at: point()) }
  }

  private let bounds: [Rule.ID: Rule] = [
    "entry": Rule("entry", because: "") { A.norm(.largestEntry) ≤ A.norm(.rowSum) },
    "false": Rule("false", because: "false") { A.norm(.rowSum) ≤ A.norm(.largestEntry) },
  ]

  /// Inequalities are checked as such, over a scalar with order only.
  @Test func inequalitiesAreChecked() throws {
    var generator = SplitMix64(seed: 2)
    var point = Environment<Rational>(sizes: ["m": 2, "n": 3])
    try point.draw(X.symbols, using: &generator)
    let fine = Proof(
      title: "fine", .integer(2) * X.norm(.largestEntry) ≤ .integer(2) * X.norm(.rowSum),
      steps: [step("entry", at: [1], X)])
    #expect(try fine.check(bounds, at: point) == 1)
    let wrong = Proof(
      title: "wrong", X.norm(.largestEntry) ≤ X.norm(.largestEntry),
      steps: [step("entry", at: [], X), step("false", at: [], X)])
    try wrong.replay(bounds)
    let error = #expect(throws: Discrepancy.self) { try wrong.check(bounds, at: point) }
    #expect(error?.description == "wrong, step 1: ‖X‖_∞ is not at most ‖X‖_max")
    #expect(throws: EvaluationError.self) { try fine.check(bounds, at: self.point()) }
  }

  @Test func malformedProofsAndMissingValuesAreErrors() throws {
    let proof = Proof(title: "wrong", X.transposed.transposed ==> X + X, steps: [step("twice", at: [], X)])
    #expect(throws: ProofError.self) { try proof.check(rules, at: point()) }
    let fine = Proof(title: "fine", X.transposed.transposed ==> X, steps: [step("twice", at: [], X)])
    #expect(throws: EvaluationError.self) { try fine.check(rules, at: Environment<Modular>(sizes: ["m": 2, "n": 3])) }
  }
}
