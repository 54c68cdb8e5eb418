import Arithmetic
import Evaluation
import Formulas
import Testing

/// Canonical forms of coefficients have the value of what they are made from.
@Suite struct CoefficientValueTests {
  @Test func valuesAreKept() throws {
    var generator = SplitMix64(seed: 11)
    let d = Formula.size("d"), L = Formula.size("L"), v = Formula.symbol("v", "d", 1), A = Formula.symbol("A", "d", "d")
    let quadratic = v.transposed * A * v, s = Formula.symbol("s", 1, 1)
    // √4 and √9 are rational.
    var point = Environment<Rational>(sizes: ["d": 4, "L": 9])
    try point.draw(v.symbols + A.symbols + s.symbols, using: &generator)
    let factors = [
      .integer(-3), .integer(4), Formula.integer(6).inverse, Formula.integer(-2).inverse, d, L, d.squareRoot,
      L.squareRoot.inverse,
      (d * L).squareRoot, Formula.size(Size("d") * "L").inverse, quadratic, s, s.scaled(by: d.inverse),
      .size(Size("d") + "L"),
    ]
    for _ in 0..<300 {
      let formula = Formula.product(
        (0..<(1 + generator.uniform(below: 7))).map { _ in factors[generator.uniform(below: factors.count)] })
      let canonical = try #require(Coefficient(formula)).formula
      #expect(try canonical.value(in: point) == formula.value(in: point), "\(formula) became \(canonical)")
    }
  }

  /// Formulas with equal canonical forms have equal values.
  @Test func equalMeansEqual() throws {
    var generator = SplitMix64(seed: 12)
    let v = Formula.symbol("v", "d", 1), A = Formula.symbol("A", "d", "d"), B = Formula.symbol("B", "d", "d")
    var point = Environment<Rational>(sizes: ["d": 2])
    try point.draw([v, A, B].flatMap(\.symbols), using: &generator)
    let inner = [A, B, A.transposed, A * B, B * A, v * v.transposed]
    var byForm: [Coefficient: Formula] = [:]
    for _ in 0..<200 {
      let middle = (0..<(1 + generator.uniform(below: 4))).map { _ in inner[generator.uniform(below: inner.count)] }
      let formula = Formula.product([v.transposed] + middle + [v])
      let form = try #require(Coefficient(formula))
      if let other = byForm[form] {
        #expect(try other.value(in: point) == formula.value(in: point), "\(formula) = \(other)")
      }
      byForm[form] = formula
    }
  }
}
