import Arithmetic
import Contraction
import Evaluation
import Formulas
import MatrixCalculus
import Testing

/// Programs at the limits of what they are made for.
@Suite struct ContractionProgramTests {
  private static func matrix(_ index: Int, _ rows: Size = 2, _ columns: Size = 2) -> Formula {
    .symbol("A\(index)", rows, columns)
  }

  private func check(_ formulas: [Formula], _ comment: Comment, _ sizes: [String: Int] = [:]) throws {
    var generator = SplitMix64(seed: 5), seen: Set<Symbol> = []
    let inputs = formulas.flatMap(\.symbols).filter { seen.insert($0).inserted }
    var point = Environment<Double>(sizes: sizes)
    try point.draw(inputs, using: &generator)
    let evaluation = try ContractionEvaluation(ContractionProgram(formulas, inputs: inputs, sizes: sizes))
    evaluation.bind(point)
    for (formula, found) in zip(formulas, try evaluation()) {
      let expected = try formula.value(in: point)
      #expect((found - expected).largestEntry <= 1e-11 * expected.largestEntry, comment)
    }
  }

  /// The slope of `max(x, 0)` is a function that formulas do not have.
  @Test func slopeOfPositivePart() throws {
    let x = Self.matrix(0, 3, 3)
    try check([x.mapped(.positivePart).jacobian(x)], "0 or 1")
  }

  /// More factors and labels than sets of 64 hold, and more than one operation takes.
  @Test func largeNetworks() throws {
    let A = Self.matrix
    try check([.product((0..<130).map { A($0, 2, 2) })], "chain of inputs")
    try check([.product((0..<70).map { A($0, 3, 3).mapped(.exponential) })], "chain of tensors")
    try check([(1..<130).reduce(A(0, 2, 3)) { $0 ⊙ A($1, 2, 3) }], "elementwise product")
    try check([A(0, 1, 1).power(130)], "power")
    let K = Formula(.kronecker, (0..<7).map { A($0, 2, 2) })
    try check(
      [K.transposed * .commutation(4, 32) ⊙ K, .commutation(2, 64) * K + K.mapped(.exponential)], "7 dimensions each")
    let row = Formula(.kronecker, (0..<11).map { A($0, $0 % 2 == 0 ? 2 : 1, $0 % 2 == 0 ? 1 : 2) })
    try check([row + row.mapped(.exponential)], "11 dimensions")
  }

  /// A part that is used twice at each step must not be multiplied out.
  @Test func sharedPartsStayShared() throws {
    let A = Self.matrix(0)
    try check([(0..<14).reduce(A) { f, _ in (f * f.transposed).scaled(by: Formula.integer(3).inverse) }], "squares")
    try check([(0..<30).reduce(A) { f, _ in f ⊙ f + A }], "sums")
  }

  @Test func emptyMatrices() throws {
    let A = Formula.symbol("A", "N", 2), B = Formula.symbol("B", 2, "N"), C = Formula.symbol("C", 2, 1)
    try check(
      [
        A, .ones("N", 2), A.transposed * A, B * A + .ones(2, 2), B.mapped(.exponential), RowwiseFunctions.softmax(B),
        A.norm(.diameter), .blocks([[C ⊙ C, B * .ones("N", 1)], [.ones("N", 1), .zero("N", 1)]]), (A * C).jacobian(C),
        (B * A * C).jacobian(A), .ones("N", "N").norm(.frobenius),
      ], "no rows", ["N": 0])
  }

  @Test func numbers() throws {
    let x = Formula.symbol("x", 1, 1)
    try check(
      [x * x + .integer(3), .integer(7), .integer(0), .size("n"), .zero(1, 1), x.scaled(by: .size("n"))], "1×1",
      ["n": 3])
  }

