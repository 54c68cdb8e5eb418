import Formulas
import Testing

/// What replaying accepts, and every way of proving something false that it must refuse.
@Suite struct ProofTests {
  private let X = Toy.X, Q = Toy.Q, K = Toy.K, M = Toy.M
  private let transposeTwice = Toy.step("transpose_transpose", at: [], [(Toy.A, Toy.X)])

  private func isRefused(_ proof: Proof, _ reason: (ProofError) -> Bool) -> Bool {
    do {
      try proof.replay(Toy.rules)
      return false
    } catch let error as ProofError { return reason(error) } catch { return false }
  }

  private func isCase(_ error: ProofError, _ name: String) -> Bool {
    Mirror(reflecting: error).children.first?.label == name
  }

  // MARK: Accepted

  @Test func acceptsAChain() throws {
    let start = (X.transposed.transposed * Q).transposed.transposed
    let proof = Toy.proof(
      start ==> M,
      [
        Toy.step("transpose_transpose", at: [], [(Toy.A, X.transposed.transposed * Q)]),
        Toy.step("transpose_transpose", at: [0], [(Toy.A, X)]), Toy.step("definition M"),
      ])
    var seen: [Formula] = []
    try proof.replay(Toy.rules) { seen.append($0.after) }
    #expect(seen == [X.transposed.transposed * Q, X * Q, M])
    #expect(proof.rulesUsed == ["transpose_transpose", "definition M"])
    #expect(proof.totalSteps == 3)
  }

  @Test func acceptsNothingToDo() throws {
    try Toy.proof(X ==> X, []).replay(Toy.rules)
    try Toy.proof(Judgement(X.norm(), .atMost, X.norm()), []).replay(Toy.rules)
  }

  @Test func acceptsInequalitiesInMonotonePlaces() throws {
    let f = X.norm(), to = X.norm(.frobenius), other = Q.norm()
    let contexts: [((Formula) -> Formula, [Int])] = [
      ({ $0 }, []), ({ $0 + other }, [0]), ({ other * $0 }, [1]), ({ .maximum([$0, other]) }, [0]),
      ({ .minimum([other, $0]) }, [1]), ({ $0.scaled(by: .integer(2)) }, [1]),
      ({ (other + .size("d") * $0) * other }, [0, 1, 1]),
      ({ $0.scaled(by: Formula.size("d").squareRoot.inverse) }, [1]), ({ $0.squareRoot }, [0]),
      ({ ($0 * other + other).squareRoot }, [0, 0, 0]), ({ .blocks([[$0, other], [other, other]]).norm() }, [0, 0]),
      ({ .blocks([[other], [$0]]).norm(.frobenius) }, [0, 1]),
    ]
    for (context, path) in contexts {
      let proof = Toy.proof(
        Judgement(context(f), .atMost, context(to)), [Toy.step("norm_le_frobenius", at: path, [(Toy.A, X)])])
      try proof.replay(Toy.rules)
    }
  }

  /// A hypothesis `‖X‖₂ ≤ x` that is used shows that `x` is not negative.
  @Test func acceptsFactorsThatHypothesesBoundBy() throws {
    let f = X.norm(), to = X.norm(.frobenius), bounded = Toy.step("bounded", at: [0])
    let below = Toy.step("norm_le_frobenius", at: [1], [(Toy.A, X)])
    try Toy.proof(Judgement(f * f, .atMost, Toy.bound * to), [bounded, below]).replay(Toy.rules)
    let without = Toy.proof(Judgement(Toy.bound * f, .atMost, Toy.bound * to), [below])
    #expect(isRefused(without) { isCase($0, "notMonotone") })
    let shown = Toy.proof(Judgement(f, .atMost, Toy.bound), [Toy.step("bounded")])
    let beside = Toy.proof(Judgement(Toy.bound * f, .atMost, Toy.bound * to), [below], lemmas: [shown])
    try beside.replay(Toy.rules)
    // What bounds something that may be negative may be negative itself.
    for left in [.integer(-1) * f, Q.norm() - f, .symbol("y", 1, 1)] {
      let rule = Rule("bounded", .hypothesis) { Judgement(left, .atMost, Toy.bound) }
      let lemma = Toy.proof(Judgement(left, .atMost, Toy.bound), [Toy.step("bounded")])
      try lemma.replay([rule.id: rule])
      let proof = Toy.proof(Judgement(Toy.bound * f, .atMost, Toy.bound * to), [below], lemmas: [lemma])
      #expect(throws: ProofError.self) { try proof.replay(Toy.rules.merging([rule.id: rule]) { $1 }) }
    }
    // Nor does a bound from below, or an equality with a number of any sign.
    for statement in [Judgement(Toy.bound, .atMost, f), Judgement(.symbol("y", 1, 1), .equal, Toy.bound)] {
      let rule = Rule("bounded", .hypothesis) { statement }
      let lemma = Toy.proof(statement, [Toy.step("bounded")])
      let proof = Toy.proof(Judgement(Toy.bound * f, .atMost, Toy.bound * to), [below], lemmas: [lemma])
      #expect(throws: ProofError.self) { try proof.replay(Toy.rules.merging([rule.id: rule]) { $1 }) }
    }
  }

