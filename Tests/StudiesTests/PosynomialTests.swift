import Arithmetic
import Formulas
import Testing

@testable import Studies

@Suite struct PosynomialTests {
  private static let a = Formula.symbol("A", "m", "n").norm(), b = Formula.symbol("B", "m", "n").norm()

  @Test func sumsOfProductsAreRead() throws {
    let sum = try #require(Posynomial((Self.a + Self.b) * (Self.a + Self.b)))
    #expect(sum.terms.count == 3)
    #expect(sum.terms.map(\.lower).reduce(0, +) == 4)
    #expect(sum.terms.allSatisfy { $0.lower == $0.upper })
    #expect(Posynomial(.size("m") * Size("m").asFormula.inverse)?.terms.first?.monomial.powers.isEmpty == true)
    #expect(Posynomial(.integer(0))?.terms.isEmpty == true)
  }

  /// √6 is enclosed, not rounded.
  @Test func rootsOfNumbersAreEnclosed() throws {
    let term = try #require(Posynomial(Formula.integer(6).squareRoot)?.terms.first)
    #expect(term.lower < term.upper)
    #expect(term.lower * term.lower < 6 && term.upper * term.upper > 6)
    let exact = try #require(Posynomial(Formula.integer(9).squareRoot)?.terms.first)
    #expect(exact.lower == 3 && exact.upper == 3)
  }

  @Test func whatMayBeNegativeIsRefused() {
    #expect(Posynomial(.integer(-1)) == nil)
    #expect(Posynomial(Self.a - Self.b) == nil)
    #expect(Posynomial(.symbol("s", 1, 1)) == nil)
    #expect(Posynomial(.symbol("A", "m", "n")) == nil)
    #expect(Posynomial(.minimum([Self.a, .integer(-1)])) == nil)
    #expect(Posynomial(.integer(0).inverse) == nil)
  }

  @Test func aRootOfASumIsNoSumOfRootsBelow() {
    #expect(Posynomial((Self.a * Self.a + Self.b).squareRoot) == nil)
    #expect(Posynomial((Self.a * Self.a + Self.b * Self.b).squareRoot, isUpper: true)?.terms.count == 2)
  }
}

extension Size {
  fileprivate var asFormula: Formula { .size(self) }
}
