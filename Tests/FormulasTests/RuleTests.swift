import Formulas
import Testing

@Suite struct RuleTests {
  private let A = Formula.variable("A", "m", "n"), W = Formula.variable("W", "p", "q")
  private var constant: Rule {
    Rule("jacobian_const", because: "A constant.", when: [.independent(A, of: W)]) {
      A.jacobian(W) ==> .zero(Size("m") * "n", Size("p") * "q")
    }
  }
  private let X = Formula.symbol("X", "L", "d"), Q = Formula.symbol("W_Q", "d", "d_K")

  private func substitution(_ a: Formula, _ w: Formula) -> Substitution {
    Substitution(
      formulas: [Symbol("A", Shape("m", "n")): a, Symbol("W", Shape("p", "q")): w],
      sizes: ["m": a.shape.rows, "n": a.shape.columns, "p": w.shape.rows, "q": w.shape.columns])
  }

  @Test func instantiatesBothSides() throws {
    let judgement = try constant.instance(substitution(X, Q)).get()
    #expect(judgement.left == X.jacobian(Q))
    #expect(judgement.right == .zero(Size("L") * "d", Size("d") * "d_K"))
  }

  @Test func conditionsAreChecked() {
    for (a, w) in [(X * Q, Q), (Q, Q), ((X * Q).transposed, Q), (X.jacobian(Q), Q)] {
      guard case .failure(.condition) = constant.instance(substitution(a, w)) else {
        Issue.record("∂[\(a)]/∂\(w) = 0 was accepted")
        continue
      }
    }
    // A symbol of the same name and another shape is another matrix.
    guard case .success = constant.instance(substitution(.symbol("W_Q", "d", "d"), Q)) else {
      Issue.record("another matrix was refused")
      return
    }
  }

  @Test func theVariableOfDifferentiationMustBeOne() {
    guard case .failure = constant.instance(substitution(X, X * Q)) else {
      Issue.record("∂/∂(XQ) was accepted")
      return
    }
  }

  @Test func unboundVariablesAreCompared() {
    let same = Formula.variable("A", "L", "d")
    let independent = Rule("odd", because: "", when: [.independent(A, of: W)]) { A ==> A }
    guard
      case .failure(.condition) = independent.instance(
        Substitution(formulas: [Symbol("W", Shape("p", "q")): same], sizes: ["p": "L", "q": "d", "m": "L", "n": "d"]))
    else {
      Issue.record("A was independent of itself")
      return
    }
  }

  /// A definition is about its own matrices: with another size it would be false.
  @Test(arguments: [Rule.Status.definition, .hypothesis]) func definitionsTakeNoSubstitution(status: Rule.Status) throws
  {
    let Z = Formula.symbol("Z", "L", "d")
    let rule = Rule("definition Z", status) { X.scaled(by: Formula.size("d_K").squareRoot.inverse) ==> Z }
    #expect(try rule.instance(Substitution()).get().right == Z)
    for substitution in [
      Substitution(sizes: ["d_K": "d"]), Substitution(sizes: ["unused": 1]), substitution(X, Q),
    ] {
      guard case .failure(let error) = rule.instance(substitution) else {
        Issue.record("\(substitution) was accepted")
        continue
      }
      #expect(error.description.contains("none can be substituted"))
    }
  }

  @Test func errorsNameTheRule() {
    guard case .failure(let error) = constant.instance(Substitution(formulas: [Symbol("A", Shape("m", "n")): X])) else {
      Issue.record("accepted")
      return
    }
    #expect(error.description.hasPrefix("jacobian_const"))
  }
}
