import Arithmetic
import Testing

@Suite struct MatrixTests {
  var generator = SplitMix64(seed: 31)

  mutating func matrix(_ rows: Int, _ columns: Int) -> Matrix<Modular> {
    .random(rows: rows, columns: columns, using: &generator)
  }

  @Test mutating func commutationTransposes() {
    let (m, n) = (3, 5)
    let f = matrix(m, n)
    #expect(Matrix.commutation(m, n) * f.vectorized == f.transposed.vectorized)
    #expect(Matrix<Modular>.commutation(m, n) * .commutation(n, m) == .identity(m * n))
    #expect(Matrix<Modular>.commutation(m, n).transposed == .commutation(n, m))
    #expect(Matrix<Modular>.commutation(m, n) != .commutation(n, m))
  }

  @Test mutating func kroneckerMixesWithProductsAndVectorisation() {
    let (a, x, b) = (matrix(2, 3), matrix(3, 5), matrix(5, 7))
    #expect((a * x * b).vectorized == a.kronecker(b.transposed) * x.vectorized)
    let (c, d) = (matrix(3, 4), matrix(7, 2))
    #expect(a.kronecker(b) * c.kronecker(d) == (a * c).kronecker(b * d))
    #expect(a.kronecker(b)[1 * 5 + 2, 2 * 7 + 6] == a[1, 2] * b[2, 6])
    #expect(a.kronecker(b).transposed == a.transposed.kronecker(b.transposed))
  }

  @Test mutating func transposeReversesProducts() {
    let (a, b) = (matrix(2, 3), matrix(3, 5))
    #expect((a * b).transposed == b.transposed * a.transposed)
    #expect(a.transposed[2, 1] == a[1, 2])
  }

  @Test mutating func sumsScalesAndHadamardProductsGoEntryByEntry() {
    let (a, b) = (matrix(2, 3), matrix(2, 3))
    #expect((a + b)[1, 2] == a[1, 2] + b[1, 2])
    #expect((a - b)[0, 1] == a[0, 1] - b[0, 1])
    #expect(a.hadamard(b)[1, 0] == a[1, 0] * b[1, 0])
    #expect(a.scaled(by: 3) == a + a + a)
    #expect((-a + a).isZero && !a.isZero)
    #expect(a.sum == a.entries[0] + a.entries[1] + a.entries[2] + a.entries[3] + a.entries[4] + a.entries[5])
    #expect((a * b.transposed).trace == a.hadamard(b).sum)
  }

  @Test mutating func blocksAndSubmatricesAreInverse() {
    let (a, b, c, d) = (matrix(2, 3), matrix(2, 5), matrix(4, 3), matrix(4, 5))
    let whole = Matrix.blocks([[a, b], [c, d]])
    #expect(whole.rows == 6 && whole.columns == 8)
    #expect(whole.submatrix(rows: 0..<2, columns: 3..<8) == b)
    #expect(whole.submatrix(rows: 2..<6, columns: 0..<3) == c)
    let diagonal = Matrix.blockDiagonal([a, d])
    #expect(diagonal == .blocks([[a, .zero(rows: 2, columns: 5)], [.zero(rows: 4, columns: 3), d]]))
    #expect(Matrix<Modular>.blocks([]).entries.isEmpty)
  }

  @Test mutating func diagonalScalesRows() {
    let (v, m) = (matrix(3, 1), matrix(3, 4))
    #expect((Matrix.diagonal(of: v) * m)[2, 1] == v[2, 0] * m[2, 1])
    #expect(Matrix.diagonal(of: v.transposed) == .diagonal(of: v))
  }

  @Test func emptyShapesAreMatrices() {
    let a = Matrix<Modular>.zero(rows: 3, columns: 0)
    #expect(a * a.transposed == .zero(rows: 3, columns: 3))
    #expect((a.transposed * a).entries.isEmpty)
    #expect(a.transposed.rows == 0 && a.isZero && a.sum.isZero)
    #expect(Matrix<Double>.zero(rows: 0, columns: 4).kronecker(.identity(2)).columns == 8)
  }

  @Test func mapCarriesTheErrorOfItsFunction() throws {
    let m = Matrix<Rational>(rows: 1, columns: 3, entries: [4, 9, 2])
    #expect(m.map { $0 + $0 }.entries == [8, 18, 4])
    #expect(throws: ArithmeticError.self) { try m.mapThrowing { x throws(ArithmeticError) in try x.squareRoot() } }
    #expect(try m.mapThrowing { x throws(ArithmeticError) in try x.reciprocal() }[0, 1] == Rational(1, over: 9))
  }

  @Test mutating func jetsComeApart() {
    let (v, t) = (matrix(2, 3), matrix(2, 3))
    let jet = v.jet(tangent: t)
    #expect(jet.values() == v && jet.tangents() == t && !jet.isConstant())
    #expect(v.jet(tangent: .zero(rows: 2, columns: 3)).isConstant())
  }

  @Test func shapeMistakesStop() async {
    await #expect(processExitsWith: .failure) {
      _ = Matrix<Double>.identity(2) * Matrix<Double>.identity(3)
    }
    await #expect(processExitsWith: .failure) { _ = Matrix<Double>(repeating: 0, rows: -1, columns: 2) }
    await #expect(processExitsWith: .failure) { _ = Matrix<Double>.identity(2)[0, 2] }
    await #expect(processExitsWith: .failure) { _ = Matrix<Double>(repeating: 0, rows: 1 << 40, columns: 1 << 40) }
  }

  @Test func describesItselfByRows() {
    #expect(Matrix<Rational>(rows: 2, columns: 2, entries: [1, 2, 3, 4]).description == "1 2\n3 4")
  }
}
