import AttentionHessian
import Testing

@Suite struct LanczosTests {
  private func norm(_ matrix: Matrix<Double>, iterations: Int = 200, seed: UInt64 = 1) throws -> Lanczos.Result {
    try Lanczos.spectralNorm(dimension: matrix.rows, iterations: iterations, seed: seed) { v in
      (matrix * Matrix(rows: v.count, columns: 1, entries: v)).entries
    }
  }

  private func diagonal(_ values: [Double]) -> Matrix<Double> {
    .diagonal(of: Matrix(rows: values.count, columns: 1, entries: values))
  }

  @Test func diagonalMatrices() throws {
    for (values, expected) in [
      ([3.0, -7, 2], 7.0), ([5], 5), ([-5], 5), ([1, 1, 1], 1), ([2, -2, 1], 2), ([1e-9, 3e-9], 3e-9),
      ([1e100, 1], 1e100),
    ] {
      let result = try norm(diagonal(values))
      #expect(result.converged, "\(values)")
      #expect(abs(result.norm - expected) <= 1e-9 * expected, "\(values)")
    }
  }

  @Test func randomSymmetricMatrices() throws {
    for n in [2, 7, 40, 90] {
      let matrix = SampleSpectrum.symmetric(n, seed: UInt64(n))
      let result = try norm(matrix), exact = try LinearAlgebra.symmetricSpectralNorm(of: matrix)
      #expect(result.converged)
      #expect(abs(result.norm - exact) <= 1e-8 * exact)
      #expect(result.norm <= exact * (1 + 1e-12))
    }
  }

  @Test func zeroAndEmptyMaps() throws {
    let zero = try norm(.zero(rows: 4, columns: 4))
    #expect(zero.norm == 0 && zero.converged)
    let empty = try Lanczos.spectralNorm(dimension: 0, seed: 1) { $0 }
    #expect(empty.norm == 0 && empty.converged && empty.iterations == 0)
  }

  /// A gap too small for the steps allowed is reported, not hidden.
  @Test func saysWhenItDidNotConverge() throws {
    let matrix = diagonal((0..<200).map { 1 + Double($0) / 200 })
    let result = try norm(matrix, iterations: 5)
    #expect(!result.converged && result.iterations == 5)
    #expect(result.norm < 1.995 && result.residual > 1e-9)
  }

  @Test func isTheSameInEveryRun() throws {
    let matrix = diagonal([1, 4, 2, -3])
    #expect(try norm(matrix, seed: 2) == norm(matrix, seed: 2))
  }

  @Test func errorsOfTheMapPassThrough() {
    #expect(throws: ArithmeticError.self) {
      _ = try Lanczos.spectralNorm(dimension: 3, seed: 1) { _ in throw ArithmeticError.undefined("map") }
    }
  }

  // MARK: Both criteria, scales and restarts

  @Test(arguments: SampleSpectrum.all) func theNormIsThatOfLAPACK(spectrum: SampleSpectrum) throws {
    let matrix = spectrum.matrix(seed: 4)
    let exact = spectrum.values.map(abs).max() ?? 0
    for criterion in [Lanczos.Criterion.residual(1e-9), .value(1e-8)] {
      for basis in [nil, 20] {
        let result = try Lanczos.spectralNorm(
          of: DenseSymmetricMap(matrix), .init(criterion, products: 4000, basis: basis, seed: 3))
        #expect(result.converged)
        // The criterion by value takes two eigenvalues within the residual for one.
        let isClose = criterion == .value(1e-8) && spectrum.testDescription == "close pair at the top"
        let allowed = isClose ? 1e-6 * exact : 1e-8 * exact
        #expect(abs(result.norm - exact) <= allowed, "\(criterion), basis \(basis ?? 0): \(result)")
        #expect(result.norm <= exact * (1 + 1e-12))
      }
    }
  }

  @Test(arguments: [1e-300, 1e-200, 1e-160, 1e160, 1e200, 1e300]) func everyScaleGivesTheSame(scale: Double) throws {
    let values = [3.0, -7, 2, 1, 0.5, 0, 0, 1e-3]
    for list in [values, [2.5], [1, 1, 1]] {
      let scaled = diagonal(list.map { $0 * scale })
      let exact = (list.map(abs).max() ?? 0) * scale
      let result = try norm(scaled)
      #expect(result.converged && abs(result.norm - exact) <= 1e-9 * exact, "\(result)")
      #expect(result.residual <= 1e-9 * exact)
      let ends = try Lanczos.extremes(of: DenseSymmetricMap(scaled), count: 2)
      #expect(ends.converged && abs(ends.norm - exact) <= 1e-9 * exact)
      #expect(abs((ends.smallest.first?.value ?? 0) - (list.min() ?? 0) * scale) <= 1e-9 * exact)
    }
  }

  @Test func whatIsNotFiniteIsRefused() {
    for bad in [Double.nan, .infinity] {
      let map = SymmetricFunction(dimension: 3) { $0.map { $0 * bad } }
      #expect(throws: SpectrumError.notFinite(product: 1)) { _ = try Lanczos.spectralNorm(of: map) }
      #expect(throws: SpectrumError.notFinite(product: 1)) { _ = try Lanczos.extremes(of: map, count: 2) }
    }
  }

  /// A map that is not symmetric has no residual that its projection could know of.
  @Test func theResidualTellsOfAMapThatIsNotSymmetric() throws {
    let map = SymmetricFunction(dimension: 40) { v in
      v.indices.map { v[$0] * Double($0) + ($0 > 0 ? 20 * v[$0 - 1] : 0) }
    }
    let ends = try Lanczos.extremes(of: map, count: 1)
    #expect(ends.normResidual > 1e-3 * ends.norm)
  }

  @Test func onePlantedWrongProductShows() throws {
    let matrix = SampleSpectrum.symmetric(60, seed: 9), exact = try LinearAlgebra.symmetricSpectralNorm(of: matrix)
    var calls = 0
    let map = SymmetricFunction(dimension: 60) { v in
      calls += 1
      let product = (matrix * Matrix(rows: 60, columns: 1, entries: v)).entries
      return calls == 4 ? product.map { 1.5 * $0 } : product
    }
    let ends = try Lanczos.extremes(of: map, count: 1)
    #expect(abs(ends.norm - exact) > 1e-6 * exact && ends.normResidual > 1e-6 * exact)
  }

  @Test func aWorkspaceIsReused() throws {
    let workspace = KrylovBasis()
    for n in [50, 8, 120, 50] {
      let matrix = SampleSpectrum.symmetric(n, seed: 77)
      let map = try DenseSymmetricMap(matrix)
      #expect(try Lanczos.spectralNorm(of: map, workspace: workspace) == Lanczos.spectralNorm(of: map))
    }
  }
}
