import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Testing

/// Functions that may be shifted by rows: no overflow in floating point, and the same value as without the shift.
@Suite struct SoftmaxTests {
  private let T = Formula.symbol("T", 2, 3)

  private func point(_ logits: [Double]) -> Environment<Double> {
    Environment(sizes: [:], values: [T.symbols[0]: Matrix(rows: 2, columns: 3, entries: logits)])
  }

  @Test func largeLogitsAreLegal() throws {
    let value = try RowwiseFunctions.softmax(T).value(in: point([1000, -1000, 999, -1000, -1000, -1000]))
    #expect(value.entries.allSatisfy { $0.isFinite })
    for i in 0..<2 { #expect(abs(value.row(i).reduce(0, +) - 1) <= 1e-15) }
    let shifted = try RowwiseFunctions.softmax(T).value(in: point([1, -1999, 0, 0, 0, 0]))
    #expect(value == shifted)
    #expect(abs(value[0, 0] - 0.7310585786300049) <= 1e-15)
    #expect(value[0, 1] == 0)
    #expect(value.row(1).allSatisfy { $0 == value[1, 0] })
  }

  @Test func derivativesAtLargeLogitsAreFinite() throws {
    let large = point([1000, -1000, 999, -1000, -1000, -999]), small = point([1, -1999, 0, 0, 0, 1])
    let jacobian = RowwiseFunctions.softmax(T).jacobian(T), second = jacobian.jacobian(T)
    for formula in [jacobian, second] {
      let value = try formula.value(in: large)
      #expect(value.entries.allSatisfy { $0.isFinite })
      #expect(value == (try formula.value(in: small)))
    }
  }

  /// The unshifted body, for moderate logits.
  @Test func theBodyIsTheMeaning() throws {
    let moderate = point([0.3, -1.2, 2, 0, 0.5, -0.25])
    let call = try RowwiseFunctions.softmax(T).value(in: moderate)
    let body = try RowwiseFunctions.softmax.body([T]).value(in: moderate)
    for (a, b) in zip(call.entries, body.entries) { #expect(abs(a - b) <= 1e-15) }
  }

  @Test func namedFunctionsEqualTheirBodiesExactly() throws {
    var generator = SplitMix64(seed: 3)
    var environment = Environment<Formal<Modular>>(sizes: [:])
    let G = Formula.symbol("G", 2, 3)
    try environment.draw(T.symbols + G.symbols, using: &generator)
    for (function, count) in RowwiseFunctions.functions {
      let operands = Array([T, G].prefix(count))
      let call = Formula(.call(function), operands)
      #expect(try call.value(in: environment) == function.body(operands).value(in: environment), "\(function.name)")
    }
  }

  /// `𝒟`, `center` and `κ` as MATH.md defines them, row by row.
  @Test func momentsRowByRow() throws {
    var generator = SplitMix64(seed: 5)
    var environment = Environment<Modular>(sizes: [:])
    let A = Formula.symbol("A", 2, 3), G = Formula.symbol("G", 2, 3)
    try environment.draw(A.symbols + G.symbols, using: &generator)
    // Rows that sum to one, as the central moments need.
    var weights = try A.value(in: environment)
    for i in 0..<2 { weights[i, 2] = 1 - weights[i, 0] - weights[i, 1] }
    environment[A.symbols[0]] = weights
    let seed = try G.value(in: environment)
    let jacobian = try RowwiseFunctions.softmaxJacobian(A).value(in: environment)
    let centred = try RowwiseFunctions.center(A, G).value(in: environment)
    let third = try RowwiseFunctions.thirdMoment(A, G).value(in: environment)
    for i in 0..<2 {
      let mean = (0..<3).reduce(Modular.zero) { $0 + weights[i, $1] * seed[i, $1] }
      for j in 0..<3 {
        #expect(centred[i, j] == weights[i, j] * (seed[i, j] - mean))
        for k in 0..<3 {
          let delta: Modular = j == k ? 1 : 0
          #expect(jacobian[3 * i + j, 3 * i + k] == delta * weights[i, j] - weights[i, j] * weights[i, k])
          // κ(g, e_j, e_k) = Σ_l a_l (g_l − ḡ)(δ_lj − a_j)(δ_lk − a_k).
          let moment = (0..<3).reduce(Modular.zero) { sum, l in
            let left: Modular = (l == j ? 1 : 0) - weights[i, j], right: Modular = (l == k ? 1 : 0) - weights[i, k]
            return sum + weights[i, l] * (seed[i, l] - mean) * left * right
          }
          #expect(third[3 * i + j, 3 * i + k] == moment)
          #expect(third[j, 3 + k].isZero && jacobian[3 + j, k].isZero)
        }
      }
    }
  }
}
