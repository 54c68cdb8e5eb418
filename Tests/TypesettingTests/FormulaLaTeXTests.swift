import Formulas
import Testing

@testable import Typesetting

@Suite struct FormulaLaTeXTests {
  let A = Sample.square("A"), B = Sample.square("B"), C = Sample.square("C")
  let x = Sample.number("x"), y = Sample.number("y")

  @Test func printsEveryOperator() {
    let column = Formula.symbol("v", "n", 1)
    let softmax = Function("softmax") { $0[0] }
    let expected: [(Formula, String)] = [
      (A, "A"), (.variable("B", "m", "n"), "B"), (.integer(7), "7"), (.integer(-7), "-7"),
      (.size("L" * "d_V"), "L d_V"), (.identity("d" * "d_K"), "I_{d d_K}"), (.zero("m", "n"), "0"),
      (.ones("L", "d_K"), "\\mathbf{1}_{L \\times d_K}"), (.commutation("d", "d_K"), "K_{d, d_K}"),
      (A + B, "A + B"), (A * B, "A B"), (A.scaled(by: x), "x A"), (A ⊙ B, "A \\odot B"), (A ⊗ B, "A \\otimes B"),
      (A.transposed, "A^{\\top}"), (A.vectorized, "\\operatorname{vec}_r(A)"),
      (column.diagonal, "\\operatorname{diag}(v)"), (.blockDiagonal([A, B]), "\\operatorname{blkdiag}(A, B)"),
      (.blocks([[A, B], [C, A]]), "\\begin{pmatrix} A & B \\\\ C & A \\end{pmatrix}"),
      (A.mapped(.exponential), "\\exp(A)"), (x.inverse, "\\frac{1}{x}"), (A.inverse, "A^{\\odot(-1)}"),
      (x.squareRoot, "\\sqrt{x}"), (A.squareRoot, "A^{\\odot 1/2}"), (A.mapped(.positivePart), "[A]_{+}"),
      (softmax(A), "\\operatorname{softmax}(A)"), (A.jacobian(B), "\\frac{\\partial A}{\\partial B}"),
      (.pullback(A, B, C), "\\nabla_{B}\\langle C, A \\rangle"),
      (
        .contraction(.symbol("G", "n", "n"), .symbol("J", "n" * "n", "k"), B),
        "(\\operatorname{vec}_r(G)^{\\top} \\otimes I_{k}) \\frac{\\partial J}{\\partial B}"
      ),
      (A.norm(), "\\lVert A \\rVert_2"), (A.norm(.frobenius), "\\lVert A \\rVert_F"),
      (A.norm(.largestRow), "\\lVert A \\rVert_{2,\\infty}"), (A.norm(.rowSum), "\\lVert A \\rVert_\\infty"),
      (.maximum([x, y]), "\\max(x, y)"), (.minimum([x, y]), "\\min(x, y)"),
    ]
    for (formula, latex) in expected { #expect(formula.latex() == latex, "\(formula)") }
  }

  @Test func writesParenthesesOnlyWhereNeeded() {
    let expected: [(Formula, String)] = [
      ((A + B) * C, "(A + B) C"), (A * B + C, "A B + C"), (A - (B + C), "A - (B + C)"), (A - B, "A - B"),
      ((A * B) ⊗ C, "A B \\otimes C"), ((A ⊗ B) * .symbol("D", "n" * "n", "k"), "(A \\otimes B) D"),
      ((A * B).transposed, "(A B)^{\\top}"), (A.transposed.transposed, "(A^{\\top})^{\\top}"),
      ((A + B) ⊗ C, "(A + B) \\otimes C"), ((A ⊙ B) * C, "(A \\odot B) C"), (A * B ⊙ C, "A B \\odot C"),
      (A ⊙ B ⊙ C, "A \\odot B \\odot C"), (A ⊙ (B ⊙ C), "A \\odot (B \\odot C)"),
      ((A + B).scaled(by: .integer(2)), "2 (A + B)"), (-(A + B), "-(A + B)"), (-A * B, "(-A) B"),
      (A * B.scaled(by: .integer(2)), "A (2 B)"), (A.norm() * A.norm(), "\\lVert A \\rVert_2^{2}"),
      (Formula.symbol("W_Q^1", "n", "n").transposed, "W_Q^{(1)\\top}"),
      (A.jacobian(B).transposed, "\\left(\\frac{\\partial A}{\\partial B} \\right)^{\\top}"),
      ((A * B).jacobian(C), "\\frac{\\partial (A B)}{\\partial C}"),
      (A.jacobian(B).jacobian(C), "\\frac{\\partial^{2} A}{\\partial B \\, \\partial C}"),
      (.product([x, .sum([x, y])]), "x (x + y)"), (.product([x, .integer(-3)]), "-3 x"),
    ]
    for (formula, latex) in expected { #expect(formula.latex() == latex, "\(formula)") }
  }

  @Test func breaksALongOperandOfADerivativeOutOfTheNumerator() {
    let long = Sample.A * Sample.X * Sample.V + Sample.F + Sample.Y + Sample.F
    #expect(long.jacobian(Sample.Q).latex() == "\\frac{\\partial}{\\partial W_Q}[A X W_V + F + Y + F]")
  }

  @Test func gathersCoefficientsIntoOneFraction() {
    let root = Formula.size("d_K").squareRoot.inverse
    let gauss = A.scaled(by: root).scaled(by: Sample.meanSquare)
    #expect(gauss.latex() == "\\frac{2}{L d_V \\sqrt{d_K}} A")
    #expect((A - B.scaled(by: .product([.integer(-1), .integer(2).inverse]))).latex() == "A + \\frac{1}{2} B")
    #expect((-(A.scaled(by: Formula.integer(2).inverse))).latex() == "-\\frac{1}{2} A")
    #expect(A.scaled(by: .product([.integer(2), .integer(4).inverse])).latex() == "\\frac{1}{2} A")
    #expect(A.scaled(by: .size("L" * "d_V" + "d")).latex() == "(d + L d_V) A")
    let r = Sample.number("R_max")
    let w = Sample.number("W_max")
    let s = Sample.number("X_max")
    let term = Formula.product([
      .integer(2), r, w.power(3), s.power(5), Formula.size("L" * "d_V").inverse, Formula.size("d_K").inverse,
    ])
    #expect(term.latex() == "\\frac{2 R_{\\max} W_{\\max}^{3} X_{\\max}^{5}}{L d_V d_K}")
    #expect(Formula.product([x, x, x, x]).latex() == "x^{4}")
    #expect(Formula.product([x, (x + y).inverse]).latex() == "\\frac{x}{x + y}")
    #expect(Formula.product([x, (x + y).inverse, y.inverse]).latex() == "\\frac{x}{(x + y) y}")
    #expect(Formula.integer(0).scaled(by: x).latex() == "0 x")
    #expect(Formula.product([.integer(Int.max), .integer(Int.max)]).latex().contains("\\cdot"))
    #expect(Formula.integer(Int.min).latex() == "-9223372036854775808")
  }

  @Test func keepsGroupingInLiteralNotation() {
    let literal = Notation.paper.literal
    let nested = A.scaled(by: y).scaled(by: x)
    let joint = A.scaled(by: .product([x, y]))
    #expect(nested.latex(literal) == "x (y A)")
    #expect(joint.latex(literal) == "(x y) A")
    #expect((A * B).scaled(by: x).latex(literal) == "x (A B)")
    #expect((A.scaled(by: x) * B).latex(literal) == "(x A) B")
    #expect(Formula.product([.integer(2), .integer(3)]).latex(literal) == "2 \\cdot 3")
    #expect((-A).latex(literal) == "-A")
  }

  @Test func abbreviatesInsideAFormula() {
    let notation = Notation(abbreviations: [A * B: C, C.transposed: A])
    #expect((A * B).jacobian(B).latex(notation) == "\\frac{\\partial C}{\\partial B}")
    #expect((A * B).latex(notation) == "A B")
    #expect(C.transposed.norm().latex(notation) == "\\lVert A \\rVert_2")
  }

  @Test func findsTheChangedPart() {
    func part(_ a: Formula, _ b: Formula) -> [String] {
      let p = a.changedPart(from: b)
      return [p.old.description, p.new.description]
    }
    #expect(part(A * B * C, A * C * C) == ["B", "C"])
    #expect(part((A * B).transposed + C, (B * B).transposed + C) == ["A", "B"])
    #expect(part(A * B, A * C * B) == ["B", "C B"])
    #expect(part(A + B + C, A + C) == ["B + C", "C"])
    #expect(part(A, B) == ["A", "B"])
    #expect(part(A * B, B * A) == ["A B", "B A"])
    #expect(part(A.scaled(by: x) + C, A.scaled(by: y) + C) == ["x", "y"])
  }

  @Test func takesACallersStyleForFunctions() {
    let jacobian = Function("softmaxJacobian") { $0[0] }
    let notation = Notation(functions: [
      "softmaxJacobian": { operands, latex in "\\frac{\\partial \(latex(operands[0]))}{\\partial T}" }
    ])
    #expect(jacobian(A).latex(notation) == "\\frac{\\partial A}{\\partial T}")
    #expect(jacobian(A).transposed.latex(notation) == "\\left(\\frac{\\partial A}{\\partial T} \\right)^{\\top}")
    let enclosed = Notation(functions: [
      "softmaxJacobian": { operands, _ in .enclosed(prefix: "\\mathcal{D}", operands) }
    ])
    #expect(jacobian(A).latex(enclosed) == "\\mathcal{D}(A)")
    let named = Notation(functions: ["softmaxJacobian": { _, _ in "A + B" }])
    #expect((jacobian(A) * B).latex(named) == "(A + B) B")
  }
}
