import AttentionHessian
import Testing

@Suite struct StochasticQuadratureTests {
  private static func power(_ x: Double, _ exponent: Int) -> Double { (0..<exponent).reduce(1) { y, _ in y * x } }

  /// `m` steps integrate polynomials up to degree `2m − 1` exactly: `uᵀAᵏu` by products.
  @Test func momentsOfAProbeAreExact() throws {
    let matrix = SampleSpectrum.symmetric(40, seed: 3).map { $0 / 5 }
    let map = try DenseSymmetricMap(matrix)
    for distribution in StochasticQuadrature.Distribution.allCases {
      var start: [Double] = []
      let spy = SymmetricFunction(dimension: 40) { v in
        if start.isEmpty { start = v }
        return try map(v)
      }
      let quadrature = try StochasticQuadrature(
        of: spy, .init(probes: 1, steps: 5, distribution: distribution, seed: 8))
      let measure = try #require(quadrature.measures.first)
      #expect(measure.nodes.count == 5 && abs(measure.weights.reduce(0, +) - 1) <= 1e-13)
      var image = start
      for degree in 0...9 {
        let exact = zip(start, image).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(degree == 0 || abs(measure.integral { Self.power($0, degree) } - exact) <= 1e-11 * max(1, abs(exact)))
        if degree > 0 { image = try map(image) }
        if degree == 0 { image = try map(start) }
      }
      // One degree more is not exact.
      let tenth = zip(start, image).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(measure.integral { Self.power($0, 10) } - tenth) > 1e-9 * abs(tenth))
    }
  }

  @Test(arguments: StochasticQuadrature.Distribution.allCases)
  func traceAndFrobeniusNormAreWithinTheirErrors(distribution: StochasticQuadrature.Distribution) throws {
    for seed in 1...6 as ClosedRange<UInt64> {
      let matrix = SampleSpectrum.symmetric(150, seed: seed)
      let quadrature = try StochasticQuadrature(
        of: DenseSymmetricMap(matrix), .init(probes: 40, steps: 3, distribution: distribution, seed: seed))
      let trace = (0..<150).reduce(0) { $0 + matrix[$1, $1] }
      let error = try #require(quadrature.trace.standardError)
      #expect(error > 0 && abs(quadrature.trace.value - trace) <= 4 * error)
      let norm = quadrature.frobeniusNorm
      let squares = matrix.entries.reduce(0) { $0 + $1 * $1 }
      #expect(abs(norm.value * norm.value - squares) <= 8 * norm.value * (norm.standardError ?? 0))
      #expect((norm.standardError ?? 1) < 0.05 * norm.value)
    }
  }

  /// A diagonal matrix has the same quadratic forms for all sign vectors: trace and norm are exact.
  @Test func signsGiveDiagonalMatricesExactly() throws {
    let spectrum = (0..<64).map { Double($0) - 20 }
    let map = SymmetricFunction(dimension: 64) { zip($0, spectrum).map { $0 * $1 } }
    let quadrature = try StochasticQuadrature(of: map, .init(probes: 3, steps: 4))
    #expect(abs(quadrature.trace.value - spectrum.reduce(0, +)) <= 1e-10)
    #expect((quadrature.trace.standardError ?? 1) <= 1e-10)
  }

  @Test(arguments: SampleSpectrum.all) func theDistributionIsThatOfTheEigenvalues(spectrum: SampleSpectrum) throws {
    let n = spectrum.values.count
    let map = try DenseSymmetricMap(spectrum.matrix(seed: 21))
    let quadrature = try StochasticQuadrature(of: map, .init(probes: 60, steps: 60, seed: 2))
    let exact = SpectralMeasure(eigenvalues: spectrum.values)
    let ends = (spectrum.values.min() ?? 0)...(spectrum.values.max() ?? 0)
    let found = SpectralDensity(quadrature.measures, isExact: false, ends: ends, count: 41)
    for point in found.points {
      let share = exact.cumulative(at: point.eigenvalue, width: found.width)
      // Twice the error of a share among n draws that 60 probes leave, and rounding.
      #expect(
        abs(point.cumulative.value - share) <= 4 * (point.cumulative.standardError ?? 1) + 0.02 / Double(n) + 1e-9)
    }
  }

  @Test func moreProbesLeaveTheFirstAsTheyAre() throws {
    let map = try DenseSymmetricMap(SampleSpectrum.symmetric(30, seed: 4))
    let few = try StochasticQuadrature(of: map, .init(probes: 2, steps: 6))
    let many = try StochasticQuadrature(of: map, .init(probes: 5, steps: 6))
    #expect(Array(many.measures.prefix(2)) == few.measures && few.products == 12)
  }

  @Test(arguments: [1e-200, 1e200]) func everyScaleIsFine(scale: Double) throws {
    let matrix = SampleSpectrum.symmetric(30, seed: 4)
    let plain = try StochasticQuadrature(of: DenseSymmetricMap(matrix), .init(probes: 4, steps: 6))
    let scaled = try StochasticQuadrature(of: DenseSymmetricMap(matrix.map { $0 * scale }), .init(probes: 4, steps: 6))
    #expect(abs(scaled.frobeniusNorm.value / scale - plain.frobeniusNorm.value) <= 1e-10 * plain.frobeniusNorm.value)
    #expect(scaled.frobeniusNorm.standardError?.isFinite == true)
  }
}
