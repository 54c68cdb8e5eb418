import Arithmetic
import Evaluation
import Formulas
import Testing

@Suite struct FailureProbabilityTests {
  private let x = Formula.symbol("x", 1, 1), y = Formula.symbol("y", 1, 1)

  private func degrees(_ left: Formula, _ right: Formula, _ sizes: [String: Int] = [:]) throws -> (Int, Int) {
    let probability = try FailureProbability(left: left, right: right, sizes: sizes)
    return (probability.numeratorDegree, probability.denominatorDegree)
  }

  @Test func degreesOfPolynomials() throws {
    #expect(try degrees(x.power(3) * y, x) == (4, 0))
    #expect(try degrees(x + y, .integer(5)) == (1, 0))
    #expect(try degrees(.integer(2), .integer(3)) == (0, 0))
    #expect(try degrees(.zero("m", "n"), .zero("m", "n"), ["m": 2, "n": 3]) == (-1, 0))
    let A = Formula.symbol("A", "n", "n")
    #expect(try degrees(A.power3, A, ["n": 3]) == (3, 0))
    let pair = A ⊗ A
    #expect(try degrees(pair, pair, ["n": 2]) == (2, 0))
  }

  /// `1/x − y = (1 − xy)/x`.
  @Test func degreesOfFractions() throws {
    #expect(try degrees(x.inverse, y) == (2, 1))
    #expect(try degrees((x * y).inverse, .integer(1)) == (2, 2))
    #expect(try degrees(x.inverse + y.inverse, .integer(0)) == (1, 2))
  }

  @Test func everyExponentialIsOneMoreUnknown() throws {
    #expect(try degrees((x.power(5)).mapped(.exponential), .integer(1)) == (1, 0))
    #expect(try degrees(x.mapped(.exponential) * x, y) == (2, 0))
  }

  @Test func derivativesHaveTheirDegrees() throws {
    #expect(try degrees(x.power(4).jacobian(x), .integer(0)) == (3, 0))
    let A = Formula.symbol("A", 2, 2)
    #expect(try degrees((A * A * A).jacobian(A), (A * A * A).jacobian(A)) == (2, 0))
  }

  /// `degree/(p − poles) ≤ 2^b` for each point, with `p = 2⁶¹ − 1`.
  @Test func exponentsAreUpperBounds() throws {
    func exponent(_ left: Formula, points: Int) throws -> Int {
      try FailureProbability(left: left, right: .integer(0), sizes: [:]).binaryExponent(points: points)
    }
    #expect(try exponent(.integer(1), points: 1) == -60)
    #expect(try exponent(x, points: 1) == -60)
    #expect(try exponent(x * x, points: 1) == -59)
    #expect(try exponent(x.power(3), points: 1) == -58)
    #expect(try exponent(x.power(4), points: 1) == -58)
    #expect(try exponent(x.power(5), points: 1) == -57)
    #expect(try exponent(x.power(4), points: 16) == -58 * 16)
    #expect(try exponent(x.inverse + x, points: 1) == -59)
  }

  /// Degrees too large for the prime give no assurance at all.
  @Test func hugeDegreesGiveNothing() throws {
    var tower = x
    for _ in 0..<62 { tower = tower ⊙ tower }
    #expect(try FailureProbability(left: tower, right: y, sizes: [:]).binaryExponent(points: 8) == 0)
    #expect(try FailureProbability(left: tower.inverse, right: y, sizes: [:]).binaryExponent(points: 8) == 0)
  }

  @Test func needsSizes() {
    #expect(throws: EvaluationError.self) {
      _ = try FailureProbability(left: .identity("n"), right: .identity("n"), sizes: [:])
    }
  }
}

extension Formula {
  fileprivate var power3: Formula { self * self * self }
}
