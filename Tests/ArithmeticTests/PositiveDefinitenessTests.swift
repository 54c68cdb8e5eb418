import Arithmetic
import Testing

@Suite struct PositiveDefinitenessTests {
  /// `QΛQᵀ` with a reflection `Q` and eigenvalues from `smallest` to 1.
  private func matrix(_ n: Int, smallest: Rational) throws -> Matrix<Rational> {
    let v = Matrix<Rational>(rows: n, columns: 1) { i, _ in Rational(i % 5 - 2) + Rational(1, over: 3) }
    let reflection =
      try Matrix.identity(n)
      - (v * v.transposed).scaled(by: Rational(2).divided(by: (v.transposed * v).scalar))
    let values = Matrix<Rational>(rows: n, columns: 1) { i, _ in i == 0 ? smallest : Rational(i, over: n) }
    return reflection * .diagonal(of: values) * reflection
  }

  @Test func definiteMatricesAreShownToBe() throws {
    for n in [1, 2, 7, 40] {
      let clear = try matrix(n, smallest: Rational(1, over: 1_000)).map { Double($0) }
      #expect(PositiveDefiniteness.isProven(of: clear, within: 1e-6), "order \(n)")
      #expect(!PositiveDefiniteness.isProven(of: clear, within: 2e-3), "order \(n)")
    }
    #expect(PositiveDefiniteness.isProven(of: .zero(rows: 0, columns: 0), within: 0))
  }

  /// Nothing with an eigenvalue at or below zero is, however close.
  @Test func nothingElseIs() throws {
    for n in [2, 7, 40] {
      for exponent in [3, 10, 14, 15, 16, 18, 30, 60] {
        let smallest = try -Rational(10).power(-exponent)
        let exact = try matrix(n, smallest: smallest)
        #expect(!PositiveDefiniteness.isProven(of: exact.map { Ball($0, precision: 256) }, precision: 256))
      }
      #expect(!PositiveDefiniteness.isProven(of: try matrix(n, smallest: 0).map { Ball($0) }))
    }
    #expect(!PositiveDefiniteness.isProven(of: Matrix<Double>(-1), within: 0))
    #expect(!PositiveDefiniteness.isProven(of: Matrix<Double>(0), within: 0))
    for value in [Double.nan, .infinity] {
      #expect(!PositiveDefiniteness.isProven(of: Matrix(value), within: 0))
      #expect(!PositiveDefiniteness.isProven(of: Matrix(1), within: value))
    }
  }

  /// Where floating point is too coarse, balls decide.
  @Test func closeCasesGoByBalls() throws {
    let close = try matrix(12, smallest: Rational(10).power(-25))
    #expect(!PositiveDefiniteness.isProven(of: close.map { Double($0) }, within: 0))
    #expect(PositiveDefiniteness.isProven(of: close.map { Ball($0, precision: 256) }, precision: 256))
    #expect(!PositiveDefiniteness.isProven(of: close.map { Ball($0, precision: 64) }, precision: 64))
  }

  @Test func scalesDoNotMatter() throws {
    let clear = try matrix(5, smallest: Rational(1, over: 10)).map { Double($0) }
    for exponent in [-900, -300, 300, 900] {
      let scale = Double(sign: .plus, exponent: exponent, significand: 1)
      #expect(PositiveDefiniteness.isProven(of: clear.map { $0 * scale }, within: 0.01 * scale), "2^\(exponent)")
      #expect(!PositiveDefiniteness.isProven(of: clear.map { $0 * scale }, within: 0.2 * scale), "2^\(exponent)")
    }
  }

  @Test func factorsAndSolutions() throws {
    let a = try matrix(9, smallest: Rational(1, over: 10))
    let factor = try #require(a.map { Ball($0) }.choleskyFactor(precision: 128))
    let square = factor * factor.transposed
    #expect(zip(square.entries, a.entries).allSatisfy { $0.contains($1) })
    let solution = factor.solvingLowerTriangular(a.map { Ball($0) }, precision: 128)
    #expect(zip((factor * solution).entries, a.entries).allSatisfy { $0.contains($1) })
    #expect(try matrix(9, smallest: Rational(-1, over: 10)).map { Ball($0) }.choleskyFactor(precision: 128) == nil)
  }
}