  /// A run of factors or terms grows with the whole only beside what is not negative.
  @Test func inequalitiesInRuns() throws {
    let f = X.norm(), to = X.norm(.frobenius), other = Q.norm()
    for op in [Operator.product, .sum] {
      let (left, right) = (Formula(op, [f, other]), Formula(op, [to, other]))
      let lemma = Toy.proof(Judgement(left, .atMost, right), [Toy.step("norm_le_frobenius", at: [0], [(Toy.A, X)])])
      for (factor, isAccepted) in [(K.norm(), true), (Toy.bound, false), (.integer(-1), false)] {
        let proof = Toy.proof(
          Judgement(Formula(op, [factor, f, other]), .atMost, Formula(op, [factor, to, other])),
          [DerivationStep(.lemma(0), at: Position([], run: 1..<3), Substitution())], lemmas: [lemma])
        #expect(isRefused(proof) { isCase($0, "notMonotone") } == !isAccepted, "\(proof.judgement)")
        if isAccepted { try proof.replay(Toy.rules) }
      }
    }
  }

  /// The root of a number that may be negative has no value.
  @Test func refusesInequalitiesUnderRootsOfAnySign() {
    let y = Formula.symbol("y", 1, 1)
    let rule = Rule("below", .hypothesis) { Judgement(y, .atMost, X.norm()) }
    let proof = Toy.proof(
      Judgement(y.squareRoot, .atMost, X.norm().squareRoot), [Toy.step("below", at: [0])])
    #expect(throws: ProofError.self) { try proof.replay([rule.id: rule]) }
  }

  @Test func acceptsLemmasInstantiated() throws {
    let lemma = Toy.proof(
      Toy.A.transposed.transposed.norm() ==> Toy.A.norm(),
      [Toy.step("norm_transpose", [(Toy.A, Toy.A.transposed)]), Toy.step("norm_transpose", [(Toy.A, Toy.A)])])
    try lemma.replay(Toy.rules)
    let A = Formula.variable("A", "L", "d")
    let general = Toy.proof(
      A.transposed.transposed ==> A, [Toy.step("transpose_transpose", [(Toy.A, A)])])
    try Toy.proof(
      (X.transposed.transposed * Q).norm() ==> (X * Q).norm(), [Toy.lemmaStep(0, at: [0, 0], [(A, X)])],
      lemmas: [general]
    ).replay(Toy.rules)
  }

  // MARK: Malformed

