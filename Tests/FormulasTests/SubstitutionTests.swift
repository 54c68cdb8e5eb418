import Formulas
import Testing

@Suite struct SubstitutionTests {
  private let X = Formula.variable("X", "m", "n"), Y = Formula.variable("Y", "n", "r")
  private let A = Formula.symbol("A", "L", "d"), B = Formula.symbol("B", "d", "d_V")
  private func symbol(_ name: String, _ rows: Size, _ columns: Size) -> Symbol { Symbol(name, Shape(rows, columns)) }

  @Test func instantiates() throws {
    let substitution = Substitution(
      formulas: [symbol("X", "m", "n"): A, symbol("Y", "n", "r"): B], sizes: ["m": "L", "n": "d", "r": "d_V"])
    #expect(try substitution.instance(of: X * Y).get() == A * B)
    #expect(try substitution.instance(of: (X * Y).norm()).get() == (A * B).norm())
    #expect(try substitution.instance(of: .identity("m") * X).get() == .identity("L") * A)
    #expect(try substitution.instance(of: .zero("m", "r")).get() == .zero("L", "d_V"))
    #expect(try substitution.instance(of: .ones("m", Size("n") * "r")).get() == .ones("L", Size("d") * "d_V"))
    #expect(try substitution.instance(of: .commutation("m", "n")).get() == .commutation("L", "d"))
    #expect(try substitution.instance(of: .size(Size("m") + "n")).get() == .size(Size("L") + "d"))
    #expect(try substitution.instance(of: .integer(3)).get() == .integer(3))
  }

  @Test func unboundVariablesStay() throws {
    let substitution = Substitution(formulas: [symbol("X", "m", "n"): A], sizes: ["m": "L", "n": "d"])
    #expect(try substitution.instance(of: X * Y).get() == A * .variable("Y", "d", "r"))
    #expect(try Substitution().instance(of: X * Y).get() == X * Y)
  }

  @Test func symbolsAreNotReplaced() throws {
    let substitution = Substitution(formulas: [symbol("A", "L", "d"): B], sizes: ["L": 3])
    #expect(try substitution.instance(of: A).get() == A)
  }

  @Test func refusesWhatDoesNotFit() {
    let shape = symbol("X", "m", "n")
    let misfits: [(Substitution, Formula)] = [
      (Substitution(formulas: [shape: A]), X),
      (Substitution(formulas: [shape: A], sizes: ["m": "d", "n": "L"]), X),
      (Substitution(formulas: [shape: A], sizes: ["m": "L", "n": "d"]), X * .symbol("Z", "n", "n")),
      (Substitution(formulas: [shape: A, symbol("Y", "n", "r"): A], sizes: ["m": "L", "n": "d", "r": "d"]), X * Y),
      (Substitution(formulas: [shape: A * B], sizes: ["m": "L", "n": "d_V"]), Formula.symbol("F", 1, 1).jacobian(X)),
      (Substitution(formulas: [:], sizes: ["n": "r"]), X * .symbol("Z", "n", "n")),
    ]
    for (substitution, pattern) in misfits {
      guard case .failure(let error) = substitution.instance(of: pattern) else {
        Issue.record("\(pattern) took \(substitution)")
        continue
      }
      #expect(error.description.contains("does not accept"))
    }
  }

  @Test func hugeSizesDoNotTrap() {
    let substitution = Substitution(sizes: ["m": Size(.max), "n": Size(.max) * 2, "p": Size(.max)])
    guard case .success(let formula) = substitution.instance(of: .identity(Size("m") * "n") ⊗ .commutation("n", "p"))
    else {
      Issue.record("refused")
      return
    }
    #expect(formula.shape.rows.value { ["m": 1][$0] } == nil)
  }
}
