import Arithmetic
import AttentionHessian
import Testing

@testable import Studies

@Suite struct BoundExplanationTests {
  typealias Input = BoundEvaluation.Input

  static let inputs: [Input] = [
    Input(dataNorm: 2, weightNorm: 3, sequenceLength: 8, keyWidth: 16, valueWidth: 5),
    Input(
      dataNorm: Rational(3, over: 7), weightNorm: 9, queryNorm: 2, keyNorm: 5, valueNorm: Rational(1, over: 3),
      sequenceLength: 3, keyWidth: 7, valueWidth: 2, residual: .norm(Rational(11, over: 4))),
    Input(
      dataNorm: 4, weightNorm: 6, queryNorm: 6, keyNorm: 1, valueNorm: 2, sequenceLength: 5, keyWidth: 2,
      valueWidth: 11, residual: .targetNorm(13), shufflingNorm: 3),
    Input(
      dataNorm: 1, weightNorm: 2, sequenceLength: 9, keyWidth: 4, valueWidth: 3, residual: .norm(1),
      attentionNorm: Rational(5, over: 2)),
  ]

  private static let tiny = Rational(1, over: 1_000_000_000_000)

  private static func expect(
    _ ball: Ball, near value: Rational, _ comment: String, within tolerance: Rational = tiny,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let difference = (ball - Ball(value)).magnitude
    #expect(try difference.upper <= tolerance, "\(comment): \(ball), not \(value)", sourceLocation: sourceLocation)
  }

  private static func elasticity(_ explanation: BoundExplanation, _ name: String) throws -> Ball {
    try #require(explanation.bound.dependences.first { $0.input.name.description == name }).elasticity
  }

  // MARK: Shares

