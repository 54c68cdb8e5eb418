import Formulas
import Testing

@testable import Typesetting

@Suite struct ProofLaTeXTests {
  @Test func groupsBookkeeping() throws {
    let outline = try ProofOutline(ToyLaws.mixedProduct, ToyLaws.rules)
    #expect(outline.stages.count == 1)
    #expect(outline.stages[0].laws.map(\.count) == [1])
    #expect(outline.stages[0].bookkeeping.map(\.count) == [1, 1])
    #expect(outline.stages[0].formula == ToyLaws.mixedProduct.judgement.right)
  }

  @Test func typesetsTheChain() throws {
    let expected = #"""
      \begin{numbered}{Theorem 1}[{A mixed product with 100\% of its factors}]
      \[ (P \otimes Q) (I_{b} \otimes (R S)^{\top}) = P \otimes Q S^{\top} R^{\top} \]
      \end{numbered}
      \begin{proof}
      \begin{align*}
        & (P \otimes Q) (I_{b} \otimes (R S)^{\top}) \\
        & = P \otimes Q S^{\top} R^{\top} \tag*{\step{1}{\hyperlink{law:kronecker-mul-kronecker}{\textsf{kronecker\_\allowbreak mul\_\allowbreak kronecker}} $+$ 2}}
      \end{align*}
      \bookkeeping{(1) \hyperlink{law:mul-identity}{\textsf{mul\_\allowbreak identity}}, \hyperlink{law:transpose-mul}{\textsf{transpose\_\allowbreak mul}}}
      \end{proof}

      """#
    let latex = try ToyLaws.mixedProduct.latex(
      ToyLaws.rules, heading: "Theorem 1", references: ProofReferences(laws: Set(ToyLaws.rules.keys)))
    #expect(latex == expected)
  }

  @Test func namesLemmas() throws {
    let latex = try ToyLaws.bound.latex(ToyLaws.rules)
    #expect(latex.contains(#"\begin{numbered}{Lemma 1}[{folding the output}]"#))
    #expect(
      latex.contains(#"\lVert X W_V \rVert_2 \tag*{\step{1}{\textsf{norm\_\allowbreak mul\_\allowbreak le} $+$ 1}}"#))
    #expect(latex.contains(#"\bookkeeping{(1) Lemma~1\,$\leftarrow$}"#))
  }

  @Test func statesRulesWithTheirShapes() {
    let product = ToyLaws.all[4].latex()
    #expect(
      product.contains(#"$A : m \times n$, $C : n \times k$, $W : u \times v$, where $C$ does not depend on $W$."#))
    #expect(product.contains(#"The product rule with one vanishing term, 100\% of it."#))
    #expect(ToyLaws.all[0].latex().contains(#"See~\cite[{\S{}2.2}]{magnus2019}."#))
    #expect(ToyLaws.all[3].latex().contains(#"s (t A) = (s t) A"#))
    #expect(ToyLaws.all[3].latex().contains("bookkeeping"))
    #expect(ToyLaws.all[6].latex().contains("definition"))
  }

  @Test func textShowsGroupsOrSteps() throws {
    let expected = """
      A mixed product with 100% of its factors
        (P ⊗ Q) (I_{b} ⊗ (R S)ᵀ) = P ⊗ Q Sᵀ Rᵀ

          (P ⊗ Q) (I_{b} ⊗ (R S)ᵀ)
        = P ⊗ Q Sᵀ Rᵀ
            [kronecker_mul_kronecker; bookkeeping: mul_identity, transpose_mul]

      """
    let grouped = try ToyLaws.mixedProduct.text(ToyLaws.rules)
    #expect(grouped == expected)
    let steps = try ToyLaws.bound.text(ToyLaws.rules, everyStep: true)
    #expect(steps.contains("  1. Lemma 1 ←\n     F = A X W_V\n"))
    #expect(steps.contains("  2. norm_mul_le\n     ‖A X W_V‖₂ ≤ ‖A‖₂ ‖X W_V‖₂\n"))
  }

  @Test func showsOnlyTheChangedPartOfALongFormula() throws {
    let (A, W) = (Sample.A * Sample.X * Sample.V, Sample.F)
    let rest = Formula.sum((0..<40).map { .symbol("C_\($0)", "L", "d_V") })
    let fold = DerivationStep(.rule("attention"), at: Position([0]), Substitution())
    let foldAgain = DerivationStep(.rule("attention"), .backward, at: Position([0]), Substitution())
    let proof = Proof(title: "", Judgement(A + rest, .equal, A + rest), steps: [fold, foldAgain])
    let latex = try proof.latex(ToyLaws.rules, contextLines: 2)
    #expect(
      latex.contains("  & \\text{inside: } A X W_V \\\\\n  & = \(W.latex()) \\tag*{\\step{1}{definition of $F$}}"))
    #expect(latex.ranges(of: "C_{39}").count == 4)
    #expect(try proof.latex(ToyLaws.rules, contextLines: 100).ranges(of: "C_{39}").count == 5)
  }

  @Test func aProofThatDoesNotFollowIsAnError() {
    let wrong = Proof(title: "wrong", ToyLaws.mixedProduct.judgement, steps: [])
    #expect(throws: ProofError.self) { try wrong.latex(ToyLaws.rules) }
    #expect(throws: ProofError.self) { try ToyLaws.mixedProduct.text([:]) }
  }
}
