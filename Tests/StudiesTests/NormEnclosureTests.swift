import Arithmetic
import AttentionHessian
import Formulas
import Testing

@Suite struct NormEnclosureTests {
  @Test func everyNormIsEnclosed() throws {
    let m = Matrix<Rational>(rows: 2, columns: 2, entries: [1, 2, -2, 1])
    for (norm, square) in [(Norm.spectral, 5), (.frobenius, 10), (.largestRow, 5), (.rowSum, 9)] {
      let enclosure = try NormEnclosure(of: m, norm)
      #expect(enclosure.lower * enclosure.lower <= Rational(square), "\(norm)")
      #expect(enclosure.upper * enclosure.upper >= Rational(square), "\(norm)")
      #expect(try enclosure.upper - enclosure.lower <= Rational(10).power(-30), "\(norm)")
    }
  }

  /// The upper end bounds the norm of the doubles as they are, where the nearest double to the norm may be below it.
  @Test func doublesAreTakenExactly() throws {
    var generator = SplitMix64(seed: 21)
    var below = 0
    for _ in 0..<50 {
      let m = Matrix<Double>(rows: 3, columns: 4) { _, _ in Double.random(using: &generator) }
      let enclosure = try NormEnclosure(of: m)
      let exact = try Matrix<Rational>(rows: 3, columns: 4) { i, j in try #require(Rational(exactly: m[i, j])) }
      let shifted =
        Matrix<Rational>.identity(3).scaled(by: enclosure.upper * enclosure.upper) - exact * exact.transposed
      #expect(Definiteness(ofSymmetric: shifted) != .indefinite)
      let rounded = try #require(Rational(exactly: try LinearAlgebra.largestSingularValue(of: m)))
      if rounded < enclosure.lower { below += 1 }
    }
    #expect(below > 0)
  }

  @Test func noNormOfWhatIsNoNumber() throws {
    for value in [Double.nan, .infinity] {
      #expect(throws: ArithmeticError.self) { try NormEnclosure(of: Matrix<Double>(value)) }
    }
    #expect(try NormEnclosure(of: Matrix<Rational>.zero(rows: 2, columns: 3)).upper == 0)
    #expect(try NormEnclosure(of: Matrix<Double>(.leastNonzeroMagnitude), .frobenius).lower > 0)
  }
}
