import Formulas
import Testing

@Suite struct CoefficientTests {
  private let d = Formula.size("d"), L = Formula.size("L"), s = Sample.s, t = Sample.t
  private func integer(_ n: Int) -> Formula { .integer(n) }

  private func text(_ formula: Formula) -> String? { Coefficient(formula).map { "\($0.formula)" } }

  @Test func fractions() {
    #expect(text(integer(2) * integer(4).inverse) == "1/2")
    #expect(text(integer(6) * integer(4).inverse) == "3/2")
    #expect(Coefficient(integer(6) * integer(4).inverse) == Coefficient(integer(3) * integer(2).inverse))
    #expect(Coefficient(integer(2) * integer(2).inverse)?.isOne == true)
    #expect(Coefficient(integer(4).inverse.inverse) == Coefficient(integer(4)))
    #expect(Coefficient((integer(2) * integer(3)).inverse) == Coefficient(integer(2).inverse * integer(3).inverse))
    #expect(Coefficient(integer(2)) != Coefficient(integer(3)))
    #expect(Coefficient(.size(Size(2) * "d")) == Coefficient(integer(2) * d))
  }

  @Test func halfPowers() {
    let root = d.squareRoot
    #expect(Coefficient(root * root) == Coefficient(d))
    #expect(Coefficient(root.inverse * root.inverse) == Coefficient(d.inverse))
    #expect(Coefficient(d * root.inverse) == Coefficient(root))
    #expect(Coefficient((d * L).squareRoot) == Coefficient(root * L.squareRoot))
    #expect(Coefficient(.size(Size("d") * "d").squareRoot) == Coefficient(d))
    #expect(Coefficient(d * d.inverse)?.isOne == true)
    #expect(text(d * root) == "d √d")
    #expect(Coefficient(root) != Coefficient(L.squareRoot))
    #expect(Coefficient(root) != Coefficient(root.inverse))
  }

  @Test func signsAndZero() {
    #expect(Coefficient(integer(-1) * integer(-1))?.isOne == true)
    #expect(Coefficient(integer(-2).inverse) == Coefficient(integer(-1) * integer(2).inverse))
    #expect(Coefficient(integer(-2)) != Coefficient(integer(2)))
    #expect(Coefficient(integer(0) * s)?.formula == .integer(0))
    #expect(Coefficient(integer(0) * d.inverse) == Coefficient(integer(0)))
  }

  /// What has no value, or whose canonical form does not fit, has no canonical form.
  @Test func refusals() {
    let refused: [Formula] = [
      integer(0).inverse, integer(0) * integer(0).inverse, (integer(2) * integer(0)).inverse, Formula.size(0).inverse,
      integer(.max) * integer(2), integer(.min) * integer(-1), (integer(.max) * integer(2)).inverse,
      integer(-2).squareRoot.inverse, integer(0).squareRoot.inverse, s.inverse, s.squareRoot.inverse,
      .size(Size("L") + "d").inverse, (s * t).inverse,
      (Sample.column.transposed * Sample.column).inverse, Sample.A,
    ]
    for formula in refused { #expect(Coefficient(formula) == nil, "\(formula)") }
  }

  /// Roots of positive integers multiply; square factors leave them.
  @Test func rootsOfIntegers() {
    #expect(Coefficient(integer(2).squareRoot * integer(2).squareRoot) == Coefficient(integer(2)))
    #expect(Coefficient(integer(12).squareRoot) == Coefficient(integer(2) * integer(3).squareRoot))
    #expect(
      Coefficient(integer(6).squareRoot * integer(10).squareRoot) == Coefficient(integer(2) * integer(15).squareRoot))
    #expect(Coefficient(integer(2).squareRoot.inverse) == Coefficient(integer(2).squareRoot * integer(2).inverse))
    #expect(Coefficient(integer(8).squareRoot * integer(2).squareRoot.inverse) == Coefficient(integer(2)))
    #expect(Coefficient(integer(2).squareRoot) != Coefficient(integer(3).squareRoot))
    #expect(Coefficient(integer(2).squareRoot) != Coefficient(integer(2)))
    #expect(Coefficient(integer(2).squareRoot * d.squareRoot) != Coefficient(d.squareRoot))
  }

  /// A root that is no size's and no positive integer's is a factor like any other: two do not become its square.
  @Test func otherRoots() {
    for formula in [integer(-1).squareRoot, d.squareRoot.squareRoot, s.squareRoot] {
      #expect(Coefficient(formula)?.others == [formula])
      #expect(Coefficient(formula * formula)?.others == [formula, formula])
    }
  }

  @Test func extremeIntegersDoNotTrap() {
    let extremes = [
      integer(.min), integer(.max), integer(-1), integer(.min).inverse, integer(.max).inverse, integer(2).inverse,
    ]
    for a in extremes {
      for b in extremes {
        guard let coefficient = Coefficient(a * b) else { continue }
        #expect(Coefficient(coefficient.formula) != nil)
      }
    }
  }

  @Test func otherFactorsCommuteAsNumbers() {
    #expect(Coefficient(s * t) == Coefficient(t * s))
    #expect(Coefficient(s * integer(2) * t.scaled(by: d)) == Coefficient(integer(2) * d * t * s))
    #expect(Coefficient(s * s) != Coefficient(s))
    let norm = Sample.A.norm(), square = Sample.column.transposed * Sample.column
    #expect(Coefficient(norm * square) == Coefficient(square * norm))
  }

  /// A number such as `xᵀABx` is one factor: the matrices in it do not commute.
  @Test func matricesInANumberKeepTheirOrder() {
    let x = Sample.column, A = Formula.symbol("A", "n", "n"), B = Formula.symbol("B", "n", "n")
    #expect(Coefficient(x.transposed * A * B * x) != Coefficient(x.transposed * B * A * x))
    #expect(Coefficient(x.transposed * A * x * s) == Coefficient(s * x.transposed * A * x))
    let y = Formula.symbol("y", "n", 1)
    #expect(Coefficient(x.transposed * x * y.transposed * y) == Coefficient(y.transposed * y * x.transposed * x))
    #expect(Coefficient(x.transposed * y * y.transposed * x) != Coefficient(x.transposed * x * y.transposed * y))
  }

  @Test func canonicalFormsAreCanonical() throws {
    var generator = SeededGenerator(seed: 5)
    func factor() -> Formula {
      switch generator.below(8) {
      case 0: return integer(generator.below(13) - 6)
      case 1: return .integer(generator.below(12) + 1).inverse
      case 2: return d
      case 3: return L.squareRoot
      case 4: return d.squareRoot.inverse
      case 5: return .size(Size("L") * "d").inverse
      case 6: return s
      default: return .size(Size("L") * Size(3))
      }
    }
    for _ in 0..<400 {
      let factors = (0..<(1 + generator.below(6))).map { _ in factor() }
      let formula = Formula.product(factors)
      let coefficient = try #require(Coefficient(formula), "\(formula)")
      #expect(Coefficient(coefficient.formula) == coefficient, "\(formula)")
      #expect(Coefficient(coefficient.formula)?.formula == coefficient.formula)
      #expect(Coefficient(.product(factors.reversed())) == coefficient)
    }
  }
}
