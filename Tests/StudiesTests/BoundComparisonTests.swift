import Arithmetic
import Evaluation
import Formulas
import Testing

@testable import Studies

@Suite struct BoundComparisonTests {
  private static let a = Formula.symbol("A", "m", "n").norm(), b = Formula.symbol("B", "m", "n").norm()
  private static let c = Formula.symbol("C", "n", "n").norm()
  private static let m = Formula.size("m"), n = Formula.size("n")
  private static let half = Formula.integer(2).inverse, two = Formula.integer(2)
  private static let grid = Formula.blocks([[a, b], [b, c]]).norm()

  /// For all norms and all sizes of at least one.
  static let pairs: [(left: Formula, right: Formula)] = [
    (a, a + b), (half * a, a), (a, m * a), (m.squareRoot * a, m * a), (m.inverse * a, a),
    (a + b, two * .maximum([a, b])),
    (a * b, half * (a * a + b * b)), (.minimum([a, m * b]), a), (.maximum([a, b]), a + b), (a, .maximum([a, b])),
    (a, m * n * a), (grid, two * .maximum([a, b, c])), (grid, a + two * b + c),
    (.integer(6).squareRoot * a, .integer(3) * a),
    ((a + b) * (a + b), two * a * a + two * b * b), (a * c * b, .maximum([a, b, c]).power(3)),
    (.minimum([m, n]).squareRoot * a, n.squareRoot * a), (.integer(0), a),
  ]

  /// Each false for some norms or sizes.
  static let reversed: [(left: Formula, right: Formula)] = [
    (a, half * a), (a + b, a), (a, b), (a, m.inverse * a), (m * a, m.squareRoot * a), (a + b, .maximum([a, b])),
    (two * a * b, half * (a * a + b * b)), (.maximum([a, b]), a), (a, .minimum([a, b])), (grid, .maximum([a, b, c])),
    (m * a, n * a), (a * a, a), (a, .integer(1)), (two * a, .maximum([a, b])), (a, a - b), (a - b, .integer(0)),
    (.integer(3) * a, .integer(8).squareRoot * a), (m.squareRoot * a, .minimum([m, n]).squareRoot * a),
    (a, .integer(-1) * a), (a * b, a + b),
  ]

  @Test(arguments: pairs.indices) func holds(_ index: Int) {
    let (left, right) = Self.pairs[index]
    #expect(BoundComparison.isAtMost(left, right), "\(left) ≤ \(right)")
  }

  @Test(arguments: reversed.indices) func isNotClaimed(_ index: Int) {
    let (left, right) = Self.reversed[index]
    #expect(!BoundComparison.isAtMost(left, right), "\(left) ≤ \(right)")
  }

  /// Whatever is said to hold does so at random points: for all pairs of sides of the lists, in either order.
  @Test func saysNothingFalse() throws {
    let sides = (Self.pairs + Self.reversed).flatMap { [$0.left, $0.right] }
    let symbols = [("A", "m", "n"), ("B", "m", "n"), ("C", "n", "n")].map {
      Symbol($0.0, Shape(Size($0.1), Size($0.2)))
    }
    let points = try (UInt64(1)...24).map { seed -> Evaluator<Double> in
      var generator = SplitMix64(seed: seed)
      var point = Environment<Double>(sizes: [:])
      for name in ["m", "n"] { point.sizes[name] = Int.random(in: 1...6, using: &generator) }
      try point.draw(symbols, using: &generator)
      for symbol in symbols {
        let scale = Double(sign: .plus, exponent: Int.random(in: -4...4, using: &generator), significand: 1)
        point[symbol] = point[symbol]?.scaled(by: scale)
      }
      return Evaluator(point)
    }
    let values = try sides.map { side in try points.map { try $0.value(of: side).scalar } }
    var holding = 0
    for (i, left) in sides.enumerated() {
      for (j, right) in sides.enumerated() where BoundComparison.isAtMost(left, right) {
        holding += 1
        for (x, y) in zip(values[i], values[j]) { #expect(x <= y + 1e-9 * abs(y), "\(left) ≤ \(right): \(x), \(y)") }
      }
    }
    #expect(holding > sides.count)
  }
}