  /// What is no number is not taken for a small one.
  @Test func notANumber() throws {
    let x = Formula.symbol("x", 1, 1)
    let formulas = [x.mapped(.positivePart), .maximum([x, .integer(1)]), .minimum([.integer(1), x]), x.norm(.rowSum)]
    let evaluation = try ContractionEvaluation(ContractionProgram(formulas, inputs: x.symbols, sizes: [:]))
    evaluation.bind(x.symbols[0], to: Matrix(Double.nan))
    for (formula, value) in zip(formulas, try evaluation()) { #expect(value.scalar.isNaN, "\(formula)") }
  }

  /// More dimensions than an operation has, of which more are summed over than it has.
  @Test func manySummedLabels() throws {
    let row = Formula(.kronecker, (0..<10).map { Self.matrix($0, 1, 2).mapped(.exponential) })
    let column = Formula(.kronecker, (0..<10).map { Self.matrix(10 + $0, 2, 1).mapped(.exponential) })
    try check([row * column, row * .commutation(2, 512) * (column + column ⊙ column)], "10 sums")
  }

  private func program(_ formula: Formula, _ sizes: [String: Int]) throws -> ContractionProgram {
    try ContractionProgram([formula], inputs: formula.symbols, sizes: sizes)
  }

  /// What does not fit into any memory is refused, and what only looks large is computed.
  @Test func sizes() throws {
    let one = Formula.ones("N", 1)
    #expect(throws: EvaluationError.self) { try self.program(.ones("N", "N") * .ones("N", "N"), ["N": 1 << 31]) }
    #expect(throws: EvaluationError.self) { try self.program((one ⊗ one).transposed * (one ⊗ one), ["N": 1 << 40]) }
    let A = Formula.symbol("A", "N", 1)
    let large = try program((A ⊗ A).norm(.frobenius), ["N": 1 << 20])
    #expect(throws: EvaluationError.self) { try ContractionEvaluation(large) }
    let count = try program(one.transposed * one, ["N": 1 << 40])
    #expect(try ContractionEvaluation(count)()[0].entries == [0x1p40])
  }

  @Test func errors() throws {
    let A = Formula.symbol("A", 2, 2), B = Formula.symbol("B", 2, 2)
    #expect(throws: EvaluationError.unbound(Symbol("B", Shape(2, 2)))) {
      try ContractionProgram([A * B], inputs: A.symbols, sizes: [:])
    }
    #expect(throws: EvaluationError.unknownSize("n")) { try self.program(.symbol("C", "n", 1), [:]) }
    #expect(throws: EvaluationError.self) { try self.program(A.norm().jacobian(A), [:]) }
    #expect(throws: EvaluationError.self) { try ContractionEvaluation(self.program(Formula.integer(0).inverse, [:])) }
    #expect(throws: EvaluationError.self) {
      try ContractionProgram(
        [A.jacobian(B)], definitions: [.init(Symbol("B", Shape(2, 2)), A * A)], inputs: A.symbols, sizes: [:])
    }
  }

  /// `[[S, B], [Bᵀ, T]]` from what is on and right of the diagonal, exactly.
  @Test func symmetricMatrices() throws {
    for seed in UInt64(0)..<200 {
      var random = RandomFormula(seed: seed, .field)
      let W = Symbol("W", Shape(2, "n")), U = Symbol("U", Shape("m", 2)), m = Size("m") * "n"
      let first = random(Shape(m, 1), differentiableBy: [W, U], depth: 2).jacobian(.symbol(W))
      let second = random(Shape(m, 1), differentiableBy: [W, U], depth: 2).jacobian(.symbol(U))
      let own = random(Shape(Size(2) * "n", Size(2) * "n"), differentiableBy: [], depth: 2)
      let S = first.transposed * first + own + own.transposed
      let B = first.transposed * second, T = second.transposed * second + RowwiseFunctions.softmaxJacobian(.symbol(U))
      let all = [S, B, T]
      let point: Environment<Formal<Modular>> = try random.point(all)
      let program = try ContractionProgram(
        symmetric: [[S, B], [T]], inputs: random.inputs(all), sizes: RandomFormula.sizes)
      let expected = try Formula.blocks([[S, B], [B.transposed, T]]).value(in: point)
      #expect(try program.values(in: point)[0] == expected, "seed \(seed)")
    }
  }
}
