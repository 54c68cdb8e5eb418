import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Testing

@testable import Transformers

@Suite struct DynamicsTests {
  private static let dominance = GradientDominance.derived

  @Test func theInequalityOfDominanceIsProven() throws {
    let one = Self.dominance
    try one.gradient.replay(one.rules)
    try one.proof.replay(one.rules)
    #expect("\(one.gradient.judgement)" == "∇_{W_V}⟨G, B W_V W_O − Y⟩ = Bᵀ G W_Oᵀ")
    #expect("\(one.proof.judgement)" == "‖R‖_F ≤ ‖P‖₂ ‖Bᵀ R W_Oᵀ‖_F ‖Q‖₂")
    for hypothesis in one.hypotheses {
      var rules = one.rules
      rules[hypothesis.id] = nil
      #expect(throws: (any Error).self) { try one.proof.replay(rules) }
    }
  }

  /// A lemma is used backward only where it is an equality.
  @Test func aSmallerBoundIsRefused() {
    let one = Self.dominance, right = one.proof.judgement.right
    for index in right.operands.indices {
      let rest = right.operands.indices.filter { $0 != index }.map { right.operands[$0] }
      let proof = Proof(
        title: "", Judgement(one.proof.judgement.left, .atMost, .product(rest)), steps: one.proof.steps,
        lemmas: one.proof.lemmas)
      #expect(throws: (any Error).self) { try proof.replay(one.rules) }
    }
  }

  @Test(arguments: AttentionKernel.allCases) func featureBoundsAreProvenAndHold(kernel: AttentionKernel) throws {
    let bound = try FeatureBound(kernel), layer = SelfAttention(kernel)
    for proof in bound.proofs { try proof.replay(bound.rules) }
    let sizes = ["L": 3, "d": 2, "d_K": 2, "d_V": 1]
    var closest = 0.0
    for seed in 1...40 {
      var generator = SplitMix64(seed: UInt64(seed))
      var point = Environment<Double>(sizes: sizes)
      try point.draw([layer.input] + layer.parameters, using: &generator)
      // At the centre of the ball: the radius is zero.
      var values = Environment<Double>(sizes: sizes, values: [BallBound.radius: Matrix(0)])
      for number in bound.numbers {
        values[number.symbol] = Matrix(try Formula.symbol(number.matrix).norm(number.norm).value(in: point).scalar)
      }
      for (parameter, formula) in zip(layer.parameters, bound.bounds) {
        let jacobian = try Self.differences(of: layer.features[0], by: parameter, at: point)
        let norm = try LinearAlgebra.largestSingularValue(of: jacobian)
        let limit = try formula.value(in: values).scalar
        #expect(norm <= limit * (1 + 1e-6), "\(kernel), \(parameter): \(norm) above \(limit)")
        closest = max(closest, norm / limit)
      }
    }
    #expect(closest > 0.1, "the bound is \(1 / closest) times what is found")
  }

  /// Central differences.
  private static func differences(
    of formula: Formula, by parameter: Symbol, at point: Environment<Double>
  ) throws -> Matrix<Double> {
    let W = try #require(point[parameter]), step = 1e-6
    let columns = try W.entries.indices.map { k -> [Double] in
      let ends = try [step, -step].map { change -> [Double] in
        var entries = W.entries, moved = point
        entries[k] += change
        moved[parameter] = Matrix(rows: W.rows, columns: W.columns, entries: entries)
        return try formula.value(in: moved).entries
      }
      return zip(ends[0], ends[1]).map { ($0 - $1) / (2 * step) }
    }
    return Matrix(rows: columns[0].count, columns: columns.count) { i, j in columns[j][i] }
  }

  @Test func aPartOfALayerIsTrained() throws {
    let layer = SelfAttention(.softmax, heads: 2)
    let part = try TrainedPart(layer, training: ["W_Q", "W_V"])
    #expect(part.parameters.map(\.name) == ["W_Q^1", "W_V^1", "W_Q^2", "W_V^2"])
    #expect(part.constants.map(\.name) == ["W_K^1", "W_O^1", "W_K^2", "W_O^2"])
    #expect(throws: NetworkError.self) { try TrainedPart(layer, training: ["W_X"]) }
    #expect(throws: NetworkError.self) { try TrainedPart(layer, training: []) }
  }
}
