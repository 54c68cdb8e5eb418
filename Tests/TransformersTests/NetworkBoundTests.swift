import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Testing
import Transformers

/// Bounds of networks: replayed by the checker, above the norms at random and at extreme points.
@Suite struct NetworkBoundTests {
  private static let sizes = ["L": 2, "d": 2, "h": 3, "c": 2, "k": 4]
  static let networks = [
    "linear(h, bias), linear(c)", "linear(h), relu, linear(c)", "linear(h), gelu, linear(c)",
    "residual(attention(softmax, heads: 1, key: k, value: 1)), mean, linear(c)",
    "norm(epsilon: 1/4), head(softmax, key: k, value: 2)",
    "residual(norm(epsilon: 1/4), attention(softmax, heads: 1, key: k, value: 1))",
    "head(softmax, joint, value: c), norm(plain, epsilon: 1/4)",
    "head(linear, key: 1, value: 2), head(linear, key: 1, value: c)",
  ]

  /// What of the longer ones is trained.
  private static let trained: [String: Set<String>] = [
    "head(linear, key: 1, value: 2), head(linear, key: 1, value: c)": ["W_Q^1"]
  ]

  private func witness(_ objective: Objective) throws -> BoundSearch.Witness {
    var generator = SplitMix64(seed: 1)
    var point = Environment<Double>(sizes: Self.sizes)
    let model = objective.model
    try point.draw([model.input, objective.target] + model.parameters + model.constants, using: &generator)
    let evaluator = Evaluator(point)
    return { try evaluator.value(of: $0).scalar }
  }

  @Test(arguments: networks, [Loss.meanSquare, .crossEntropy])
  func boundsHoldAndTheirProofsAreReplayed(text: String, loss: Loss) throws {
    let training = Self.trained[text].map { Training.only($0) } ?? .all
    let derived = DerivedNetwork(try Network(Layer.parse(list: text), training: training), loss)
    for families in [Set<AllowedNorms.Family>(), [.residual, .products, .rows]] {
      let bound = try HessianBound(
        derived.derivation, allowing: AllowedNorms(families), at: [witness(derived.objective)])
      try bound.proof.replay(bound.rules)
      for block in bound.blocks {
        try block.outerProduct.replay(bound.rules)
        try block.functional.replay(bound.rules)
      }
      for seed in UInt64(1)...8 {
        var point = try derived.point(Self.sizes, as: Double.self, seed: seed)
        let scale = [0.1, 1, 4, 40][Int(seed) % 4], target = derived.objective.target
        for symbol in [derived.objective.model.input] + derived.objective.model.parameters {
          point[symbol] = point[symbol]?.map { scale * $0 }
        }
        // Targets as far as they can be from what the network says.
        point[target] = point[target].map { drawn in
          Matrix(rows: drawn.rows, columns: drawn.columns) { i, j in j == (i + Int(seed)) % drawn.columns ? 1 : 0 }
        }
        for abbreviation in derived.objective.abbreviations { try point.define(abbreviation.definition) }
        let evaluator = Evaluator(point)
        for block in bound.blocks {
          let norm = try evaluator.value(of: block.block.total.norm()).scalar
          let value = try evaluator.value(of: block.bound).scalar
          #expect(
            norm <= value * (1 + 1e-9), "\(text), \(loss), \(block.block.row), \(block.block.column), seed \(seed)")
        }
      }
    }
  }

  /// A smaller right side, and a step left out of any lemma, are refused.
  @Test func plantedErrorsAreRefused() throws {
    let network = try Network(Layer.parse(list: "norm(epsilon: 1/4), head(softmax, key: k, value: 2)"))
    let derived = DerivedNetwork(network, .meanSquare)
    let bound = try HessianBound(derived.derivation, allowing: AllowedNorms(), at: [witness(derived.objective)])
    for block in bound.blocks {
      let proof = block.proof, judgement = proof.judgement
      try proof.replay(bound.rules)
      let half = Judgement(judgement.left, .atMost, Formula.integer(2).inverse * judgement.right)
      #expect(throws: ProofError.self) {
        try Proof(title: "half", half, steps: proof.steps, lemmas: proof.lemmas).replay(bound.rules)
      }
      for i in proof.lemmas.indices where !proof.lemmas[i].steps.isEmpty {
        var lemmas = proof.lemmas
        let lemma = lemmas[i]
        lemmas[i] = Proof(
          title: lemma.title, lemma.judgement, steps: Array(lemma.steps.dropLast()), lemmas: lemma.lemmas)
        #expect(throws: ProofError.self) {
          try Proof(title: "short", judgement, steps: proof.steps, lemmas: lemmas).replay(bound.rules)
        }
      }
    }
  }

  /// The hypothesis about distributions: used where the residual is not measured, needed, and sharp.
  @Test func theDistanceOfDistributions() throws {
    let derived = DerivedNetwork(try Network(Layer.parse(list: "linear(c)")), .crossEntropy)
    let hypothesis = try #require(derived.objective.boundHypotheses.first)
    let plain = try Network(Layer.parse(list: "linear(h), linear(c)"))
    let two = DerivedNetwork(plain, .crossEntropy)
    let bound = try HessianBound(two.derivation, allowing: AllowedNorms([]), at: [witness(two.objective)])
    #expect(bound.proof.rulesUsed.contains(hypothesis.id))
    #expect(throws: ProofError.self) { try bound.proof.replay(bound.rules.filter { $0.key != hypothesis.id }) }
    let (input, weight, target) = (
      derived.objective.model.input, derived.objective.model.parameters[0], derived.objective.target
    )
    var largest = 0.0
    for (logit, label) in [(0.0, 0), (1, 0), (1, 1), (30, 0), (30, 1), (-30, 1)] {
      let point = Environment<Double>(
        sizes: ["L": 1, "d": 1, "c": 2],
        values: [
          input: Matrix(1.0), weight: Matrix(rows: 1, columns: 2, entries: [logit, -logit]),
          target: Matrix(rows: 1, columns: 2) { _, j in j == label ? 1 : 0 },
        ])
      let sides = try (
        hypothesis.statement.left.value(in: point).scalar, hypothesis.statement.right.value(in: point).scalar
      )
      #expect(sides.0 <= sides.1 + 1e-12)
      largest = max(largest, sides.0 / sides.1)
    }
    #expect(largest > 0.999_999, "the constant is attained")
  }
}
