import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Testing

/// A false law is found by checking any proof that uses it, and by checking the law itself.
@Suite struct FalseLawTests {
  private static let A = Formula.variable("A", "m", "n"), B = Formula.variable("B", "n", "r"),
    W = Formula.variable("W", "p", "q")
  private static let G = Formula.variable("G", "m", "r"), s = Formula.variable("s", 1, 1)

  static let planted: [Rule] = [
    // The product rule of column vectorisation.
    Rule("jacobian_mul", because: "false") {
      (A * B).jacobian(W)
        ==> (B.transposed ⊗ .identity("m")) * A.jacobian(W) + (.identity("r") ⊗ A) * B.jacobian(W)
    },
    Rule("jacobian_mul", because: "false") {
      (A * B).jacobian(W) ==> (.identity("m") ⊗ B.transposed) * A.jacobian(W) - (A ⊗ .identity("r")) * B.jacobian(W)
    },
    Rule("jacobian_transpose", because: "false") {
      A.transposed.jacobian(W) ==> .commutation("n", "m") * A.jacobian(W)
    },
    Rule("jacobian_scale", because: "false") { A.scaled(by: s).jacobian(W) ==> A.jacobian(W) },
    Rule("jacobian_const", because: "false: the condition is forgotten") {
      A.jacobian(W) ==> .zero(Size("m") * "n", Size("p") * "q")
    },
    Rule("jacobian_softmax", because: "false") {
      let T = Formula.variable("T", "m", "n"), softmax = RowwiseFunctions.softmax(T)
      return softmax.jacobian(W) ==> softmax.vectorized.diagonal * T.jacobian(W)
    },
  ]

  private let start: Formula = {
    let X = Formula.symbol("X", "L", "d"), Q = Formula.symbol("Q", "d", "k")
    let T = X * Q * Q.transposed * X.transposed
    return (RowwiseFunctions.softmax(T.scaled(by: .integer(3))) * X).jacobian(Q)
  }()

  private func point(seed: UInt64) throws -> Environment<Formal<Modular>> {
    var generator = SplitMix64(seed: seed)
    var point = Environment<Formal<Modular>>(sizes: ["L": 2, "d": 3, "k": 2])
    try point.draw(start.symbols, using: &generator)
    return point
  }

  private func derived(_ rules: [Rule]) -> Proof {
    var derivation = Derivation(start)
    derivation.normalize(RuleSet(rules))
    return derivation.proof("∂F/∂Q")
  }

  @Test func theTrueLawsPass() throws {
    let proof = derived(Laws.calculus.rules)
    #expect(try proof.check(Laws.byID, at: point(seed: 1)) == proof.steps.count)
  }

  @Test(arguments: planted.indices) func isFound(index: Int) throws {
    let law = Self.planted[index]
    let replaced = Laws.calculus.rules.map { $0.id == law.id ? law : $0 }
    let proof = derived(replaced)
    let rules = Laws.byID.merging([law.id: law]) { $1 }
    try proof.replay(rules)
    #expect(proof.rulesUsed.contains(law.id))
    let error = #expect(throws: Discrepancy.self) { try proof.check(rules, at: point(seed: 2)) }
    let step = try #require(error?.step)
    #expect(proof.steps[step].justification == .rule(law.id), "the step named is the one that is wrong")
    #expect(throws: ProofError.self) { try proof.replay(Laws.byID) }
    #expect(try (UInt64(1)...3).contains { try !law.holds(seed: $0) })
  }
}
