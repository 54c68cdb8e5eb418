import Arithmetic
import Evaluation
import Formulas
import Foundation
import MatrixCalculus
import Testing
import Transformers

/// The Hessian blocks of networks, by both routes, against nested dual numbers over F_p.
@Suite struct NetworkTests {
  static let networks: [(text: String, tokens: Size)] = [
    ("linear(h, bias), linear(c)", "L"), ("linear(3), relu, linear(2, bias)", "L"),
    ("linear(h, bias), gelu, linear(c)", 1),
    ("position, head(softmax, key: k, value: c)", "L"),
    ("residual(attention(softmax, heads: 2, key: k, value: 1))", "L"),
    ("residual(attention(linear, heads: 1, key: k, value: h)), mean, linear(c)", "L"),
    ("flatten, linear(c), relu, linear(2)", "L"), ("residual(linear(3), gelu, linear(d)), mean", "L"),
    ("attention(gaussian, heads: 1, key: k, value: 1)", "L"),
    ("norm(plain, epsilon: 1/7), head(softmax, key: k, value: c)", "L"),
    ("residual(norm, attention(softmax, heads: 1, key: k, value: 1))", "L"),
    ("linear(3), norm(epsilon: 1/2), linear(c)", "L"), ("linear(h), norm, gelu, linear(c)", 1),
    ("head(softmax, joint, value: c)", "L"), ("attention(linear, heads: 2, joint, value: 1), norm, mean", "L"),
    ("head(linear, key: k, value: h), head(linear, key: k, value: c)", "L"),
  ]
  static let sizes = ["L": 2, "d": 2, "h": 3, "c": 2, "k": 4, "r": 1]

  private func network(_ index: Int) throws -> Network {
    let (text, tokens) = Self.networks[index]
    return try Network(Layer.parse(list: text), tokens: tokens)
  }

  @Test(arguments: networks.indices, Loss.allCases) func blocksEqualTheSecondDerivative(index: Int, loss: Loss) throws {
    let network = try network(index)
    for route in Route.allCases {
      let derived = DerivedNetwork(network, loss, route)
      for seed in UInt64(1)...2 {
        let point = try derived.point(Self.sizes, as: Formal<Modular>.self, seed: seed)
        #expect(try derived.wrongBlocks(at: point) == [], "\(network.text), \(loss), \(route), seed \(seed)")
      }
      for block in derived.blocks {
        for formula in [block.outerProduct, block.functional] {
          #expect(!formula.hasDerivative, "\(network.text), \(loss), \(route): \(formula)")
        }
      }
    }
  }

  /// Low-rank adapters and frozen layers: what is trained, what is held fixed, and the blocks.
  @Test func partsOfANetworkAreTrained() throws {
    let layers = try Layer.parse(list: "residual(attention(softmax, heads: 1, key: k, value: 2)), mean, linear(c)")
    let adapted = try Network(layers, training: .lowRank(rank: "r", alpha: 3, of: ["W_Q", "W_V"], also: ["layer 2"]))
    #expect(adapted.parameters.map(\.name) == ["A_Q^{1,1}", "B_Q^{1,1}", "A_V^{1,1}", "B_V^{1,1}", "W^2"])
    #expect(adapted.constants.map(\.name) == ["W_Q^{1,1}", "W_K^{1,1}", "W_V^{1,1}", "W_O^{1,1}"])
    let chosen = try Network(layers, training: .only(["W_K", "W_O^{1,1}"]))
    #expect(chosen.parameters.map(\.name) == ["W_K^{1,1}", "W_O^{1,1}"])
    for network in [adapted, chosen] {
      let derived = DerivedNetwork(network, .crossEntropy)
      let point = try derived.point(Self.sizes, as: Formal<Modular>.self, seed: 3)
      #expect(try derived.wrongBlocks(at: point) == [])
    }
    // The adapter changes the weights by (3/r) A B.
    let plain = try Network(layers)
    var point = try DerivedNetwork(adapted, .meanSquare).point(
      ["L": 2, "d": 2, "c": 2, "k": 4, "r": 2], as: Formal<Modular>.self, seed: 5)
    let expected = try adapted.output.value(in: point)
    for kind in ["Q", "V"] {
      let symbols = [adapted.constants, adapted.parameters].joined().filter { $0.name.contains("_\(kind)^") }
      let W = Formula.symbol(symbols[0]), AB = Formula.symbol(symbols[1]) * .symbol(symbols[2])
      point[symbols[0]] = try (W + AB.scaled(by: .integer(3) * Formula.integer(2).inverse)).value(in: point)
    }
    #expect(try plain.output.value(in: point) == expected)
  }

  /// The theory's layer as a network has the same output as `SelfAttention`.
  @Test(arguments: AttentionKernel.allCases) func aHeadIsTheLayerOfTheTheory(kernel: AttentionKernel) throws {
    let network = try Network([.head(kernel, queryKey: .separate("d_K"), valueWidth: "d_V")])
    let layer = SelfAttention(kernel)
    let names = Dictionary(
      uniqueKeysWithValues: zip(network.parameters, layer.parameters).map { (Formula.symbol($0), Formula.symbol($1)) })
    #expect(network.output.replacing(names) == layer.output)
  }