  @Test func refusesWhatIsNotThere() {
    let start = X.transposed.transposed
    #expect(isRefused(Toy.proof(start ==> X, [Toy.step("no_such_rule")])) { isCase($0, "unknownRule") })
    for index in [0, -1, 7, Int.max, Int.min] {
      #expect(isRefused(Toy.proof(start ==> X, [Toy.lemmaStep(index)])) { isCase($0, "unknownLemma") })
    }
    #expect(isRefused(Toy.proof(start ==> X, [])) { isCase($0, "wrongEnd") })
    #expect(isRefused(Toy.proof(start ==> start, [transposeTwice])) { isCase($0, "wrongEnd") })
    #expect(isRefused(Toy.proof(start ==> X, [transposeTwice, transposeTwice])) { isCase($0, "misplaced") })
    for position in PositionTests.misplaced {
      let step = DerivationStep(.rule("transpose_transpose"), at: position, transposeTwice.substitution)
      #expect(isRefused(Toy.proof(start ==> X, [step])) { isCase($0, "misplaced") })
    }
    #expect(isRefused(Toy.proof(start ==> X, [Toy.step("transpose_transpose")])) { isCase($0, "misplaced") })
    #expect(
      isRefused(Toy.proof(start ==> X, [Toy.step("transpose_transpose", [(Toy.A, X)], going: .backward)])) {
        isCase($0, "misplaced")
      })
  }

  @Test func hugeAndZeroSizesAreRefusedWithoutATrap() {
    let huge = Size(.max)
    for sizes: [String: Size] in [
      ["m": huge, "n": huge, "p": huge, "q": huge], ["m": 0, "n": 0, "p": 0, "q": 0],
      ["m": huge * 2, "n": 2, "p": 0, "q": huge],
    ] {
      for id: Rule.ID in ["jacobian_const", "jacobian_self", "transpose_transpose", "zero_sub"] {
        #expect(isRefused(Toy.proof(X.transposed.transposed ==> X, [Toy.step(id, sizes: sizes)])) { _ in true })
      }
    }
  }

  // MARK: Differentiation

  private var notDifferentiated: Proof {
    let F = Formula.variable("F", "L", "d")
    return Toy.proof(
      F.jacobian(Q) ==> .zero(Size("L") * "d", Size("d") * "d_K"),
      [Toy.step("jacobian_const", [(Toy.A, F), (Toy.W, Q)])])
  }

  /// `∂F/∂W = 0` for a variable `F`; with `F := XWXᵀ…` it would be false.
  @Test func refusesCapture() throws {
    try notDifferentiated.replay(Toy.rules)
    let F = Formula.variable("F", "L", "d"), instance = X * Q * Q.transposed
    let zero = Formula.zero(Size("L") * "d", Size("d") * "d_K")
    #expect(
      isRefused(
        Toy.proof(instance.jacobian(Q) ==> zero, [Toy.lemmaStep(0, [(F, instance)])], lemmas: [notDifferentiated])
      ) {
        isCase($0, "captured")
      })
  }

  @Test func refusesToReplaceTheVariableOfDifferentiation() throws {
    let V = Formula.variable("V", "d", "d_K")
    let lemma = Toy.proof(
      X.jacobian(V) ==> .zero(Size("L") * "d", Size("d") * "d_K"),
      [Toy.step("jacobian_const", [(Toy.A, X), (Toy.W, V)])])
    try lemma.replay(Toy.rules)
    #expect(
      isRefused(Toy.proof(X.jacobian(Q) ==> lemma.judgement.right, [Toy.lemmaStep(0, [(V, Q)])], lemmas: [lemma])) {
        isCase($0, "captured")
      })
  }

  /// With `M := XW` at a point, `∂(XW)/∂W = ∂M/∂W = 0` would be false.
  @Test func refusesDefinitionsInsideDerivatives() throws {
    let zero = Formula.zero(Size("L") * "d_K", Size("d") * "d_K")
    let seed = Formula.symbol("G", "L", "d_K"), vector = (X * Q).vectorized
    let unit = Formula.symbol("g", 1, Size("L") * "d_K")
    let constant = Toy.step("jacobian_const", [(Toy.A, M), (Toy.W, Q)])
    let direct = Toy.proof((X * Q).jacobian(Q) ==> zero, [Toy.step("definition M", at: [0]), constant])
    let inPullback = Toy.proof(
      .pullback(X * Q, Q, seed) ==> .pullback(M, Q, seed), [Toy.step("definition M", at: [0])])
    let inContraction = Toy.proof(
      .contraction(unit, vector, Q) ==> .contraction(unit, M.vectorized, Q), [Toy.step("definition M", at: [1, 0])])
    let deep = Toy.proof(
      (X * Q).transposed.jacobian(Q).norm() ==> M.transposed.jacobian(Q).norm(),
      [Toy.step("definition M", at: [0, 0, 0])])
    let backward = Toy.proof(
      M.jacobian(Q) ==> (X * Q).jacobian(Q), [Toy.step("definition M", at: [0], going: .backward)])
    for proof in [direct, inPullback, inContraction, deep, backward] {
      #expect(isRefused(proof) { isCase($0, "differentiated") }, "\(proof.judgement)")
    }
    let lemma = Toy.proof(X * Q ==> M, [Toy.step("definition M")])
    let nested = Toy.proof(X * Q ==> M, [Toy.lemmaStep(0)], lemmas: [lemma])
    for lemma in [lemma, nested] {
      let proof = Toy.proof((X * Q).jacobian(Q) ==> zero, [Toy.lemmaStep(0, at: [0]), constant], lemmas: [lemma])
      #expect(isRefused(proof) { isCase($0, "differentiated") })
    }
  }

  /// Where the symbol of differentiation does not occur, or outside the derivative, a definition is harmless.
  @Test func acceptsDefinitionsBesideDerivatives() throws {
    let V = Formula.symbol("W_V", "d_V", "d_V"), seed = X * Q, inner = Formula.symbol("F", "L", "d_K")
    try Toy.proof((X * Q).jacobian(V) ==> M.jacobian(V), [Toy.step("definition M", at: [0])]).replay(Toy.rules)
    try Toy.proof(.pullback(inner, Q, seed) ==> .pullback(inner, Q, M), [Toy.step("definition M", at: [2])]).replay(
      Toy.rules)
    try Toy.proof(X * Q + inner ==> M + inner, [Toy.step("definition M", at: [0])]).replay(Toy.rules)
  }

  /// `W_Q = W_K` at the point does not make derivatives by them equal.
  @Test func refusesToRenameTheVariableOfDifferentiation() {
    let seed = Formula.symbol("G", "L", "d_K"), inner = X * Q
    let proofs = [
      Toy.proof(X.jacobian(Q) ==> X.jacobian(K), [Toy.step("tied", at: [1])]),
      Toy.proof(.pullback(inner, Q, seed) ==> .pullback(inner, K, seed), [Toy.step("tied", at: [1])]),
      Toy.proof(
        .contraction(.symbol("g", 1, "L"), X, Q) ==> .contraction(.symbol("g", 1, "L"), X, K),
        [Toy.step("tied", at: [2])]),
      Toy.proof(Q.jacobian(Q) ==> K.jacobian(Q), [Toy.step("tied", at: [0])]),
    ]
    for proof in proofs { #expect(isRefused(proof) { isCase($0, "differentiated") }, "\(proof.judgement)") }
  }

  // MARK: Substitution

  /// `X/d_K = Z` is not `X/5 = Z`.
  @Test func refusesDefinitionsAtOtherSizes() {
    let Z = Formula.symbol("Z", "L", "d")
    let proof = Toy.proof(
      X.scaled(by: Formula.size(5).inverse) ==> Z, [Toy.step("definition scaled", sizes: ["d_K": 5])])
    #expect(isRefused(proof) { isCase($0, "notApplicable") })
  }

  @Test func refusesDependentConstants() {
    let zero = Formula.zero(Size("L") * "d_K", Size("d") * "d_K")
    #expect(
      isRefused(Toy.proof((X * Q).jacobian(Q) ==> zero, [Toy.step("jacobian_const", [(Toy.A, X * Q), (Toy.W, Q)])])) {
        isCase($0, "notApplicable")
      })
  }

  @Test func aLemmaKeepsItsSizes() {
    let F = Formula.variable("F", "L", "L")
    let lemma = Toy.proof(F.transposed.transposed ==> F, [Toy.step("transpose_transpose", [(Toy.A, F)])])
    var step = Toy.lemmaStep(0, [(F, X)])
    #expect(
      isRefused(Toy.proof(X.transposed.transposed ==> X, [step], lemmas: [lemma])) { isCase($0, "notApplicable") })
    step = DerivationStep(.lemma(0), at: .root, Substitution(formulas: step.substitution.formulas, sizes: ["L": "d"]))
    #expect(
      isRefused(Toy.proof(X.transposed.transposed ==> X, [step], lemmas: [lemma])) { isCase($0, "notApplicable") })
  }

  /// A variable that only the right side names is quantified: it stays one.
  @Test func unboundVariablesStayVariables() throws {
    let zero = Formula.zero("L", "d"), B = Formula.variable("B", "L", "d")
    let step = Toy.step("zero_sub", sizes: ["m": "L", "n": "d"])
    try Toy.proof(zero ==> B - B, [step]).replay(Toy.rules)
    #expect(isRefused(Toy.proof(zero ==> X - X, [step])) { isCase($0, "wrongEnd") })
    try Toy.proof(zero ==> X - X, [Toy.step("zero_sub", [(Toy.B, X)])]).replay(Toy.rules)
    #expect(isRefused(Toy.proof(zero ==> B - X, [step])) { isCase($0, "wrongEnd") })
  }

  // MARK: Inequalities

  private var below: DerivationStep { Toy.step("norm_le_frobenius", [(Toy.A, X)]) }

  @Test func refusesInequalitiesInEqualities() {
    let proof = Toy.proof(X.norm() ==> X.norm(.frobenius), [below])
    #expect(isRefused(proof) { isCase($0, "notMonotone") })
    let lemma = Toy.proof(Judgement(X.norm(), .atMost, X.norm(.frobenius)), [below])
    #expect(
      isRefused(Toy.proof(X.norm() ==> X.norm(.frobenius), [Toy.lemmaStep(0)], lemmas: [lemma])) {
        isCase($0, "notMonotone")
      })
    #expect(
      isRefused(Toy.proof(lemma.judgement, [Toy.lemmaStep(0), Toy.lemmaStep(0)], lemmas: [lemma])) {
        isCase($0, "misplaced")
      })
    #expect(
      isRefused(
        Toy.proof(X.norm() ==> X.norm(.frobenius), [], lemmas: [Toy.proof(X.norm() ==> X.norm(.frobenius), [below])])
      ) {
        isCase($0, "notMonotone")
      })
  }

  @Test func refusesInequalitiesBackward() throws {
    let lemma = Toy.proof(Judgement(X.norm(), .atMost, X.norm(.frobenius)), [below])
    let wrong = Judgement(X.norm(.frobenius), .atMost, X.norm())
    let step = Toy.step("norm_le_frobenius", [(Toy.A, X)], going: .backward)
    #expect(isRefused(Toy.proof(wrong, [step])) { isCase($0, "notMonotone") })
    #expect(
      isRefused(Toy.proof(wrong, [Toy.lemmaStep(0, going: .backward)], lemmas: [lemma])) { isCase($0, "notMonotone") })
    let equality = Toy.proof(X.transposed.norm() ==> X.norm(), [Toy.step("norm_transpose", [(Toy.A, X)])])
    try Toy.proof(
      Judgement(X.norm(), .atMost, X.transposed.norm()), [Toy.lemmaStep(0, going: .backward)], lemmas: [equality]
    )
    .replay(Toy.rules)
  }

  @Test func refusesInequalitiesWhereNotMonotone() {
    let f = X.norm(), other = Q.norm()
    let contexts: [((Formula) -> Formula, [Int])] = [
      ({ -$0 }, [1]), ({ other - $0 }, [1, 1]), ({ $0.inverse }, [0]), ({ ($0 * Toy.bound).squareRoot }, [0, 0]),
      ({ $0 * .integer(-2) }, [0]),
      ({ $0 * Toy.bound }, [0]), ({ $0.scaled(by: Toy.bound) }, [1]), ({ $0.transposed }, [0]),
      ({ $0.mapped(.exponential) }, [0]),
      ({ $0.jacobian(X) }, [0]), ({ ($0 * .zero("L", "d").norm()).norm() }, [0, 0]), ({ $0 ⊙ other }, [0]),
      ({ $0 ⊗ other }, [0]),
      ({ .maximum([$0, .integer(-1) * other]) }, [0]), ({ .minimum([$0 * Toy.bound, other]) }, [0, 0]),
      ({ ($0 * Formula.ones(1, "d") * X.transposed * X * .ones("d", 1)) }, [0]),
      ({ .blocks([[$0, other]]).norm(.diameter) }, [0, 0]), ({ .blocks([[$0, other]]).norm(.rowRange) }, [0, 0]),
      ({ .blocks([[$0, -other]]).norm() }, [0, 0]), ({ .blocks([[$0], [Toy.bound]]).norm() }, [0, 0]),
      ({ (Formula.blocks([[$0, other]]) * .ones(2, 1)).norm() }, [0, 0, 0]),
      ({ Formula.blocks([[$0, other]]).transposed.norm() }, [0, 0, 0]),
      ({ .blocks([[.blocks([[$0]]), other]]).norm() }, [0, 0, 0]),
    ]
    for (context, path) in contexts {
      let proof = Toy.proof(
        Judgement(context(f).norm(), .atMost, context(X.norm(.frobenius)).norm()),
        [Toy.step("norm_le_frobenius", at: [0] + path, [(Toy.A, X)])])
      #expect(isRefused(proof) { isCase($0, "notMonotone") }, "\(proof.judgement)")
      guard context(f).shape == .scalar else { continue }
      let bare = Toy.proof(
        Judgement(context(f), .atMost, context(X.norm(.frobenius))),
        [Toy.step("norm_le_frobenius", at: path, [(Toy.A, X)])])
      #expect(isRefused(bare) { isCase($0, "notMonotone") }, "\(bare.judgement)")
    }
  }

  // MARK: Arithmetic

  private func arithmetic(_ s: Formula, _ t: Formula) -> Proof {
    Toy.proof(X.scaled(by: s) ==> X.scaled(by: t), [.arithmetic(s, t, at: Position([0]))])
  }

  @Test func acceptsEqualCoefficients() throws {
    try arithmetic(.integer(2) * .integer(4).inverse, .integer(2).inverse).replay(Toy.rules)
    try arithmetic(Formula.size("d").squareRoot * Formula.size("d").squareRoot, .size("d")).replay(Toy.rules)
  }

  @Test func refusesUnequalCoefficients() {
    let x = Formula.symbol("v", "L", 1), A = Formula.symbol("A", "L", "L"), B = Formula.symbol("B", "L", "L")
    let zero = Formula.size(0)
    let wrong: [(Formula, Formula)] = [
      (.integer(2), .integer(3)), (.integer(2), .integer(-2)), (.size("d"), .size("L")),
      (Formula.size("d").squareRoot, .size("d")),
      (zero * zero.inverse, .integer(1)), (zero * zero.inverse, zero * zero.inverse),
      (.integer(0) * .integer(0).inverse, .integer(1)),
      (x.transposed * A * B * x, x.transposed * B * A * x), (.integer(.max) * .integer(2), .integer(-2)),
      (.size(Size(.max) * 2), .size(Size(.max) * 3)),
      (Formula.integer(-1).squareRoot * Formula.integer(-1).squareRoot, .integer(1)),
    ]
    for (s, t) in wrong { #expect(isRefused(arithmetic(s, t)) { isCase($0, "notApplicable") }, "\(s) = \(t)") }
    let missing = DerivationStep(.arithmetic, at: Position([0]), Substitution())
    #expect(isRefused(Toy.proof(X.scaled(by: Toy.bound) ==> X, [missing])) { isCase($0, "notApplicable") })
    let unfit = DerivationStep.arithmetic(Q, Q, at: Position([1]))
    #expect(isRefused(Toy.proof(X * Q ==> X * Q, [unfit])) { isCase($0, "notApplicable") })
    let elsewhere = DerivationStep.arithmetic(.integer(2), .integer(4) * .integer(2).inverse, at: Position([1]))
    #expect(isRefused(Toy.proof(X.scaled(by: .integer(2)) ==> X, [elsewhere])) { isCase($0, "misplaced") })
  }

  @Test func errorsSayWhere() {
    let proof = Toy.proof(X.transposed.transposed ==> X, [transposeTwice, Toy.step("no_such_rule")])
    #expect { try proof.replay(Toy.rules) } throws: { "\($0)" == "step 1: there is no rule no_such_rule" }
  }
}
