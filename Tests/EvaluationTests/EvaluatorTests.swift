import Arithmetic
import Evaluation
import Formulas
import Testing

/// The value of every operator against its definition, entry by entry.
@Suite struct EvaluatorTests {
  private typealias M = Matrix<Modular>
  private static let A = Formula.symbol("A", "m", "n"), B = Formula.symbol("B", "m", "n"),
    C = Formula.symbol("C", "n", "r")
  private static let v = Formula.symbol("v", "n", 1), s = Formula.symbol("s", 1, 1)
  private static let sizes = ["m": 2, "n": 3, "r": 4, "p": 2, "q": 3]

  private static func point(seed: UInt64 = 1) throws -> Environment<Modular> {
    var generator = SplitMix64(seed: seed)
    var point = Environment<Modular>(sizes: sizes)
    try point.draw([A, B, C, v, s].flatMap(\.symbols), using: &generator)
    return point
  }

  /// A formula, its number of rows and columns, and its entry at a row and column from the values of the symbols.
  struct Case: CustomTestStringConvertible, Sendable {
    let formula: Formula
    let rows: Int
    let columns: Int
    let entry: @Sendable (_ values: [String: Matrix<Modular>], _ i: Int, _ j: Int) -> Modular
    var testDescription: String { formula.description }
    init(
      _ formula: Formula, _ rows: Int, _ columns: Int,
      _ entry: @escaping @Sendable ([String: Matrix<Modular>], Int, Int) -> Modular
    ) { (self.formula, self.rows, self.columns, self.entry) = (formula, rows, columns, entry) }
  }

  private static func sum(_ range: Range<Int>, _ term: (Int) -> Modular) -> Modular {
    range.reduce(.zero) { $0 + term($1) }
  }

  static let cases: [Case] = [
    Case(A, 2, 3) { $0["A"]![$1, $2] }, Case(.variable("A", "m", "n"), 2, 3) { $0["A"]![$1, $2] },
    Case(.integer(-7), 1, 1) { _, _, _ in -Modular(7) }, Case(.size(Size("m") * "n" + 1), 1, 1) { _, _, _ in 7 },
    Case(.identity("n"), 3, 3) { _, i, j in i == j ? 1 : 0 }, Case(.zero("m", "r"), 2, 4) { _, _, _ in 0 },
    Case(.ones("r", "m"), 4, 2) { _, _, _ in 1 },
    // Row (j,i) of K_{m,n} picks entry (i,j).
    Case(.commutation("m", "n"), 6, 6) { _, row, column in column == row % 2 * 3 + row / 2 ? 1 : 0 },
    Case(.commutation("m", "n") * A.vectorized, 6, 1) { $0["A"]!.transposed.vectorized[$1, $2] },
    Case(.sum([A, B, A]), 2, 3) { $0["A"]![$1, $2] + $0["B"]![$1, $2] + $0["A"]![$1, $2] },
    Case(A - B, 2, 3) { $0["A"]![$1, $2] - $0["B"]![$1, $2] },
    Case(A * C, 2, 4) { v, i, j in sum(0..<3) { v["A"]![i, $0] * v["C"]![$0, j] } },
    Case(.product([B.transposed, A, C]), 3, 4) { v, i, j in
      sum(0..<2) { k in sum(0..<3) { l in v["B"]![k, i] * v["A"]![k, l] * v["C"]![l, j] } }
    },
    Case(A.scaled(by: s), 2, 3) { $0["s"]!.scalar * $0["A"]![$1, $2] },
    Case(A ⊙ B, 2, 3) { $0["A"]![$1, $2] * $0["B"]![$1, $2] },
    Case(A ⊗ C, 6, 12) { $0["A"]![$1 / 3, $2 / 4] * $0["C"]![$1 % 3, $2 % 4] },
    Case(Formula(.kronecker, [v, A, v]), 18, 3) {
      $0["v"]![$1 / 6, 0] * $0["A"]![$1 / 3 % 2, $2] * $0["v"]![$1 % 3, 0]
    },
    Case(A.transposed, 3, 2) { $0["A"]![$2, $1] }, Case(A.vectorized, 6, 1) { v, i, _ in v["A"]![i / 3, i % 3] },
    Case(v.diagonal, 3, 3) { $1 == $2 ? $0["v"]![$1, 0] : 0 },
    Case(.blockDiagonal([A, C]), 5, 7) { v, i, j in
      i < 2 && j < 3 ? v["A"]![i, j] : i >= 2 && j >= 3 ? v["C"]![i - 2, j - 3] : 0
    },
    Case(.blocks([[A, .zero("m", "r")], [.identity("n"), C]]), 5, 7) { v, i, j in
      i < 2 ? (j < 3 ? v["A"]![i, j] : 0) : j < 3 ? (i - 2 == j ? 1 : 0) : v["C"]![i - 2, j - 3]
    },
    Case(B.jacobian(A), 6, 6) { _, _, _ in 0 },
    Case((A ⊙ A).jacobian(A), 6, 6) { v, i, j in i == j ? 2 * v["A"]!.entries[i] : 0 },
    Case((A * C).jacobian(C), 8, 12) { v, i, j in i % 4 == j % 4 ? v["A"]![i / 4, j / 4] : 0 },
    Case(.pullback(A * C, C, .symbol("B C", "m", "r")), 3, 4) { v, i, j in
      sum(0..<2) { v["A"]![$0, i] * v["BC"]![$0, j] }
    },
    // The pullback's seed is a value: it is not differentiated, even where it depends on the symbol.
    Case(.pullback(A, A, A ⊙ A), 2, 3) { $0["A"]![$1, $2] * $0["A"]![$1, $2] },
    // diag(vec_r G) K_{m,n}, with G = A.
    Case(.contraction(A, A.transposed.vectorized.diagonal, A), 6, 6) { v, i, j in
      j == (i % 2) * 3 + i / 2 ? v["A"]!.entries[i] : 0
    },
  ]

