import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Testing

@Suite struct EvaluatorRowBlocksTests {
  static let A = Formula.symbol("A", "m", "n"), G = Formula.symbol("G", "m", "n")
  static let P = Formula.symbol("P", "p", "n"), Q = Formula.symbol("Q", "n", "q"), I = Formula.identity("m")
  static let jacobian = RowwiseFunctions.softmaxJacobian(A), moment = RowwiseFunctions.thirdMoment(A, G)
  static let matrices: [Formula] = [
    jacobian, moment, (I ⊗ P) * jacobian * (I ⊗ Q), moment * (I ⊗ Q), (I ⊗ P) * jacobian * moment,
    jacobian * (I ⊗ Q) * (I ⊗ Q.transposed) * jacobian,
    // Not block diagonal by form, or with blocks of another size: formed as a whole.
    (Formula.identity("n") ⊗ Formula.symbol("S", "m", "m")) * jacobian,
  ]

  @Test(arguments: matrices.indices) func blockwiseNormsAgreeWithTheWhole(index: Int) throws {
    var generator = SplitMix64(seed: UInt64(index))
    let formula = Self.matrices[index]
    for (m, n) in [(3, 2), (2, 2), (1, 4)] {
      var point = Environment<Double>(sizes: ["m": m, "n": n, "p": 2, "q": 3])
      try point.draw(formula.symbols, using: &generator)
      let whole = try Double.spectralNorm(of: try formula.value(in: point))
      let norm = try formula.norm().value(in: point).scalar
      #expect(abs(norm - whole) <= 1e-13 * whole, "\(formula)")
    }
  }

  @Test func functionsSaidToBeBlockDiagonalAre() throws {
    var generator = SplitMix64(seed: 9)
    for (function, count) in RowwiseFunctions.functions where function.isBlockDiagonalByRow {
      let operands = [Self.A, Self.G].prefix(count)
      var point = Environment<Double>(sizes: ["m": 3, "n": 4])
      try point.draw([Self.A, Self.G].flatMap(\.symbols), using: &generator)
      let value = try Formula(.call(function), Array(operands)).value(in: point)
      for i in 0..<12 {
        for j in 0..<12 where i / 4 != j / 4 { #expect(value[i, j] == 0, "\(function.name) at \(i), \(j)") }
      }
    }
  }
}
