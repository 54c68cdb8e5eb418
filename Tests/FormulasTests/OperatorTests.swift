import Formulas
import Testing

/// The shape rule of every operator: what it accepts and what it refuses.
@Suite struct OperatorTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let `operator`: Operator
    let operands: [Formula]
    /// `nil` where the operands do not fit.
    let shape: Shape?
    var testDescription: String { "\(self.operator.kind) of \(operands.map { "\($0.shape)" })" }
    init(_ op: Operator, _ operands: [Formula], _ shape: Shape?) {
      (self.operator, self.operands, self.shape) = (op, operands, shape)
    }
  }

  private static let A = Sample.A, B = Sample.B, C = Sample.C, W = Sample.W, v = Sample.column, s = Sample.s
  private static let square = Function("square", shape: { $0.count == 1 ? Shape($0[0].rows, $0[0].rows) : nil }) {
    $0[0] * $0[0].transposed
  }
  private static let block = Formula.symbol("G", Size("m") * "n", "r")

  static let cases: [Case] = [
    Case(.symbol(Symbol("A", Shape("m", "n"))), [], Shape("m", "n")), Case(.symbol(Symbol("A", .scalar)), [A], nil),
    Case(.variable(Symbol("A", Shape("m", "n"))), [], Shape("m", "n")), Case(.variable(Symbol("A", .scalar)), [A], nil),
    Case(.integer(3), [], .scalar), Case(.integer(3), [s], nil), Case(.size("m"), [], .scalar),
    Case(.size("m"), [s], nil),
    Case(.identity, [], nil), Case(.zero, [], nil), Case(.ones, [A], nil),
    Case(.commutation("m", "n"), [], Shape(Size("m") * "n", Size("m") * "n")), Case(.commutation("m", "n"), [A], nil),
    Case(.sum, [A, B], Shape("m", "n")), Case(.sum, [A, C], nil), Case(.sum, [], nil),
    Case(.sum, [A, A.transposed], nil),
    Case(.product, [A, C], Shape("m", "r")), Case(.product, [A, B], nil), Case(.product, [], nil),
    Case(.product, [s, A], nil), Case(.product, [s, s], .scalar), Case(.product, [v, v.transposed], Shape("n", "n")),
    Case(.scale, [s, A], Shape("m", "n")), Case(.scale, [A, s], nil), Case(.scale, [s], nil),
    Case(.scale, [s, s, A], nil),
    Case(.hadamard, [A, B], Shape("m", "n")), Case(.hadamard, [A, C], nil), Case(.hadamard, [A], nil),
    Case(.hadamard, [A, B, A], nil),
    Case(.kronecker, [A, C], Shape(Size("m") * "n", Size("n") * "r")), Case(.kronecker, [], nil),
    Case(.transpose, [A], Shape("n", "m")), Case(.transpose, [A, B], nil), Case(.transpose, [], nil),
    Case(.vectorize, [A], Shape(Size("m") * "n", 1)), Case(.vectorize, [], nil),
    Case(.diagonal, [v], Shape("n", "n")), Case(.diagonal, [A], nil), Case(.diagonal, [v.transposed], nil),
    Case(.blockDiagonal, [A, C], Shape(Size("m") + "n", Size("n") + "r")), Case(.blockDiagonal, [], nil),
    Case(.blocks(rows: 1), [A, A * C], Shape("m", Size("n") + "r")),
    Case(.blocks(rows: 2), [A, B], Shape(Size(2) * "m", "n")),
    Case(.blocks(rows: 1), [A, C], nil), Case(.blocks(rows: 2), [A, C], nil), Case(.blocks(rows: 2), [A, B, A], nil),
    Case(.blocks(rows: 0), [A], nil), Case(.blocks(rows: -1), [A], nil), Case(.blocks(rows: .max), [A], nil),
    Case(.blocks(rows: 1), [], nil),
    Case(.map(.exponential), [A], Shape("m", "n")), Case(.map(.reciprocal), [A, A], nil),
    Case(.map(.squareRoot), [], nil),
    Case(.call(square), [A], Shape("m", "m")), Case(.call(square), [], nil), Case(.call(square), [A, A], nil),
    Case(.jacobian, [A, W], Shape(Size("m") * "n", Size("p") * "q")), Case(.jacobian, [A, W.transposed], nil),
    Case(.jacobian, [A, .integer(1)], nil), Case(.jacobian, [A], nil),
    Case(.pullback, [A, W, B], Shape("p", "q")), Case(.pullback, [A, W, C], nil), Case(.pullback, [A, W + W, B], nil),
    Case(.pullback, [A, W], nil),
    Case(.contraction, [A, block, W], Shape("r", Size("p") * "q")), Case(.contraction, [A, C, W], nil),
    Case(.contraction, [A, block, -W], nil), Case(.contraction, [A, block], nil),
    Case(.norm(.spectral), [A], .scalar), Case(.norm(.rowSum), [A, B], nil), Case(.norm(.frobenius), [], nil),
    Case(.maximum, [s, s], .scalar), Case(.maximum, [A, B], nil), Case(.maximum, [], nil), Case(.maximum, [s, A], nil),
    Case(.minimum, [s], .scalar), Case(.minimum, [A], nil), Case(.minimum, [], nil),
  ]

  @Test(arguments: cases) func shapes(of example: Case) {
    switch Formula.applied(example.operator, example.operands) {
    case .success(let formula): #expect(formula.shape == example.shape)
    case .failure(let error):
      #expect(example.shape == nil, "\(error)")
      for operand in example.operands { #expect(error.description.contains("\(operand.shape)")) }
    }
  }

  @Test func everyKindHasACase() {
    let covered = Set(Self.cases.map(\.operator.kind))
    #expect(covered.count == Int(Operator.Kind.minimum.rawValue) + 1)
  }

  @Test func leavesKeepTheirShapes() {
    #expect(Formula.identity("n").shape == Shape("n", "n"))
    #expect(Formula.zero("m", "n").shape == Shape("m", "n"))
    #expect(Formula.ones("m", "n").shape == Shape("m", "n"))
    #expect(Formula.zero("m", "n") != .zero("n", "m"))
  }

  /// A lone operand of a sum, product or Kronecker product is that operand, even one that `.sum` would refuse twice.
  @Test func oneOperandIsItself() {
    #expect(Formula.sum([Self.A]) == Self.A)
    #expect(Formula.product([Self.A]) == Self.A)
    #expect(Formula(.kronecker, [Self.A]) == Self.A)
  }
}
