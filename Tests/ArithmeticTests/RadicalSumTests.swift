import Arithmetic
import Testing

@Suite struct RadicalSumTests {
  private func root(_ n: Int) throws -> RadicalSum { try RadicalSum(n).squareRoot() }

  @Test func rootsMultiply() throws {
    #expect(try root(2) * root(3) == root(6) && root(6) * root(10) == RadicalSum(2) * root(15))
    #expect(try root(12) == RadicalSum(2) * root(3) && root(49) == 7)
    #expect(try RadicalSum(Rational(2, over: 3)).squareRoot() == root(6) * RadicalSum(Rational(1, over: 3)))
    #expect(try (root(2) + root(3)) * (root(3) - root(2)) == 1)
    #expect(try (root(2) - root(2)).isZero)
    #expect(try root(8).rational == nil && (root(8) * root(2)).rational == 4)
  }

  @Test func reciprocalsAreExact() throws {
    var generator = SplitMix64(seed: 8)
    for sample in 0..<60 {
      var x = RadicalSum.zero
      for n in [1, 2, 3, 5, 6, 30] where sample.isMultiple(of: 2) || n < 4 {
        x = x + RadicalSum(Rational(generator.uniform(below: 15) - 7, over: n)) * (try root(n))
      }
      if x.isZero { continue }
      #expect(try x * x.reciprocal() == 1, "sample \(sample): \(x)")
    }
    #expect(throws: ArithmeticError.self) { try RadicalSum.zero.reciprocal() }
  }

  @Test func signsAndMaxima() throws {
    #expect(try (root(2) + root(3) - root(10)).sign == -1)
    // √2 + √3 and its decimal at 50 digits differ in the 51st.
    let (lower, upper) = try (root(2) + root(3)).enclosure(precision: 400).decimalBounds(digits: 50)
    let close = RadicalSum(try Rational(exactly: lower)), above = RadicalSum(try Rational(exactly: upper))
    #expect(try (root(2) + root(3) - close).sign == 1 && (root(2) + root(3) - above).sign == -1)
    #expect(try RadicalSum.maximum(root(2), root(3)) == root(3) && (-root(2)).positivePart().isZero)
    #expect(RadicalSum.zero.description == "0" && RadicalSum(3).description == "3")
  }

  @Test func whatIsNoSumOfRootsIsRefused() throws {
    #expect(throws: ArithmeticError.self) { try (RadicalSum(1) + root(2)).squareRoot() }
    #expect(throws: ArithmeticError.self) { try RadicalSum(-1).squareRoot() }
    #expect(throws: ArithmeticError.self) { try RadicalSum(1).exponential() }
    #expect(try RadicalSum.zero.exponential() == 1)
    // The golden ratio, whose square is no fraction.
    let m = Matrix<RadicalSum>(rows: 2, columns: 2, entries: [1, 1, 1, 0])
    #expect(throws: ArithmeticError.self) { try RadicalSum.spectralNorm(of: m) }
  }

  @Test func spectralNormsThatAreRoots() throws {
    func norm(_ rows: [[Int]]) throws -> RadicalSum {
      try RadicalSum.spectralNorm(of: Matrix(rows: rows.count, columns: rows[0].count) { RadicalSum(rows[$0][$1]) })
    }
    #expect(try norm([[1, 1], [1, -1]]) == root(2) && norm([[1, 0], [-1, 0]]) == root(2))
    #expect(try norm([[1, 2, 2]]) == 3 && norm([[0, 0]]) == 0 && norm([[2, 1], [1, 2]]) == 3)
    let scaled = Matrix<RadicalSum>(rows: 1, columns: 2, entries: [try root(2), try root(3)])
    #expect(try RadicalSum.spectralNorm(of: scaled) == root(5))
  }
}
