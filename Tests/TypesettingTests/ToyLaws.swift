import Formulas

/// A few laws, and derivations from them, to typeset.
enum ToyLaws {
  static let A = Formula.variable("A", "m", "n"), B = Formula.variable("B", "p", "q")
  static let C = Formula.variable("C", "n", "k"), D = Formula.variable("D", "q", "l")
  static let W = Formula.variable("W", "u", "v")
  static let s = Formula.variable("s", 1, 1), t = Formula.variable("t", 1, 1)

  static let all: [Rule] = [
    Rule("kronecker_mul_kronecker", citing: Citation("magnus2019", "§2.2")) {
      (A ⊗ B) * (C ⊗ D) ==> (A * C) ⊗ (B * D)
    },
    Rule("transpose_mul", .law, .bookkeeping) { (A * C).transposed ==> C.transposed * A.transposed },
    Rule("mul_identity", .law, .bookkeeping, because: "the identity is neutral") { A * .identity("n") ==> A },
    Rule("scale_scale", .law, .bookkeeping) { A.scaled(by: t).scaled(by: s) ==> A.scaled(by: .product([s, t])) },
    Rule(
      "jacobian_mul_constant", because: "the product rule with one vanishing term, 100% of it",
      when: [.independent(C, of: W)]
    ) {
      (A * C).jacobian(W) ==> (.identity("m") ⊗ C.transposed) * A.jacobian(W)
    },
    Rule("norm_mul_le") { Judgement((A * C).norm(), .atMost, .product([A.norm(), C.norm()])) },
    Rule("attention", .definition) {
      Sample.A * Sample.X * Sample.V ==> Sample.F
    },
  ]
  static let rules = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })

  static func symbol(_ formula: Formula) -> Symbol {
    switch formula.operator {
    case .symbol(let symbol), .variable(let symbol): symbol
    default: preconditionFailure("\(formula) is not a symbol")
    }
  }

  /// `(P ⊗ Q)(I ⊗ (R S)ᵀ) = P ⊗ Q Sᵀ Rᵀ`, with a bookkeeping step on either side of nothing.
  static let mixedProduct: Proof = {
    let P = Formula.symbol("P", "a", "b")
    let Q = Formula.symbol("Q", "c", "e")
    let R = Formula.symbol("R", "f", "g")
    let S = Formula.symbol("S", "g", "e")
    let I = Formula.identity("b")
    let T = (R * S).transposed
    return Proof(
      title: "A mixed product with 100% of its factors",
      Judgement((P ⊗ Q) * (I ⊗ T), .equal, P ⊗ (Q * S.transposed * R.transposed)),
      steps: [
        DerivationStep(
          .rule("kronecker_mul_kronecker"), at: .root,
          Substitution(
            formulas: [symbol(A): P, symbol(B): Q, symbol(C): I, symbol(D): T],
            sizes: ["m": "a", "n": "b", "p": "c", "q": "e", "k": "b", "l": "f"])),
        DerivationStep(
          .rule("mul_identity"), at: Position([0]),
          Substitution(formulas: [symbol(A): P], sizes: ["m": "a", "n": "b"])),
        DerivationStep(
          .rule("transpose_mul"), at: Position([1, 1]),
          Substitution(formulas: [symbol(A): R, symbol(C): S], sizes: ["m": "f", "n": "g", "k": "e"])),
      ])
  }()

  /// `‖F‖ ≤ ‖A‖ ‖X W_V‖`, through a lemma.
  static let bound: Proof = {
    let sizes: [String: Size] = ["m": "L", "n": "L", "k": "d_V"]
    let lemma = Proof(
      title: "folding the output", Judgement(Sample.A * Sample.X * Sample.V, .equal, Sample.F),
      steps: [DerivationStep(.rule("attention"), at: .root, Substitution())])
    return Proof(
      title: "A bound on the output",
      Judgement(Sample.F.norm(), .atMost, .product([Sample.A.norm(), (Sample.X * Sample.V).norm()])),
      steps: [
        DerivationStep(.lemma(0), .backward, at: Position([0]), Substitution()),
        DerivationStep(
          .rule("norm_mul_le"), at: .root,
          Substitution(formulas: [symbol(A): Sample.A, symbol(C): Sample.X * Sample.V], sizes: sizes)),
      ],
      lemmas: [lemma])
  }()

  /// A derivative as long as those of a layer, for line breaking.
  static let long: Formula = {
    let X = Sample.X
    let Q = Sample.Q
    let K = Sample.K
    let V = Sample.V
    let softmaxJacobian = Function("softmaxJacobian", shape: { Shape($0[0].count, $0[0].count) }) { $0[0] }
    let T = (X * Q * K.transposed * X.transposed).scaled(by: Formula.size("d_K").squareRoot.inverse)
    let J = softmaxJacobian(T)
    let outer = (.identity("L") ⊗ (V.transposed * X.transposed)) * J * (X ⊗ (X * K))
    let c = Sample.meanSquare
    let r = Formula.size("d_K").inverse
    let first = (outer.transposed * outer).scaled(by: r).scaled(by: c)
    let G = Formula.symbol("F", "L", "d_V") - Sample.Y
    let second =
      (((G * V.transposed * X.transposed).vectorized.transposed * J ⊗ .identity("d" * "d_K"))
      * (.commutation("L", "L") ⊗ .identity("d" * "d_K"))
      * ((X * Q * K.transposed * X.transposed).vectorized ⊗ (.identity("d" * "d_K") + .identity("d" * "d_K")))).scaled(
        by: c)
    return first + second - first.scaled(by: Formula.integer(2).inverse)
  }()
}