  @Test(arguments: inputs.indices) func sharesAddUpToOne(index: Int) throws {
    let explanation = try BoundExplanation(Self.inputs[index])
    let sum = explanation.bound.shares.reduce(Ball.zero) { $0 + $1.share }
    try Self.expect(sum, near: 1, "the sum of the shares")
    for share in explanation.bound.shares { #expect(share.share.isNonnegative, "\(share.term)") }
    // A term that names the residual is one of the functional part, which has none in the block (V,V).
    let functional = explanation.bound.shares.filter { explanation.part(of: $0.term) == .functional }
    #expect(functional.count == (index == 0 ? 0 : 6))
    #expect(!functional.contains { $0.row == 2 && $0.column == 2 })
    #expect(try explanation.bound.value == BoundEvaluation(Self.inputs[index]).derived)
  }

  /// Without the second copy of an off-diagonal block, or with equal weights, the parts would not be these.
  @Test func theWeightsAreThoseOfSingularVectors() throws {
    let two = Ball(2), one = Ball(1), zero = Ball.zero
    let symmetric = try PerronWeights([[two, one], [one, two]], norm: Ball(3))
    for i in 0..<2 { for j in 0..<2 { try Self.expect(symmetric[i, j], near: Rational(1, over: 6), "\(i) \(j)") } }
    let single = try PerronWeights([[zero, two], [zero, zero]], norm: two)
    for i in 0..<2 {
      for j in 0..<2 { try Self.expect(single[i, j], near: i < j ? Rational(1, over: 2) : 0, "\(i) \(j)") }
    }
    // Singular values 4 and 2 of the matrix [[0, 4, 0], [0, 0, 2], [0, 0, 0]].
    let chain = try PerronWeights([[zero, Ball(4), zero], [zero, zero, two], [zero, zero, zero]], norm: Ball(4))
    try Self.expect(chain[0, 1], near: Rational(1, over: 4), "the largest")
    try Self.expect(chain[1, 2], near: 0, "another")
    #expect(throws: ExplanationError.self) { try PerronWeights([[one, zero], [zero, one]], norm: one) }
  }

  // MARK: Elasticities

  /// The elasticities by norms are difference quotients of the bound, evaluated on its own.
  @Test(arguments: inputs.indices) func elasticitiesAreDifferenceQuotients(index: Int) throws {
    let explanation = try BoundExplanation(Self.inputs[index])
    let h = Rational(1, over: 1_000_000_000)
    let changes: [(String, (inout Input, Rational) -> Void)] = [
      ("‖X‖₂", { $0.dataNorm = $0.dataNorm * $1 }), ("‖W_Q‖₂", { $0.queryNorm = $0.queryNorm * $1 }),
      ("‖W_K‖₂", { $0.keyNorm = $0.keyNorm * $1 }), ("‖W_V‖₂", { $0.valueNorm = $0.valueNorm * $1 }),
      ("‖R‖_F", { if case .norm(let r) = $0.residual { $0.residual = .norm(r * $1) } }),
      ("‖Y‖_F", { if case .targetNorm(let y) = $0.residual { $0.residual = .targetNorm(y * $1) } }),
      ("‖A‖₂", { if let norm = $0.attentionNorm { $0.attentionNorm = norm * $1 } }),
    ]
    let names = explanation.bound.inputs.map(\.name.description)
    for (name, change) in changes where names.contains(name) {
      func bound(_ factor: Rational) throws -> Ball {
        var input = Self.inputs[index]
        input.weightNorm = 100
        change(&input, factor)
        return try BoundEvaluation(input).derived.ball
      }
      let quotient = try (bound(1 + h) - bound(1 - h)).divided(by: Ball(2 * h) * bound(1))
      let difference = try (quotient - Self.elasticity(explanation, name)).magnitude.upper
      #expect(difference < Rational(1, over: 1_000_000_000_000), "\(name)")
    }
    #expect(changes.filter { names.contains($0.0) }.count >= 4)
  }

  /// At large sizes, one more or less changes little.
  @Test func elasticitiesBySizesAreDifferenceQuotients() throws {
    func input(_ length: Int, _ keyWidth: Int, _ valueWidth: Int) -> Input {
      Input(
        dataNorm: 5, weightNorm: 7, queryNorm: 2, keyNorm: 7, valueNorm: 3, sequenceLength: length,
        keyWidth: keyWidth, valueWidth: valueWidth, residual: .norm(100))
    }
    let n = 1_000_000
    let explanation = try BoundExplanation(input(n, n, n))
    let moved: [(String, (Int) -> Input)] = [
      ("L", { input(n + $0, n, n) }), ("d_K", { input(n, n + $0, n) }), ("d_V", { input(n, n, n + $0) }),
    ]
    for (name, input) in moved {
      let above = try BoundEvaluation(input(1)).derived.ball, below = try BoundEvaluation(input(-1)).derived.ball
      let middle = try BoundEvaluation(input(0)).derived.ball
      let quotient = try ((above - below) * Ball(n)).divided(by: Ball(2) * middle)
      let difference = try (quotient - Self.elasticity(explanation, name)).magnitude.upper
      #expect(difference < Rational(1, over: 10_000_000_000), "\(name)")
    }
  }

  /// Every block has the factor `1/d_V`; at zero residual the norms of `W_Q` and `W_K` come with `1/√d_K` each.
  @Test func elasticitiesObeyTheSymmetriesOfTheBound() throws {
    for input in [Self.inputs[0], Self.inputs[1], Self.inputs[3]] {
      try Self.expect(Self.elasticity(BoundExplanation(input), "d_V"), near: -1, "d_V")
    }
    let equal = try BoundExplanation(Self.inputs[0])
    let query = try Self.elasticity(equal, "‖W_Q‖₂"), key = try Self.elasticity(equal, "‖W_K‖₂")
    try Self.expect(query - key, near: 0, "equal norms")
    try Self.expect(query + key + Ball(2) * Self.elasticity(equal, "d_K"), near: 0, "W_Q, W_K against d_K")
    // The printed entry that counts is 2 W⁴X⁶/(L d_V d_K).
    let printed = try #require(equal.printed).bound.dependences
    #expect(printed.map(\.input.symbol.name) == ["x", "W_max", "L", "d_K", "d_V"])
    for (dependence, power) in zip(printed, [6, 4, -1, -1, -1]) {
      try Self.expect(dependence.elasticity, near: Rational(power), dependence.input.symbol.name)
    }
  }

  // MARK: Halving

  @Test func halvingIsTheBoundAtHalf() throws {
    let input = Self.inputs[0]
    let explanation = try BoundExplanation(input)
    var half = input
    half.keyNorm = Rational(3, over: 2)
    #expect(try halved(explanation, "‖W_K‖₂") == BoundEvaluation(half).derived)
    half = input
    half.sequenceLength = 4
    #expect(try halved(explanation, "L") == BoundEvaluation(half).derived)
    half = input
    half.keyWidth = 8
    #expect(try halved(explanation, "d_K") == BoundEvaluation(half).derived)
    // Half of an odd size is a number too: every block has 1/d_V.
    let factor = try #require(explanation.bound.dependences.last).factor
    try Self.expect(factor, near: 2, "d_V")
  }

  private func halved(_ explanation: BoundExplanation, _ name: String) throws -> Quantity {
    try #require(explanation.bound.dependences.first { $0.input.name.description == name }).halved
  }

  // MARK: Branches

  @Test func thePrintedMaximumSwitches() throws {
    // All entries of the printed maximum are equal where W² X² = √d_K, here at W = 2, and at X = 2.
    let input = Input(dataNorm: 1, weightNorm: Rational(3, over: 2), sequenceLength: 8, keyWidth: 16, valueWidth: 16)
    let branch = try #require(try BoundExplanation(input).printed).branch
    #expect(branch.names == ["V,V", "Q,Q", "V,Q", "Q,K"] && branch.active == [0])
    let switches = branch.switches.map { ($0.input.symbol.name, Double($0.value), $0.operand) }
    #expect(switches.map(\.0) == ["x", "W_max", "d_K"])
    for (change, value) in zip(switches, [4.0 / 3, 2, 81.0 / 16]) {
      #expect(abs(change.1 - value) < 1e-9 * value && change.2 != 0, "\(change)")
    }
    // At the point where they meet all of them count.
    var meeting = input
    meeting.weightNorm = 2
    (meeting.queryNorm, meeting.keyNorm, meeting.valueNorm) = (2, 2, 2)
    let tied = try #require(try BoundExplanation(meeting).printed).branch
    #expect(tied.active == [0, 1, 2, 3] && tied.switches.isEmpty)
  }

  @Test func theDerivedMinimumSwitches() throws {
    // α = 5/2 against √L = 3.
    let explanation = try BoundExplanation(Self.inputs[3])
    #expect(!explanation.branches.isEmpty)
    for branch in explanation.branches {
      let alpha = try #require(branch.switches.first { $0.input.symbol == DerivedBound.attentionNorm })
      let length = try #require(branch.switches.first { $0.input.size == "L" })
      #expect(abs(Double(alpha.value) - 3) < 1e-9 && abs(Double(length.value) - 6.25) < 1e-9)
      #expect(
        alpha.operand != branch.active[0]
          && branch.formula.operands[branch.active[0]].contains(.symbol(DerivedBound.attentionNorm)))
    }
    #expect(try BoundExplanation(Self.inputs[0]).branches.isEmpty)
  }

