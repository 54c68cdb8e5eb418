import Arithmetic
import Testing

@Suite struct BallSpectralNormTests {
  private func norm(_ rows: [[Rational]]) throws -> Ball {
    try Ball.spectralNorm(of: Matrix(rows: rows.count, columns: rows.first?.count ?? 0) { Ball(rows[$0][$1]) })
  }

  /// Encloses the number within 10⁻³⁰, relatively.
  private func isTight(_ ball: Ball, _ value: Rational) throws -> Bool {
    try ball.contains(value) && ball.upper - ball.lower <= value * Rational(10).power(-30)
  }

  @Test func onesHaveTheirSize() throws {
    for n in [1, 2, 3, 5, 8] {
      let ones = [[Rational]](repeating: [Rational](repeating: 1, count: n), count: n)
      #expect(try isTight(norm(ones), Rational(n)))
    }
  }

  @Test func reducibleAndPeriodicMatricesAreTight() throws {
    #expect(try isTight(norm([[0, 1], [1, 0]]), 1))
    #expect(try isTight(norm([[3, 0, 0], [0, 7, 0], [0, 0, 2]]), 7))
    #expect(try isTight(norm([[0, 0, 3], [0, 0, 4], [3, 4, 0]]), 5))
    #expect(try isTight(norm([[2, 1, 0, 0], [1, 2, 0, 0], [0, 0, 0, 5], [0, 0, 5, 0]]), 5))
    #expect(try isTight(norm([[2, 2, 0], [2, 5, 0], [0, 0, 0]]), 6))
    #expect(try isTight(norm([[5, 1], [1, 5]]), 6))
    #expect(try norm([[0, 0], [0, 0]]).isZero && norm([]).isZero)
  }

  @Test func otherShapesAndSigns() throws {
    #expect(try isTight(norm([[3, 4]]), 5) && isTight(norm([[3], [4]]), 5))
    #expect(try isTight(norm([[3, -4]]), 5) && isTight(norm([[-7]]), 7))
    #expect(try isTight(norm([[3, -4], [4, 3]]), 5))
    #expect(try isTight(norm([[0, 2], [0, 0]]), 2))
    #expect(try isTight(norm([[2, -1, 0], [-1, 2, 0], [0, 0, -1]]), 3))
    #expect(try isTight(norm([[1, -1, 0], [2, 2, 0]]).square, 8))
  }

  @Test func scalesFarApartAreTight() throws {
    let tiny = try Rational(10).power(-300)
    let large = try Rational(10).power(200)
    #expect(try isTight(norm([[tiny, 0], [0, large]]), large))
    // v vᵀ has the norm vᵀv.
    let v = [tiny, 1, large]
    #expect(try isTight(norm(v.map { x in v.map { $0 * x } }), v.reduce(0) { $0 + $1 * $1 }))
  }

  @Test func nearlyEqualEigenvaluesAreTight() throws {
    // The eigenvalues of [[1, ε], [ε, 1 + 3ε/2]] are 1 − ε/2 and 1 + 2ε.
    for exponent in [3, 9, 15] {
      let epsilon = try Rational(10).power(-exponent)
      let ball = try norm([[1, epsilon], [epsilon, 1 + Rational(3, over: 2) * epsilon]])
      #expect(ball.contains(1 + 2 * epsilon))
      #expect(try ball.upper - ball.lower <= Rational(10).power(-30))
    }
  }

  @Test func randomMatricesAgreeWithTheCharacteristicPolynomial() throws {
    var generator = SplitMix64(seed: 31)
    for sample in 0..<60 {
      func entry() throws -> Rational {
        Rational(generator.uniform(below: 1_000) + 1, over: 7)
          * (try Rational(10).power(generator.uniform(below: 7) - 3))
      }
      let (a, b, c, d, e, f) = (try entry(), try entry(), try entry(), try entry(), try entry(), try entry())
      let ball = try norm([[a, b, c], [b, d, e], [c, e, f]])
      // The polynomial changes sign between the endpoints, and has no further root above.
      func polynomial(_ x: Rational) -> Rational {
        let (p, q, r) = (x - a, x - d, x - f)
        return p * (q * r - e * e) - b * (b * r + e * c) - c * (b * e + q * c)
      }
      let (lower, upper) = (try ball.lower, try ball.upper)
      #expect(polynomial(lower) <= 0 && polynomial(upper) >= 0, "sample \(sample)")
      #expect(upper >= a && upper >= d && upper >= f)
      #expect(try upper - lower <= upper * Rational(10).power(-25), "sample \(sample): \(ball)")
    }
  }

  @Test func anyMatrixInTheBallsIsMeant() throws {
    let wide = Ball.union(Ball(1), Ball(2))
    let ball = try Ball.spectralNorm(of: Matrix(rows: 2, columns: 2, entries: [wide, wide, wide, wide]))
    #expect(ball.contains(Rational(2)) && ball.contains(Rational(4)))
    // [[1, 2], [1, 1]], which is not symmetric, has the norm √((7 + 3√5)/2) ≈ 2.618.
    #expect(ball.contains(Rational(2_618, over: 1_000)))
  }

