import Formulas
import MatrixCalculus
import Testing

/// A name is a constant inside a derivative: folding there and then differentiating the name would prove `∂(XW)/∂W = 0`.
@Suite struct ProofContextTests {
  private static let X = Formula.symbol("X", "L", "d"), W = Formula.symbol("W", "d", "k")
  private static let definition = Rule("definition F", .definition) { X * W ==> .symbol("F", "L", "k") }
  private static let rules = Laws.byID.merging([definition.id: definition]) { $1 }

  @Test func namesMayNotBeGivenInsideDerivatives() throws {
    let F = definition.statement.right
    var substitution = Substitution()
    let matches = substitution.match(DifferentiationLaws.jacobianConst.statement.left, F.jacobian(Self.W))
    #expect(matches)
    let steps = [
      DerivationStep(.rule(Self.definition.id), at: Position([0]), Substitution()),
      DerivationStep(.rule("jacobian_const"), at: .root, substitution),
    ]
    let lie = Proof(
      title: "∂(XW)/∂W = 0",
      Judgement((Self.X * Self.W).jacobian(Self.W), .equal, .zero("L" * Size("k"), "d" * Size("k"))), steps: steps)
    #expect(throws: ProofError.self) { try lie.replay(Self.rules) }
  }

  @Test func theVariableOfDifferentiationStays() throws {
    let V = Formula.symbol("V", "d", "k")
    let renaming = Rule("definition V", .definition) { Self.W ==> V }
    let rules = Self.rules.merging([renaming.id: renaming]) { $1 }
    let lie = Proof(
      title: "renamed", Judgement(Self.X.jacobian(Self.W), .equal, Self.X.jacobian(V)),
      steps: [DerivationStep(.rule(renaming.id), at: Position([1]), Substitution())])
    #expect(throws: ProofError.self) { try lie.replay(rules) }
  }

  private var definition: Rule { Self.definition }
}
