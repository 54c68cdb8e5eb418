import Arithmetic
import Evaluation
import Formulas
import Testing

@Suite struct RuleCheckTests {
  private static let A = Formula.variable("A", "m", "n"), B = Formula.variable("B", "n", "r"),
    W = Formula.variable("W", "p", "q")
  private static let C = Formula.variable("C", "m", "n"), s = Formula.variable("s", 1, 1)

  private static func law(_ id: Rule.ID, when conditions: [Rule.Condition] = [], _ statement: Judgement) -> Rule {
    Rule(id, because: "test", when: conditions) { statement }
  }

  static let trueLaws = [
    law("transpose_mul", (A * B).transposed ==> B.transposed * A.transposed), law("add_comm", A + C ==> C + A),
    law("jacobian_const", when: [.independent(A, of: W)], A.jacobian(W) ==> .zero(Size("m") * "n", Size("p") * "q")),
    law("no_variables", .integer(2) * .integer(3) ==> .integer(6)),
    law("vec", .commutation("m", "n") * A.vectorized ==> A.transposed.vectorized),
  ]

  static let falseLaws = [
    law("forgotten condition", A.jacobian(W) ==> .zero(Size("m") * "n", Size("p") * "q")),
    law(
      "condition on another", when: [.independent(C, of: W)],
      (A + C).jacobian(W) ==> .zero(Size("m") * "n", Size("p") * "q")),
    law("swapped commutation", .commutation("n", "m") * A.vectorized ==> A.transposed.vectorized),
    law("wrong sign", (A - C).transposed ==> A.transposed + C.transposed),
    law("second order only", A.jacobian(W).jacobian(W) ==> .zero(Size("m") * "n" * "p" * "q", Size("p") * "q")),
    law("first order only", (A ⊙ A).jacobian(W) ==> A.vectorized.diagonal * A.jacobian(W)),
    law("exponential of a sum", (A + C).mapped(.exponential) ==> A.mapped(.exponential) ⊙ C.mapped(.exponential)),
    law("no variables", .integer(2) * .integer(3) ==> .integer(7)),
    law(
      "commuting",
      .variable("P", "n", "n") * .variable("Q", "n", "n") ==> .variable("Q", "n", "n") * .variable("P", "n", "n")),
    law("scalar constant", A.scaled(by: s).jacobian(W) ==> A.jacobian(W).scaled(by: s)),
  ]

  @Test(arguments: trueLaws.indices) func trueLawsHold(index: Int) throws {
    for seed in UInt64(0)..<6 { #expect(try Self.trueLaws[index].holds(seed: seed)) }
  }

  @Test(arguments: falseLaws.indices) func falseLawsAreFound(index: Int) throws {
    for seed in UInt64(0)..<6 { #expect(try !Self.falseLaws[index].holds(seed: seed), "\(Self.falseLaws[index].id)") }
  }

  /// A prime field has no order: an inequality between norms is an error, not an answer.
  @Test func inequalitiesAreNotAnswered() {
    let law = Self.law("norms", Self.A.norm(.largestEntry) ≤ Self.A.norm(.rowSum))
    #expect(throws: EvaluationError.self) { try law.holds(seed: 1) }
  }

  /// Sizes 2, 3, … for pairwise distinct names, so that no swapped index hides.
  @Test func isDeterministic() throws {
    let law = Self.falseLaws[3]
    #expect(try law.holds(seed: 7) == law.holds(seed: 7))
  }
}