  /// `lower² I − mᵀm` is not positive definite and `upper² I − mᵀm` is positive semidefinite, by exact elimination.
  private func encloses(_ ball: Ball, _ m: Matrix<Rational>) throws -> Bool {
    let gram = m.transposed * m
    func definiteness(_ r: Rational) -> Definiteness {
      Definiteness(ofSymmetric: Matrix.identity(m.columns).scaled(by: r * r) - gram)
    }
    return try definiteness(ball.lower) != .positiveDefinite && definiteness(ball.upper) != .indefinite
  }

  @Test func randomMatricesOfAnySignAndShapeAreEnclosed() throws {
    var generator = SplitMix64(seed: 11)
    for sample in 0..<120 {
      let rows = generator.uniform(below: 5) + 1, columns = generator.uniform(below: 5) + 1
      var m = Matrix<Rational>(rows: rows, columns: columns) { _, _ in Rational.random(using: &generator) }
      if sample.isMultiple(of: 3), rows == columns { m = m + m.transposed }
      let ball = try Ball.spectralNorm(of: m.map { Ball($0) })
      #expect(try encloses(ball, m), "sample \(sample): \(ball) of\n\(m)")
      #expect(try ball.upper - ball.lower <= ball.upper * Rational(10).power(-30), "sample \(sample): \(ball)")
    }
  }

  /// `I − 2vvᵀ/vᵀv` has the eigenvalues 1, many times, and −1.
  @Test func repeatedEigenvaluesAreTight() throws {
    var generator = SplitMix64(seed: 12)
    for n in [3, 8, 20] {
      let v = Matrix<Rational>(rows: n, columns: 1) { i, _ in Rational(generator.uniform(below: 9) + i + 1) }
      let reflection =
        try Matrix.identity(n)
        - (v * v.transposed).scaled(by: Rational(2).divided(by: (v.transposed * v).scalar))
      #expect(try isTight(Ball.spectralNorm(of: reflection.map { Ball($0) }), 1), "order \(n)")
      // A perturbation far below the gaps of floating point: 1 + 10⁻²⁰.
      let tiny = try Rational(10).power(-20)
      let moved = reflection + (v * v.transposed).scaled(by: tiny)
      let ball = try Ball.spectralNorm(of: moved.map { Ball($0) })
      #expect(try encloses(ball, moved))
      #expect(try ball.upper - ball.lower <= Rational(10).power(-25), "order \(n): \(ball)")
    }
  }

  @Test func higherPrecisionIsTighter() throws {
    var generator = SplitMix64(seed: 13)
    let m = Matrix<Rational>(rows: 12, columns: 12) { _, _ in Rational.random(using: &generator) }
    for (precision, digits) in [(128, 34), (256, 70), (512, 145)] {
      let ball = try Ball.spectralNorm(of: m.map { Ball($0, precision: precision) })
      #expect(try ball.upper - ball.lower <= ball.upper * Rational(10).power(-digits))
    }
    #expect(try encloses(Ball.spectralNorm(of: m.map { Ball($0, precision: 512) }), m))
  }

  @Test func aLargeMatrixIsEnclosedToTwelveDigits() throws {
    // Blocks [[1, k], [k, −1]] spread by a reflection: the norm is √(1 + k²) at the largest k.
    let n = 140
    let v = Matrix<Rational>(rows: n, columns: 1) { i, _ in Rational(i % 7 - 3) }
    let blocks = Matrix<Rational>(rows: n, columns: n) { i, j in
      i / 2 != j / 2 ? 0 : i != j ? Rational(i / 2) : i.isMultiple(of: 2) ? 1 : -1
    }
    let reflection =
      try Matrix.identity(n)
      - (v * v.transposed).scaled(by: Rational(2).divided(by: (v.transposed * v).scalar))
    let ball = try Ball.spectralNorm(of: (reflection * blocks * reflection).map { Ball($0) })
    #expect(ball.square.contains(Rational(1 + 69 * 69)))
    #expect(try ball.upper - ball.lower <= ball.upper * Rational(10).power(-12))
  }

  @Test func hugeAndTinyMagnitudesDoNotMatter() throws {
    for exponent in [-2_000, -200, 200, 2_000] {
      let size = try Rational(10).power(exponent)
      #expect(try isTight(norm([[3 * size, -4 * size], [4 * size, 3 * size]]), 5 * size))
    }
    // 2^(2^70): beyond what any fraction or Double could hold.
    var far = Ball(2)
    for _ in 0..<70 { far = far * far }
    let ball = try Ball.spectralNorm(of: Matrix(rows: 2, columns: 2, entries: [far, -far, far, far]))
    #expect((ball * ball).contains(far * far) == false && !ball.isZero)
  }

  @Test func widthsAreAddedOutward() throws {
    let wide = Ball.union(Ball(-1), Ball(2))
    let ball = try Ball.spectralNorm(of: Matrix(repeating: wide, rows: 3, columns: 3))
    // The zero matrix and 2·11ᵀ.
    #expect(ball.contains(Rational(0)) && ball.contains(Rational(6)) && ball.isNonnegative)
  }
}

extension Ball {
  fileprivate var square: Ball { self * self }
}
