import Formulas
import Testing

/// Constructors flatten and never simplify; equality is structural.
@Suite struct FormulaTests {
  private let A = Sample.A, B = Sample.B, C = Sample.C, D = Sample.D, s = Sample.s

  @Test func associativeOperatorsFlatten() {
    #expect((A + B) + (A + B) == .sum([A, B, A, B]))
    #expect((A * C) * D == .product([A, C, D]))
    #expect(A * (C * D) == .product([A, C, D]))
    let left = (A ⊗ B) ⊗ C, right = A ⊗ (B ⊗ C)
    #expect(left == right)
    #expect((A + B).operands.count == 2)
    #expect(((A * C) * (D * A)).operands == [A, C, D, A])
  }

  @Test func nothingElseFlattens() {
    #expect((A + B) * C != A * C + B * C)
    let hadamard = (A ⊙ B) ⊙ A
    #expect(hadamard.operands == [A ⊙ B, A])
    #expect(A.scaled(by: s).scaled(by: s).operands[1] == A.scaled(by: s))
    #expect((A * C).transposed.operands == [A * C])
  }

  @Test func nothingIsSimplified() {
    let kept: [(Formula, Operator.Kind, Int)] = [
      (A + .zero("m", "n"), .sum, 2), (.identity("m") * A, .product, 2), (A.scaled(by: .integer(1)), .scale, 2),
      (A.scaled(by: .integer(0)), .scale, 2), (A.transposed.transposed, .transpose, 1), (A - A, .sum, 2),
      (.identity(1) ⊗ A, .kronecker, 2), (.integer(2) * .integer(3), .product, 2), (.integer(2) + .integer(3), .sum, 2),
      (A.vectorized.vectorized, .vectorize, 1), (Formula.identity("n").transposed, .transpose, 1),
      (.maximum([s]), .maximum, 1), (Formula.commutation(1, "n"), .commutation, 0), (.zero("m", "n") * C, .product, 2),
    ]
    for (formula, kind, count) in kept {
      #expect(formula.kind == kind, "\(formula)")
      #expect(formula.operands.count == count, "\(formula)")
    }
  }

  @Test func equalityIsStructural() {
    #expect(A == Formula.symbol("A", "m", "n"))
    #expect(A != Formula.symbol("A", "m", "r"))
    #expect(A != Formula.variable("A", "m", "n"))
    #expect(A + B != B + A)
    #expect(Formula.integer(1) != .size(1))
    #expect(A.norm(.spectral) != A.norm(.frobenius))
    #expect(Formula.maximum([s, s]) != .minimum([s, s]))
    #expect(Set([A + B, .sum([A, B]), B + A]).count == 2)
  }

  @Test func whatOccurs() {
    let V = Formula.variable("V", "n", "r"), W = Sample.W
    let f = (A * V + B * V) * D
    #expect(f.symbols.map(\.name) == ["A", "B", "D"])
    #expect(f.variables.map(\.name) == ["V"])
    #expect(f.contains(V) && f.contains(A) && !f.contains(C) && !f.contains(.symbol("V", "n", "r")))
    #expect((A + A).sharedNodeCount == 2)
    #expect(f.containsSubformula { $0.kind == .sum } && !f.containsSubformula { $0.kind == .norm })
    #expect(W.isVariable && V.isVariable && !(-W).isVariable && !Formula.integer(1).isVariable)
  }

  @Test func whatIsDifferentiated() {
    let W = Sample.W, G = Formula.variable("G", "m", "n"), block = Formula.symbol("E", Size("m") * "n", "r")
    #expect((A * C).jacobian(W).differentiates(C) && (A * C).jacobian(W).differentiates(W))
    #expect(!(A.jacobian(W)).differentiates(B))
    let pullback = Formula.pullback(A, W, G)
    #expect(pullback.differentiates(A) && pullback.differentiates(W) && !pullback.differentiates(G))
    #expect(pullback.jacobian(W).differentiates(G))
    let contraction = Formula.contraction(G, block, W)
    #expect(contraction.differentiates(block) && contraction.differentiates(W) && !contraction.differentiates(G))
    #expect(
      Formula.contraction(pullback.transposed.transposed, Formula.symbol("E", Size("p") * "q", "r"), W).differentiates(
        A))
    #expect((A * G.transposed).transposed.norm().differentiates(G) == false)
  }

  @Test func replacesSymbols() {
    let f = (A + B) * C
    #expect(f.replacing([A: B]) == (B + B) * C)
    #expect(f.replacing([D: A]) == f)
    #expect(f.replacing([A: B, B: A]) == (B + A) * C)
    #expect((A + B).replacing([A: A + B]) == .sum([A, B, B]))
  }

  @Test func substitutesSizes() {
    let f = (Formula.identity("m") * A * .ones("n", "n")).scaled(by: .size("n")) + .zero("m", "n")
    let special = f.substituting(sizes: ["n": "m"])
    #expect(special.shape == Shape("m", "m"))
    #expect(special.symbols.map(\.shape) == [Shape("m", "m")])
    #expect(f.substituting(sizes: [:]) == f)
    #expect(Formula.commutation("m", "n").substituting(sizes: ["m": 2]) == .commutation(2, "n"))
  }
}
