import Arithmetic
import Testing

@Suite struct LinearAlgebraTests {
  func near(_ a: Matrix<Double>, _ b: Matrix<Double>, _ tolerance: Double = 1e-12) -> Bool {
    (a - b).entries.allSatisfy { abs($0) <= tolerance }
  }

  @Test func singularValuesOfKnownMatrices() throws {
    let diagonal = Matrix.diagonal(of: Matrix<Double>(rows: 3, columns: 1, entries: [2, -5, 1]))
    #expect(try LinearAlgebra.singularValues(of: diagonal) == [5, 2, 1])
    let ones = Matrix<Double>(repeating: 1, rows: 3, columns: 12)
    #expect(try abs(LinearAlgebra.largestSingularValue(of: ones) - 6) < 1e-13)
    #expect(try abs(Double.spectralNorm(of: ones.transposed) - 6) < 1e-13)
    let row = Matrix<Double>(rows: 1, columns: 2, entries: [3, 4])
    #expect(try LinearAlgebra.largestSingularValue(of: row) == 5)
    #expect(try LinearAlgebra.singularValues(of: .zero(rows: 0, columns: 3)).isEmpty)
    #expect(try LinearAlgebra.largestSingularValue(of: .zero(rows: 0, columns: 3)) == 0)
  }

  @Test func eigenvaluesOfTheSecondDifference() throws {
    // tridiag(−1, 2, −1) of order n has the eigenvalues 2 − 2 cos(kπ/(n+1)).
    let n = 12
    let matrix = Matrix<Double>(rows: n, columns: n) { i, j in i == j ? 2 : abs(i - j) == 1 ? -1 : 0 }
    let values = try LinearAlgebra.symmetricEigenvalues(of: matrix)
    // 2 cos(kπ/13) for k = 1 and 12.
    #expect(abs(values[0] - (2 - 1.9418836348521040)) < 1e-13 && abs(values[n - 1] - (2 + 1.9418836348521040)) < 1e-13)
    let (same, vectors) = try LinearAlgebra.symmetricEigen(of: matrix)
    #expect(zip(values, same).allSatisfy { abs($0 - $1) < 1e-13 })
    let scaled = vectors * .diagonal(of: Matrix(rows: n, columns: 1, entries: same))
    #expect(near(matrix * vectors, scaled) && near(vectors.transposed * vectors, .identity(n)))
    #expect(try abs(LinearAlgebra.symmetricSpectralNorm(of: -matrix) - values[n - 1]) < 1e-13)
  }

  @Test func thinDecompositionsMultiplyBack() throws {
    var generator = SplitMix64(seed: 131)
    for (m, n) in [(3, 7), (7, 3), (5, 5), (1, 4)] {
      let matrix = Matrix<Double>.random(rows: m, columns: n, using: &generator)
      let (left, values, right) = try LinearAlgebra.thinSingularValueDecomposition(of: matrix)
      let middle = Matrix.diagonal(of: Matrix(rows: values.count, columns: 1, entries: values))
      #expect(near(left * middle * right, matrix))
      #expect(
        near(left.transposed * left, .identity(min(m, n))) && near(right * right.transposed, .identity(min(m, n))))
      #expect(values == values.sorted(by: >))
    }
  }

  @Test func rowSpaceBasesFindTheRank() throws {
    var generator = SplitMix64(seed: 132)
    let factor = Matrix<Double>.random(rows: 9, columns: 4, using: &generator)
    let matrix = factor * Matrix<Double>.random(rows: 4, columns: 11, using: &generator)
    let (basis, coordinates) = try LinearAlgebra.rowSpaceBasis(of: matrix)
    #expect(basis.rows == 4 && basis.columns == 11 && coordinates.rows == 9 && coordinates.columns == 4)
    #expect(near(coordinates * basis, matrix) && near(basis * basis.transposed, .identity(4)))
    let nothing = try LinearAlgebra.rowSpaceBasis(of: .zero(rows: 2, columns: 3))
    #expect(nothing.basis.rows == 0 && nothing.coordinates.columns == 0)
    #expect(try LinearAlgebra.rowSpaceBasis(of: matrix, tolerance: 2).basis.rows == 0)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func entriesThatAreNotFiniteAreRefused(value: Double) {
    var matrix = Matrix<Double>.identity(3)
    matrix[1, 2] = value
    let expected = LinearAlgebraError.notFinite(row: 1, column: 2)
    #expect(throws: expected) { try LinearAlgebra.singularValues(of: matrix) }
    #expect(throws: expected) { try LinearAlgebra.symmetricEigen(of: matrix) }
    #expect(throws: expected) { try LinearAlgebra.rowSpaceBasis(of: matrix) }
    #expect(throws: ArithmeticError.self) { try Double.spectralNorm(of: matrix) }
    #expect(throws: LinearAlgebraError.notFinite(row: 0, column: 1)) {
      try LinearAlgebra.largestSingularValue(of: Matrix(rows: 1, columns: 2, entries: [1, value]))
    }
  }

  @Test func sizesBeyondTheLibraryAreRefused() {
    #expect(throws: LinearAlgebraError.tooLarge(rows: 1 << 40, columns: 0)) {
      try LinearAlgebra.singularValues(of: .zero(rows: 1 << 40, columns: 0))
    }
  }

  @Test func errorsSayWhatIsWrong() {
    #expect(
      LinearAlgebraError.notFinite(row: 1, column: 2).description == "entry (1, 2) of the matrix is not a finite number"
    )
    #expect(LinearAlgebraError.tooLarge(rows: 5, columns: 6).description.contains("5×6"))
    #expect(LinearAlgebraError.failed(routine: "dgesdd", code: 3).description.contains("did not converge"))
    #expect(LinearAlgebraError.failed(routine: "dgesdd", code: -3).description.contains("refused"))
  }
}
