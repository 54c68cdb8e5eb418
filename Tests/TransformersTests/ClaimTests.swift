import Arithmetic
import Evaluation
import Formulas
import Testing
import Transformers

@Suite struct ClaimTests {
  @Test func theoremOneIsAboutFreeMatricesOnly() throws {
    let statement = TheoremOne.claim.statement
    #expect(Set((statement.left.symbols + statement.right.symbols).map(\.name)) == ["X", "W_Q", "W_K", "W_V", "Y"])
    #expect(statement.left.shape == .scalar && statement.right.shape == .scalar)
  }

  /// At the counterexample of MATH.md, section 4: M = 1/2 and ‖H‖₂ = 3/4.
  @Test func theoremOneAtTheCounterexample() throws {
    let values: [String: Matrix<Double>] = [
      "X": .identity(2), "W_Q": Matrix(rows: 2, columns: 4) { _, j in j == 0 ? 1 : 0 },
      "W_K": Matrix(rows: 2, columns: 4) { i, j in j == 1 ? (i == 0 ? 1 : -1) : 0 },
      "W_V": Matrix(rows: 2, columns: 2) { i, j in j == 0 ? (i == 0 ? 1 : -1) : 0 },
      "Y": Matrix(repeating: 0, rows: 2, columns: 2),
    ]
    let statement = TheoremOne.claim.statement
    var environment = Environment<Double>(sizes: ["L": 2, "d_V": 2, "d_K": 4])
    for symbol in statement.left.symbols + statement.right.symbols { environment[symbol] = values[symbol.name] }
    #expect(abs(try statement.left.value(in: environment).scalar - 0.75) < 1e-14)
    #expect(abs(try statement.right.value(in: environment).scalar - 0.5) < 1e-14)
  }
}
