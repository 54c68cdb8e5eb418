import Formulas
import Testing

@Suite struct FormulaDescriptionTests {
  private static let A = Sample.A, B = Sample.B, C = Sample.C, W = Sample.W, s = Sample.s, v = Sample.column
  private static let d = Formula.size("d")

  static let snapshots: [(Formula, String)] = [
    (A + B, "A + B"), (A - B, "A − B"), (-A + B, "−A + B"), (A * C, "A C"), ((A + B) * C, "(A + B) C"),
    (A ⊗ C, "A ⊗ C"), ((A + B) ⊗ C, "(A + B) ⊗ C"), ((A * C) ⊗ B, "A C ⊗ B"), ((A ⊗ C).transposed, "(A ⊗ C)ᵀ"),
    (A.transposed.transposed, "Aᵀᵀ"), ((A * C).transposed, "(A C)ᵀ"), (A ⊙ B, "A ⊙ B"), ((A ⊙ B) * C, "(A ⊙ B) C"),
    (A.vectorized, "vec_r(A)"), (v.diagonal, "diag(v)"), (.identity("n"), "I_{n}"), (.zero("m", "n"), "0"),
    (.ones("m", "n"), "1_{m×n}"), (.commutation("m", Size("n") * "r"), "K_{m,n·r}"), (.integer(-3), "-3"),
    (A.scaled(by: .integer(2)), "2·A"), (A.scaled(by: .integer(-2)), "−2·A"), (A.scaled(by: .integer(1)), "A"),
    (A.scaled(by: .integer(2) * .size(Size("L") * "d").inverse * d.squareRoot.inverse), "2/(L d √d)·A"),
    (A.scaled(by: .integer(-1) * .integer(2).inverse), "−1/2·A"), (d.inverse, "1/d"), (d.squareRoot, "√d"),
    (A.mapped(.exponential), "exp(A)"), (s.mapped(.positivePart), "max(s, 0)"), (A.jacobian(W), "∂[A]/∂W"),
    (.pullback(A, W, B), "∇_{W}⟨B, A⟩"), (A.norm(), "‖A‖₂"), (A.norm(.frobenius), "‖A‖_F"),
    (A.norm(.largestRow), "‖A‖_{2,∞}"), (A.norm(.rowSum), "‖A‖_∞"), (.maximum([s, s * s]), "max(s, s²)"),
    (.minimum([s]), "min(s)"), (.blockDiagonal([A, C]), "blkdiag(A, C)"),
    (.blocks([[A, B], [B, A]]), "[A, B; B, A]"),
    (Formula.size(Size("L") + 1) * s, "(1 + L) s"), (.symbol("W_Q^1", "d", "d_K"), "W_Q^1"),
    (.contraction(A, .symbol("E", Size("m") * "n", "r"), W), "(vec_r(A)ᵀ ⊗ I) ∂[E]/∂W"),
  ]

  @Test(arguments: snapshots) func snapshot(formula: Formula, text: String) { #expect(formula.description == text) }

  @Test func judgementsAndRules() {
    let judgement = Judgement(Self.A.norm(), .atMost, Self.A.norm(.frobenius))
    #expect(judgement.description == "‖A‖₂ ≤ ‖A‖_F")
    #expect("\(Self.A ==> Self.B)" == "A = B")
    #expect("\(Citation("horn1991", "§4.2"))" == "[horn1991, §4.2]")
  }
}