  @Test(arguments: cases) func values(of example: Case) throws {
    var point = try Self.point()
    var values: [String: Matrix<Modular>] = [:]
    for (symbol, value) in point.values { values[symbol.name] = value }
    let product = try (Self.B * Self.C).value(in: point)
    point[Symbol("B C", Shape("m", "r"))] = product
    values["BC"] = product
    let value = try example.formula.value(in: point)
    #expect(value == Matrix(rows: example.rows, columns: example.columns) { example.entry(values, $0, $1) })
  }

  @Test func elementwiseFunctions() throws {
    let x = Formula.symbol("x", 1, 3)
    let point = Environment<Double>(
      sizes: [:], values: [x.symbols[0]: Matrix(rows: 1, columns: 3, entries: [-2, 0.25, 4])])
    #expect(try x.mapped(.positivePart).value(in: point).entries == [0, 0.25, 4])
    #expect(try x.inverse.value(in: point).entries == [-0.5, 4, 0.25])
    let square = x ⊙ x
    #expect(try square.squareRoot.value(in: point).entries == [2, 0.25, 4])
    let exponential = try x.mapped(.exponential).value(in: point).entries
    for (value, expected) in zip(exponential, [0.1353352832366127, 1.2840254166877414, 54.598150033144236]) {
      #expect(abs(value - expected) <= 1e-14 * expected)
    }
  }

  @Test func extrema() throws {
    let numbers = [3, -5, 2].map { Formula.integer($0) }
    let point = Environment<Rational>(sizes: [:])
    #expect(try Formula.maximum(numbers).value(in: point).scalar == 3)
    #expect(try Formula.minimum(numbers).value(in: point).scalar == -5)
    #expect(try Formula.minimum([numbers[0]]).value(in: point).scalar == 3)
    #expect(try Formula.maximum([numbers[1], numbers[1]]).value(in: point).scalar == -5)
    #expect(throws: EvaluationError.self) { try Formula.maximum(numbers).value(in: Environment<Modular>(sizes: [:])) }
  }

  @Test func norms() throws {
    let A = Formula.symbol("A", 2, 3)
    let value = Matrix<Double>(rows: 2, columns: 3, entries: [3, 0, 4, 0, -12, 0])
    let point = Environment<Double>(sizes: [:], values: [A.symbols[0]: value])
    #expect(try A.norm(.frobenius).value(in: point).scalar == 13)
    #expect(try A.norm(.largestRow).value(in: point).scalar == 12)
    #expect(try A.norm(.rowSum).value(in: point).scalar == 12)
    #expect(try A.transposed.norm(.rowSum).value(in: point).scalar == 12)
    #expect(abs(try A.norm().value(in: point).scalar - 12) < 1e-13)
    #expect(try (A.transposed * A).norm(.rowSum).value(in: point).scalar == 144)
    let exact = Environment<Rational>(sizes: [:], values: [A.symbols[0]: value.map { Rational(Int($0)) }])
    #expect(try A.norm(.frobenius).value(in: exact).scalar == 13)
    #expect(try A.norm(.largestRow).value(in: exact).scalar == 12)
    #expect(throws: EvaluationError.self) { try A.norm().value(in: exact) }
    let ball = try A.norm().value(
      in: Environment<Ball>(sizes: [:], values: [A.symbols[0]: value.map { Ball(Int($0)) }])
    ).scalar
    #expect(ball.contains(12))
    let ones = Environment<Double>(sizes: ["m": 3, "n": 4])
    #expect(abs(try Formula.ones("m", "n").norm().value(in: ones).scalar - 3.4641016151377544) < 1e-13)
  }

  @Test func emptyMatricesHaveValues() throws {
    let X = Formula.symbol("X", "L", "d")
    var point = Environment<Modular>(sizes: ["L": 0, "d": 2])
    var generator = SplitMix64(seed: 1)
    try point.draw(X.symbols, using: &generator)
    #expect(try (X.transposed * X).value(in: point) == .zero(rows: 2, columns: 2))
    let pair = X ⊗ X
    #expect(try pair.jacobian(X).value(in: point).entries.isEmpty)
    #expect(try Formula.identity("L").value(in: point).rows == 0)
  }
}
