import Testing

@testable import AttentionHessian
@testable import Studies

@Suite struct TridiagonalMatrixTests {
  /// Ends and last entries against LAPACK, order by order as the matrix grows.
  @Test(arguments: [1.0, 1e-8, 1e-14]) func theEndsAreThoseOfLAPACK(coupling: Double) throws {
    var generator = SplitMix64(seed: 31)
    for _ in 0..<6 {
      var matrix = TridiagonalMatrix()
      for order in 1...40 {
        matrix.append(.random(using: &generator), coupling: coupling * abs(.random(using: &generator)))
        let (values, vectors) = try matrix.eigen()
        let norm = values.map { abs($0) }.max() ?? 0
        for (end, index) in [(Extreme.smallest, 0), (.largest, order - 1)] {
          let (value, lastEntry) = matrix.extreme(end)
          #expect(abs(value - values[index]) <= 1e-14 * norm, "order \(order)")
          let gap =
            (0..<order).filter { $0 != index }.map { abs(values[$0] - values[index]) }.min() ?? norm
          let expected = abs(vectors[index * order + order - 1])
          #expect(abs(lastEntry - expected) <= 1e-13 * norm / gap, "order \(order): \(lastEntry), \(expected)")
        }
        let middle = values[order / 2] - 1e-7
        #expect(matrix.count(above: middle) == values.filter { $0 > middle }.count)
      }
    }
  }

  /// Entries far below the precision of LAPACK's eigenvectors.
  @Test func tinyLastEntriesKeepTheirDigits() {
    var matrix = TridiagonalMatrix()
    matrix.append(1, coupling: 0)
    for _ in 0..<12 { matrix.append(0, coupling: 1e-5) }
    #expect(abs(matrix.extreme(.largest).lastEntry / 1e-60 - 1) < 1e-8)
  }

  @Test func decoupledPartsAreSeen() {
    var matrix = TridiagonalMatrix()
    for entry in [1.0, -2, 5, 3] { matrix.append(entry, coupling: 0) }
    #expect(matrix.extreme(.largest).value == 5 && matrix.extreme(.smallest).value == -2)
    #expect(matrix.extreme(.largest).lastEntry == 0)
  }
}
