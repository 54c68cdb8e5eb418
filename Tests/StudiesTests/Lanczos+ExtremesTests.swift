import AttentionHessian
import Testing

@Suite struct LanczosExtremesTests {
  @Test(arguments: SampleSpectrum.all, [1, 3, 8])
  func theEndsAreThoseOfLAPACK(spectrum: SampleSpectrum, count: Int) throws {
    let matrix = spectrum.matrix(seed: 11), n = matrix.rows
    let exact = try LinearAlgebra.symmetricEigenvalues(of: matrix)
    let scale = exact.map(abs).max() ?? 0
    // Restarts cannot tell the tiny ends of the graded spectrum apart.
    for basis in spectrum.testDescription == "graded" ? [nil] : [nil, 24] {
      let map = try DenseSymmetricMap(matrix)
      let ends = try Lanczos.extremes(of: map, count: count, .init(products: 5000, basis: basis, seed: 6))
      #expect(ends.converged)
      #expect(ends.smallest.count == min(count, n) && ends.largest.count == min(count, n))
      for (pair, value) in zip(ends.smallest, exact) { #expect(abs(pair.value - value) <= 1e-8 * scale) }
      for (pair, value) in zip(ends.largest, exact.reversed()) { #expect(abs(pair.value - value) <= 1e-8 * scale) }
      for pair in ends.smallest + ends.largest {
        #expect(pair.residual <= 1e-8 * scale)
        let length = pair.vector.reduce(0) { $0 + $1 * $1 }
        #expect(abs(length - 1) <= 1e-12)
        let residual = zip(try map(pair.vector), pair.vector).map { $0 - pair.value * $1 }
        #expect(abs(root(residual.reduce(0) { $0 + $1 * $1 }) - pair.residual) <= 1e-12 * scale)
      }
    }
  }

  /// A single start vector sees one copy of each eigenvalue.
  @Test func multiplicitiesAreCounted() throws {
    let spectrum = SampleSpectrum("", [9, 9, 9, 9, 4, 4, 1] + (0..<40).map { Double($0) / 100 })
    let ends = try Lanczos.extremes(of: DenseSymmetricMap(spectrum.matrix(seed: 2)), count: 6)
    for (pair, value) in zip(ends.largest, [9.0, 9, 9, 9, 4, 4]) { #expect(abs(pair.value - value) <= 1e-8) }
    // Copies have orthogonal vectors.
    for i in 0..<4 {
      for j in 0..<i {
        let product = zip(ends.largest[i].vector, ends.largest[j].vector).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(product) <= 1e-10)
      }
    }
  }

  @Test func tooFewProductsAreReported() throws {
    let map = try DenseSymmetricMap(SampleSpectrum("", (0..<200).map { Double($0) }).matrix(seed: 2))
    for products in [1, 2, 9, 20] {
      let ends = try Lanczos.extremes(of: map, count: 3, .init(products: products))
      #expect(!ends.converged)
      #expect(ends.norm <= 199 * (1 + 1e-12))
    }
  }

  @Test func singularValuesOfAnOffDiagonalBlock() throws {
    let matrix = SampleSpectrum.symmetric(50, seed: 5)
    let rows = 3..<20, columns = 20..<50
    let exact = try LinearAlgebra.singularValues(of: matrix.submatrix(rows: rows, columns: columns))
    let map = OffDiagonalBlockMap(try DenseSymmetricMap(matrix), rows: rows, columns: columns)
    let ends = try Lanczos.extremes(of: map, count: 3, .init(support: 0..<rows.count))
    #expect(ends.converged)
    for (pair, value) in zip(ends.largest, exact) { #expect(abs(pair.value - value) <= 1e-8 * exact[0]) }
    for (pair, value) in zip(ends.smallest, exact) { #expect(abs(pair.value + value) <= 1e-8 * exact[0]) }
    let norm = try Lanczos.spectralNorm(of: map, .init(support: 0..<rows.count))
    #expect(norm.converged && abs(norm.norm - exact[0]) <= 1e-9 * exact[0])
  }

  @Test func diagonalBlocks() throws {
    let matrix = SampleSpectrum.symmetric(40, seed: 8)
    let exact = try LinearAlgebra.symmetricEigenvalues(of: matrix.submatrix(rows: 10..<31, columns: 10..<31))
    let ends = try Lanczos.extremes(of: DiagonalBlockMap(try DenseSymmetricMap(matrix), 10..<31), count: 1)
    #expect(abs((ends.largest.first?.value ?? 0) - exact[20]) <= 1e-8)
    #expect(abs((ends.smallest.first?.value ?? 0) - exact[0]) <= 1e-8)
  }

  @Test func theObserverCountsAndEnds() throws {
    struct Stop: Error {}
    let map = try DenseSymmetricMap(SampleSpectrum.symmetric(30, seed: 1))
    var last = 0
    let ends = try Lanczos.extremes(of: map, count: 2) { products in
      #expect(products == last + 1)
      last = products
    }
    #expect(last == ends.products)
    #expect(throws: Stop.self) {
      _ = try Lanczos.extremes(of: map, count: 2) { products in if products == 5 { throw Stop() } }
    }
  }

  private func root(_ x: Double) -> Double { (try? x.squareRoot()) ?? .nan }
}