  /// One matrix in the place of queries and keys: `W_QK = W_Q W_Kᵀ` gives the same output where the key width is that of the
  /// tokens.
  @Test(arguments: [AttentionKernel.softmax, .linear]) func oneMatrixForQueriesAndKeys(kernel: AttentionKernel) throws {
    let joint = try Network([.head(kernel, queryKey: .joint, valueWidth: "c")])
    #expect(joint.parameters.map(\.name) == ["W_QK^1", "W_V^1"])
    #expect(joint.parameters[0].shape == Shape("d", "d"))
    let apart = try Network([.head(kernel, queryKey: .separate("d"), valueWidth: "c")])
    let product = Formula.symbol(apart.parameters[0]) * Formula.symbol(apart.parameters[1]).transposed
    let output = joint.output.replacing([.symbol(joint.parameters[0]): product])
    var generator = SplitMix64(seed: 1)
    var point = Environment<Formal<Modular>>(sizes: ["L": 3, "d": 4, "c": 2])
    try point.draw([apart.input] + apart.parameters, using: &generator)
    #expect(try output.value(in: point) == apart.output.value(in: point))
  }

  /// Layer normalisation: the rows of its value have mean zero and mean square `v/(v + ε)`, and its weights their names.
  @Test func normalizedTokens() throws {
    let network = try Network(Layer.parse(list: "norm(epsilon: 1/4), norm(plain)"))
    #expect(network.parameters.map(\.name) == ["gamma^1", "beta^1"])
    #expect(network.parameters.allSatisfy { $0.shape == Shape(1, "d") })
    #expect(network.normalizations.map(\.epsilon) == [.integer(4).inverse, .integer(100_000).inverse])
    #expect(network.abbreviations.map(\.name.description) == ["N_1", "Z_1"])
    #expect(
      try Network(Layer.parse(list: "linear(2), norm"), training: .only(["gamma"])).parameters.map(\.name) == [
        "gamma^2"
      ])
    let point = Environment<Double>(
      sizes: ["L": 2, "d": 4],
      values: [network.input: Matrix(rows: 2, columns: 4, entries: [1, 2, 3, 6, 5, 5, 5, 5])])
    let value = try NormalizationFunctions.layerNorm(.symbol(network.input), .integer(4).inverse).value(in: point)
    // Mean 3, variance 3.5.
    let root: Double = sqrt(3.75)
    for (found, centered) in zip(value.entries, [-2.0, -1, 0, 3, 0, 0, 0, 0]) {
      #expect(abs(found - centered / root) < 1e-15)
    }
  }

  /// The hypothesis is named in every proof that uses it, and is needed.
  @Test func theHypothesisOfTheCrossEntropyIsNamed() throws {
    let derived = DerivedNetwork(try network(0), .crossEntropy)
    let hypothesis = try #require(derived.objective.hypotheses.first)
    #expect(hypothesis.status == .hypothesis)
    for block in derived.blocks { #expect(block.proof.rulesUsed.contains(hypothesis.id)) }
    var point = try derived.point(Self.sizes, as: Formal<Modular>.self, seed: 1)
    let target = derived.objective.target
    point[target] = point[target].map { $0 + $0 }
    for abbreviation in derived.objective.abbreviations { try point.define(abbreviation.definition) }
    #expect(try !derived.wrongBlocks(at: point).isEmpty)
    #expect(throws: Discrepancy.self) { try derived.blocks[0].proof.check(derived.derivation.rules, at: point) }
  }

  @Test func everyStepIsChecked() throws {
    for (index, loss) in [(1, Loss.crossEntropy), (2, .meanSquare), (4, .crossEntropy)] {
      let derived = DerivedNetwork(try network(index), loss)
      let point = try derived.point(Self.sizes, as: Formal<Modular>.self, seed: 4)
      for block in derived.blocks { try block.proof.check(derived.derivation.rules, at: point) }
    }
  }

  @Test func layersThatDoNotFitAreRefused() throws {
    #expect(throws: NetworkError.empty) { try Network([]) }
    #expect(throws: NetworkError.flatten) { try Network(Layer.parse(list: "linear(3), flatten")) }
    #expect(throws: NetworkError.headCount(0)) {
      try Network([.attention(.softmax, heads: 0, queryKey: .separate(1), valueWidth: 1)])
    }
    let wide = try Layer.parse(list: "residual(linear(3))")
    #expect(throws: NetworkError.residual(wide[0], expected: Shape("L", "d"), found: Shape("L", 3))) {
      try Network(wide)
    }
    #expect(throws: NetworkError.unknownWeight("W_Q", valid: ["W^1", "W", "layer 1"])) {
      try Network(Layer.parse(list: "linear(3)"), training: .only(["W_Q"]))
    }
    #expect(throws: NetworkError.jointDistances) {
      try Network(Layer.parse(list: "head(gaussian, joint, value: 2)"))
    }
    #expect(throws: NetworkError.nothingTrained) { try Network(Layer.parse(list: "linear(3)"), training: .only([])) }
  }
}

extension Formula {
  /// Whether a derivative is left.
  var hasDerivative: Bool {
    kind == .jacobian || kind == .pullback || kind == .contraction || operands.contains(where: \.hasDerivative)
  }
}