  /// Beyond floating point the search goes on in balls: `W² X² = √d_K` at `X = 10⁻⁴⁰⁰`, and from zero.
  @Test func switchesBeyondFloatingPoint() throws {
    var input = Input(
      dataNorm: try Rational(exactly: "1e-400"), weightNorm: try Rational(exactly: "1e400"), sequenceLength: 8,
      keyWidth: 10_000, valueWidth: 16)
    let far = try #require(try BoundExplanation(input).printed).branch
    let x = try #require(far.switches.first { $0.input.symbol.name == "x" })
    #expect(far.active == [0] && abs(Double(x.value * input.weightNorm) - 10) < 1e-8)
    input = Input(dataNorm: 3, weightNorm: 0, sequenceLength: 8, keyWidth: 16, valueWidth: 16)
    let zero = try #require(try BoundExplanation(input).printed).branch
    let w = try #require(zero.switches.first { $0.input.symbol.name == "W_max" })
    #expect(
      abs(Double(w.value) - 2.0 / 3) < 1e-8 && zero.switches.filter { $0.input.symbol.name == "W_max" }.count == 1)
    // Smaller sizes than one are none.
    #expect(!far.switches.contains { $0.input.size == "L" })
  }

  // MARK: Errors

  @Test func aBoundThatIsZeroIsRefused() {
    #expect(throws: ExplanationError.self) {
      try BoundExplanation(Input(dataNorm: 0, weightNorm: 1, sequenceLength: 2, keyWidth: 2, valueWidth: 2))
    }
    #expect(throws: BoundInputError.self) {
      try BoundExplanation(Input(dataNorm: -1, weightNorm: 1, sequenceLength: 2, keyWidth: 2, valueWidth: 2))
    }
    // A norm of zero is no obstacle where others are not.
    #expect(throws: Never.self) {
      try BoundExplanation(
        Input(dataNorm: 1, weightNorm: 1, queryNorm: 0, sequenceLength: 2, keyWidth: 2, valueWidth: 2))
    }
  }

  // MARK: Output

  @Test func tablesHaveEveryNumber() throws {
    let explanation = try BoundExplanation(Self.inputs[1])
    let text = try explanation.text(), csv = try explanation.csv(), latex = try explanation.latex(provenance: "test")
    for name in ["‖X‖₂", "‖W_Q‖₂", "‖R‖_F", "W_max"] { #expect(text.contains(name) && csv.contains(name)) }
    #expect(!text.contains("`") && !text.contains("‖H‖₂ ="))
    #expect(latex.ranges(of: "\\begin{tabular}").count == 4)
    #expect(try explanation.figure() == nil)
    let lines = csv.split(separator: "\n")
    #expect(lines[0] == "table,row,item,quantity,value" && lines.count > 60)
  }
}
