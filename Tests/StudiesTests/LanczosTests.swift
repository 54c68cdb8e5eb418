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
    var generator = SplitMix64(seed: 10)
    for n in [2, 7, 40, 90] {
      let half = Matrix<Double>(rows: n, columns: n) { _, _ in .random(using: &generator) }
      let matrix = half + half.transposed
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
}
