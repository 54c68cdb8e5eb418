import Arithmetic
import Testing

@Suite struct DoubleBallTests {
  private func contains(_ ball: DoubleBall, _ value: Rational) throws -> Bool {
    try ball.radius == .infinity || ball.ball(precision: 128).contains(value)
  }

  @Test func operationsContainTheExactResult() throws {
    var generator = SplitMix64(seed: 41)
    for sample in 0..<400 {
      func draw() throws -> (DoubleBall, Rational) {
        let exponent = generator.uniform(below: 600) - 300
        let value = Double(sign: .plus, exponent: exponent, significand: Double.random(using: &generator))
        let radius = generator.uniform(below: 3) == 0 ? value.magnitude * 0x1p-20 : 0
        let offset = try #require(Rational(exactly: radius)) * Rational(generator.uniform(below: 3) - 1)
        return (DoubleBall(value, radius: radius), try #require(Rational(exactly: value)) + offset)
      }
      let (a, x) = try draw(), (b, y) = try draw()
      #expect(try contains(a + b, x + y) && contains(a - b, x - y) && contains(a * b, x * y), "sample \(sample)")
      if !y.isZero { #expect(try contains(b.reciprocal(), y.reciprocal()), "sample \(sample)") }
      #expect(try contains(DoubleBall.maximum(a, b), max(x, y)) && contains(a.positivePart(), max(x, 0)))
    }
  }

  @Test func exactSumsAndProductsStayExact() {
    #expect((DoubleBall(0.5) + DoubleBall(3)).radius == 0 && (DoubleBall(3) * DoubleBall(0.25)).radius == 0)
    #expect((DoubleBall(1) + DoubleBall(0x1p-80)).radius > 0 && DoubleBall(7) - DoubleBall(7) == .zero)
    #expect(DoubleBall(3) == DoubleBall(3.0) && (DoubleBall.zero * DoubleBall(5)).isZero)
  }

  /// Also where results overflow, underflow or are no numbers.
  @Test func extremesSayThatNothingIsKnown() throws {
    let huge = DoubleBall(.greatestFiniteMagnitude), tiny = DoubleBall(.leastNonzeroMagnitude)
    #expect((huge + huge).radius == .infinity && (huge * huge).radius == .infinity)
    #expect(DoubleBall(.nan).radius == .infinity && DoubleBall(1, radius: .nan).radius == .infinity)
    #expect(((huge + huge) - (huge + huge)).radius == .infinity)
    let square = try #require(Rational(exactly: .leastNonzeroMagnitude))
    #expect(
      try contains(tiny * tiny, square * square) && contains(tiny * DoubleBall(0.3), square * Rational(exactly: "0.3")))
    #expect(throws: ArithmeticError.self) { try (huge + huge).ball(precision: 64) }
    #expect(throws: ArithmeticError.self) { try DoubleBall(0, radius: 1).reciprocal() }
  }

  @Test func productsByBLASContainTheExactOnes() throws {
    var generator = SplitMix64(seed: 42)
    for (m, k, n) in [(9, 11, 10), (1, 60, 20), (12, 200, 3)] {
      let a = Matrix<Double>(rows: m, columns: k) { _, _ in Double.random(using: &generator) }
      let b = Matrix<Double>(rows: k, columns: n) { _, _ in Double.random(using: &generator) }
      let exact = try a.map { try #require(Rational(exactly: $0)) } * b.map { try #require(Rational(exactly: $0)) }
      for radius in [0, 1e-9] {
        let product = a.map { DoubleBall($0, radius: radius) } * b.map { DoubleBall($0, radius: radius) }
        for (ball, value) in zip(product.entries, exact.entries) {
          #expect(try contains(ball, value) && ball.radius < (1e-13 + 3 * radius) * Double(k))
        }
        // The points at the ends of the balls belong to it as well.
        let shift = try #require(Rational(exactly: radius))
        let moved =
          try a.map { try #require(Rational(exactly: $0)) + shift }
          * b.map { try #require(Rational(exactly: $0)) - shift }
        for (ball, value) in zip(product.entries, moved.entries) { #expect(try contains(ball, value)) }
      }
    }
  }

  @Test func theRadiusNormBoundsEveryPerturbation() throws {
    var generator = SplitMix64(seed: 43)
    let m = Matrix<DoubleBall>(rows: 6, columns: 6) { _, _ in
      DoubleBall(1, radius: abs(Double.random(using: &generator)))
    }
    let norm = try LinearAlgebra.largestSingularValue(of: m.map { $0.radius })
    #expect(m.radiusNorm >= norm && m.radiusNorm < 3 * norm)
  }
}
