import Formulas

/// A few laws, a definition and a hypothesis: what the tests of replaying use.
enum Toy {
  static let A = Formula.variable("A", "m", "n"), B = Formula.variable("B", "m", "n"),
    W = Formula.variable("W", "p", "q")
  private static let C = Formula.variable("C", "n", "r")

  static let X = Formula.symbol("X", "L", "d"), Q = Formula.symbol("W_Q", "d", "d_K"),
    K = Formula.symbol("W_K", "d", "d_K")
  static let M = Formula.symbol("M", "L", "d_K"), bound = Formula.symbol("x", 1, 1)

  static let rules: [Rule.ID: Rule] = Dictionary(
    uniqueKeysWithValues: [
      Rule("transpose_transpose") { A.transposed.transposed ==> A },
      Rule("transpose_mul") { (A * C).transposed ==> C.transposed * A.transposed },
      Rule("add_comm") { A + B ==> B + A },
      Rule("jacobian_const", when: [.independent(A, of: W)]) {
        A.jacobian(W) ==> .zero(Size("m") * "n", Size("p") * "q")
      },
      Rule("jacobian_self") { W.jacobian(W) ==> .identity(Size("p") * "q") },
      Rule("zero_sub") { .zero("m", "n") ==> B - B },
      Rule("norm_transpose") { A.transposed.norm() ==> A.norm() },
      Rule("norm_mul_le") { Judgement((A * C).norm(), .atMost, A.norm() * C.norm()) },
      Rule("norm_le_frobenius") { Judgement(A.norm(), .atMost, A.norm(.frobenius)) },
      Rule("definition M", .definition) { X * Q ==> M },
      Rule("definition scaled", .definition) { X.scaled(by: Formula.size("d_K").inverse) ==> .symbol("Z", "L", "d") },
      Rule("tied", .hypothesis) { Q ==> K },
      Rule("bounded", .hypothesis) { Judgement(X.norm(), .atMost, bound) },
    ].map { ($0.id, $0) })

  /// A step whose substitution binds variables by name to formulas of any shape, with the sizes that follow.
  static func step(
    _ id: Rule.ID, at path: [Int] = [], _ formulas: [(Formula, Formula)] = [], sizes: [String: Size] = [:],
    going direction: DerivationStep.Direction = .forward
  ) -> DerivationStep {
    var substitution = Substitution(sizes: sizes)
    for (variable, formula) in formulas {
      guard case .variable(let symbol) = variable.operator else { continue }
      substitution.formulas[symbol] = formula
      for (name, size) in [
        (symbol.shape.rows.name, formula.shape.rows), (symbol.shape.columns.name, formula.shape.columns),
      ] {
        if let name { substitution.sizes[name] = size }
      }
    }
    return DerivationStep(.rule(id), direction, at: Position(path), substitution)
  }

  static func proof(_ judgement: Judgement, _ steps: [DerivationStep], lemmas: [Proof] = []) -> Proof {
    Proof(title: "toy", judgement, steps: steps, lemmas: lemmas)
  }

  static func lemmaStep(
    _ index: Int, at path: [Int] = [], _ formulas: [(Formula, Formula)] = [],
    going direction: DerivationStep.Direction = .forward
  ) -> DerivationStep {
    let bound = formulas.compactMap { variable, formula -> (Symbol, Formula)? in
      guard case .variable(let symbol) = variable.operator else { return nil }
      return (symbol, formula)
    }
    return DerivationStep(
      .lemma(index), direction, at: Position(path), Substitution(formulas: Dictionary(uniqueKeysWithValues: bound)))
  }
}
