import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Testing

@Suite struct AbbreviationTests {
  private let A = Formula.symbol("A", "L", "L"), X = Formula.symbol("X", "L", "d"), W = Formula.symbol("W", "d", "k")

  @Test func foldsTheFormulaAndItsTranspose() throws {
    let M = Abbreviation("M", A * X)
    #expect(M.name == .symbol("M", "L", "d"))
    #expect(M.transposed.judgement == (M.name.transposed ==> X.transposed * A.transposed))
    var derivation = Derivation(W.transposed * X.transposed * A.transposed * A * X * W)
    derivation.fold([M])
    #expect(derivation.current == W.transposed * M.name.transposed * M.name * W)
    let rules = Laws.byID.merging([M.definition.id: M.definition]) { $1 }
    try derivation.proof("folded").replay(rules)
    var generator = SplitMix64(seed: 1)
    var point = Environment<Modular>(sizes: ["L": 2, "d": 3, "k": 4])
    try point.draw(derivation.start.symbols, using: &generator)
    try point.define(M.definition)
    #expect(try derivation.proof("folded").check(rules, at: point) >= 2)
  }

  @Test func foldsInOrder() throws {
    let S = Abbreviation("S", A + A.transposed), M = Abbreviation("M", .symbol("S", "L", "L") * X)
    var derivation = Derivation((A + A.transposed) * X)
    derivation.fold([S, M])
    #expect(derivation.current == M.name)
    var other = Derivation((A + A.transposed) * X)
    other.fold([M, S])
    #expect(other.current == S.name * X)
  }

  @Test func whatDoesNotOccurIsLeft() {
    var derivation = Derivation(X * W)
    derivation.fold([Abbreviation("M", A * X)])
    #expect(derivation.current == X * W)
    #expect(derivation.steps.isEmpty && derivation.lemmas.isEmpty)
  }

  /// A definition holds at the point: folding it into a derivative by what it names is refused when replayed.
  @Test func foldedDerivativesAreRefused() {
    let M = Abbreviation("M", A * X)
    var derivation = Derivation((A * X).jacobian(X))
    derivation.fold([M])
    derivation.normalize(Laws.calculus)
    #expect(derivation.current.kind == .zero)
    let rules = Laws.byID.merging([M.definition.id: M.definition]) { $1 }
    #expect(throws: ProofError.self) { try derivation.proof("∂(AX)/∂X = 0").replay(rules) }
  }
}
