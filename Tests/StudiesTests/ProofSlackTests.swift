import Arithmetic
import AttentionHessian
import Foundation
import Testing

@testable import Studies

@Suite struct ProofSlackTests {
  /// The exact counterexample to the printed theorem: `‖H‖₂ = 3/4`, `M = 5/4`, all of it lost in `‖A‖₂ ≤ √L`.
  static func counterexample() throws -> LayerInstance {
    func matrix(_ rows: [[Int]]) -> Matrix<Rational> {
      Matrix(rows: rows.count, columns: rows[0].count, entries: rows.flatMap { $0 }.map { Rational($0) })
    }
    return try LayerInstance(
      kernel: .softmax, samples: [.init(input: matrix([[1, 0], [0, 1]]), target: .output)],
      heads: [
        .init(
          query: matrix([[1, 0, 0, 0], [1, 0, 0, 0]]), key: matrix([[0, 1, 0, 0], [0, -1, 0, 0]]),
          value: matrix([[1, 0], [-1, 0]]))
      ])
  }

  @Test func theCounterexampleLosesInTheAttentionNorm() throws {
    let explanation = try BoundExplanation(Self.counterexample(), subject: "counterexample")
    let slack = try #require(explanation.slack)
    guard case .enclosed(let norm) = slack.measurement else {
      Issue.record("a small norm is enclosed")
      return
    }
    #expect(norm == .exact(Rational(3, over: 4)))
    #expect(abs(slack.proof.start - 0.75) < 1e-9 && abs(slack.proof.end - 1.25) < 1e-9)
    #expect(
      slack.proof.laws[0].rule == "norm_softmax_spectral" && slack.proof.tightLaws.count == slack.proof.laws.count - 1)
    #expect(abs(slack.proof.laws[0].loss - log(5.0 / 3)) < 1e-9)
    let worst = try #require(slack.proof.worst)
    #expect(worst.rule == "norm_softmax_spectral" && worst.block?.row == 2 && worst.block?.column == 2)
    #expect(worst.left.description == "‖A‖₂" && worst.right.description == "√L")
    #expect(abs(worst.leftValue - 1) < 1e-12 && abs(worst.rightValue - sqrt(2.0)) < 1e-12)
    #expect(explanation.printed?.isForSizes == true)
    #expect(try explanation.text().contains("Theorem 1 as printed does not hold here"))
    #expect(try explanation.text().contains("‖H‖₂ = 3/4 (enclosed)"))
  }

  /// Two opposite tokens and no weights: the mean token is zero, and so is the Hessian, but not its bound.
  @Test func aHessianThatIsZeroHasAChain() throws {
    let zero = Matrix<Rational>.zero(rows: 1, columns: 1)
    let instance = try LayerInstance(
      kernel: .softmax, samples: [.init(input: Matrix(rows: 2, columns: 1, entries: [1, -1]), target: .output)],
      heads: [.init(query: zero, key: zero, value: zero)])
    let explanation = try BoundExplanation(instance, subject: "zero")
    let proof = try #require(explanation.slack).proof
    #expect(proof.start == 0 && abs(proof.end - 4) < 1e-9 && proof.laws[0].loss == .infinity)
    #expect(try explanation.text().contains("‖H‖₂ = 0 (enclosed)"))
    #expect(try explanation.ratios().map(\.key) == ["norm", "derived_printed"])
    let json = JSONWriter().text(try explanation.json())
    #expect(json.contains("derived_printed") && !json.contains("nan"))
    #expect(try explanation.figure()?.rungs.first?.value == nil)
  }

  private static func dense(_ instance: LayerInstance) throws -> Matrix<Double> {
    try LossEvaluation(instance, as: Double.self).hessian()
  }

  private func expectChain(_ explanation: BoundExplanation, of instance: LayerInstance, _ comment: String) throws {
    let proof = try #require(explanation.slack).proof
    let norm = try LinearAlgebra.largestSingularValue(of: Self.dense(instance))
    #expect(abs(proof.start - norm) <= 1e-6 * norm, "\(comment): starts at \(proof.start), not \(norm)")
    let end = Double(try explanation.bound.value.upper)
    #expect(abs(proof.end - end) <= 1e-6 * end, "\(comment): ends at \(proof.end), not \(end)")
    var last = proof.start
    for rung in proof.rungs {
      #expect(rung.value >= last * (1 - 1e-6), "\(comment): \(rung.rule) falls from \(last) to \(rung.value)")
      #expect(abs(log(rung.value / last) - rung.loss) < 1e-6 + 1e-6 * rung.loss, "\(comment): \(rung.rule)")
      last = rung.value
    }
    let total = proof.laws.reduce(0) { $0 + $1.loss }
    #expect(abs(total - log(proof.end / proof.start)) < 1e-5, "\(comment): losses add up to \(total)")
    #expect(proof.laws.reduce(0) { $0 + $1.uses } == proof.rungs.reduce(0) { $0 + $1.uses })
    #expect(zip(proof.laws, proof.laws.dropFirst()).allSatisfy { $0.loss >= $1.loss })
  }

  private static let sizes = LayerSizes(sequenceLength: 4, width: 3, keyWidth: 2, valueWidth: 5)
  /// Fewer tokens than columns, so that the weights are measured on the span of the data.
  private static let wide = LayerSizes(sequenceLength: 3, width: 5, keyWidth: 2, valueWidth: 4)

  @Test(arguments: 1...2) func theChainLeadsFromTheNormToTheBound(seed: Int) throws {
    let instance = try LayerInstance.random(.softmax, sizes: Self.sizes, seed: UInt64(seed))
    try expectChain(BoundExplanation(instance, subject: "random"), of: instance, "seed \(seed)")
  }

  @Test(arguments: AttentionKernel.allCases) func everyKernelHasAChain(kernel: AttentionKernel) throws {
    // On the span of the data, and with every law, for the kernel that has most of them.
    let all = Set(AllowedNorms.Family.allCases)
    let cases: [(LayerSizes, Set<AllowedNorms.Family>)] = [(Self.sizes, [.residual])]
    for (sizes, families) in cases + (kernel == .softmax ? [(Self.wide, all)] : []) {
      let instance = try LayerInstance.random(kernel, sizes: sizes, seed: 7)
      let explanation = try BoundExplanation(instance, allowing: families, subject: "random")
      try expectChain(explanation, of: instance, "\(kernel) \(families.count)")
      let sum = explanation.bound.shares.reduce(Ball.zero) { $0 + $1.share }
      #expect(try (sum - .one).magnitude.upper < Rational(1, over: 1_000_000_000))
      #expect((explanation.printed != nil) == (kernel == .softmax))
    }
  }

  @Test func severalHeadsHaveAChain() throws {
    var generator = SplitMix64(seed: 5)
    func matrix(_ rows: Int, _ columns: Int) -> Matrix<Rational> {
      Matrix(rows: rows, columns: columns) { _, _ in Rational(Int(generator.next() % 17) - 8, over: 8) }
    }
    let instance = try LayerInstance(
      kernel: .softmax, samples: [.init(input: matrix(3, 2), target: .matrix(matrix(3, 2)))],
      heads: (0..<2).map { _ in .init(query: matrix(2, 1), key: matrix(2, 1), value: matrix(2, 2)) },
      outputMatrix: matrix(4, 2))
    let explanation = try BoundExplanation(instance, allowing: [.residual], subject: "two heads")
    try expectChain(explanation, of: instance, "two heads")
    #expect(explanation.parameters.count == 8 && explanation.printed == nil)
    #expect(throws: ExplanationError.self) { try BoundExplanation(instance, subject: "two heads") }
  }

  /// The value of the sharper bound is the one of the ladder.
  @Test func theBoundIsThatOfTheLadder() throws {
    let instance = try LayerInstance.random(.softmax, sizes: Self.wide, seed: 3)
    let ladder = try BoundLadder(instance)
    let explanation = try BoundExplanation(instance, allowing: Set(AllowedNorms.Family.allCases), subject: "random")
    let rung = Double(try #require(ladder.rungs.last).value.upper), value = Double(try explanation.bound.value.upper)
    #expect(abs(rung - value) <= 1e-9 * rung)
  }

  /// Matrices with Kronecker products are applied as the formed matrices are, transposed too.
  @Test(arguments: [AttentionKernel.softmax, .gaussian]) func matricesAreAppliedAsTheyAre(kernel: AttentionKernel)
    throws
  {
    let instance = try LayerInstance.random(kernel, sizes: Self.sizes, seed: 11)
    let derivation = HessianDerivation(instance.objective)
    var point = try instance.environment(of: derivation.objective, as: Double.self)
    for abbreviation in derivation.objective.abbreviations { try point.define(abbreviation.definition) }
    let evaluation = PointEvaluation(point, closedForms: [:], seed: 1)
    for block in derivation.blocks() {
      let formed = try block.total.value(in: point)
      let scale = max(formed.frobeniusNorm, 1)
      let right = try evaluation.image(of: block.total, .identity(formed.columns), transposed: false)
      #expect((right - formed).frobeniusNorm <= 1e-12 * scale, "\(block.row) \(block.column)")
      let left = try evaluation.image(of: block.total, .identity(formed.rows), transposed: true)
      #expect((left - formed.transposed).frobeniusNorm <= 1e-12 * scale, "\(block.row) \(block.column)")
    }
  }

  /// A step that is left out, or a law that is missing, is no proof to walk.
  @Test func aProofThatDoesNotHoldIsRefused() throws {
    let derived = try DerivedBound.derived(.norm)
    let evaluation = PointEvaluation(Environment(sizes: [:]), closedForms: [:], seed: 1)
    let proof = derived.proof
    let shortened = Proof(
      title: proof.title, proof.judgement, steps: Array(proof.steps.dropLast()), lemmas: proof.lemmas)
    var rules = derived.rules
    rules["norm_mul_spectral"] = nil
    #expect(throws: (any Error).self) { try ProofWalk(shortened, derived.rules, evaluation) }
    #expect(throws: (any Error).self) { try ProofWalk(proof, rules, evaluation) }
  }

  /// A law with a planted factor below one is seen: the chain falls there.
  @Test func aFalseLawIsSeen() throws {
    let x = Symbol("X", Shape("m", "n")), X = Formula.symbol(x)
    let B = Formula.variable("B", "m", "n")
    let wrong = Rule("wrong", because: "planted") { B.norm(.frobenius) ≤ Formula.integer(2).inverse * B.norm() }
    let grid = NormLaws.blocks(rows: 1, columns: 1)
    let substitution = Substitution(formulas: [Symbol("B", Shape("m", "n")): X], sizes: ["m": "m", "n": "n"])
    let proof = Proof(
      title: "false", Judgement(X.norm(.frobenius), .atMost, Formula.integer(2).inverse * X.norm()),
      steps: [DerivationStep(.rule("wrong"), at: .root, substitution)])
    var point = Environment<Double>(sizes: ["m": 2, "n": 2])
    point[x] = .identity(2)
    let walk = try ProofWalk(proof, ["wrong": wrong, grid.id: grid], PointEvaluation(point, closedForms: [:], seed: 1))
    let slack = try ProofSlack(walk, ["wrong": wrong], blockCount: 0, names: [:])
    #expect(abs(slack.start - sqrt(2.0)) < 1e-12 && abs(slack.end - 0.5) < 1e-12)
    #expect(slack.laws[0].loss < -1)
  }

  @Test func theFigureIsTheChain() throws {
    let instance = try LayerInstance.random(.softmax, sizes: Self.sizes, seed: 2)
    let explanation = try BoundExplanation(instance, subject: "random")
    let figure = try #require(try explanation.figure())
    let proof = try #require(explanation.slack).proof
    #expect(figure.rungs.count == 3 + proof.rungs.filter { $0.loss >= 0.005 }.count)
    #expect(figure.rungs.map(\.kind).filter { $0 != .step } == [.start, .end, .comparison])
    let values = figure.rungs.dropLast().compactMap(\.value)
    #expect(values == values.sorted() && values.count == figure.rungs.count - 1)
  }
}
