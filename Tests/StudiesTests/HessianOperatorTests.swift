import AttentionHessian
import Testing

/// Hessian–vector products against the dense Hessian of the derived blocks.
@Suite struct HessianOperatorTests {
  struct Layer: CustomTestStringConvertible, Sendable {
    let derivation: HessianDerivation
    let blocks: [HessianBlock]
    let testDescription: String

    init(_ model: SelfAttention, _ name: String) {
      derivation = HessianDerivation(Objective(model))
      blocks = derivation.blocks()
      testDescription = name
    }

    func instance(seed: UInt64) throws -> (operator: HessianOperator, dense: Matrix<Double>, blocks: [Matrix<Double>]) {
      let sizes = LayerSizes(sequenceLength: 3, width: 2, keyWidth: 2, valueWidth: 3, outputWidth: 2)
      var point = try derivation.randomPoint(sizes, as: Double.self, seed: seed)
      let hessian = try HessianOperator(derivation, at: point)
      for abbreviation in derivation.objective.abbreviations { try point.define(abbreviation.definition) }
      let evaluator = Evaluator(point), n = derivation.objective.model.parameters.count
      let values = try blocks.map { try evaluator.value(of: $0.total) }
      return (hessian, .blocks((0..<n).map { Array(values[($0 * n)..<(($0 + 1) * n)]) }), values)
    }
  }

  static let layers = [
    Layer(SelfAttention(.softmax), "softmax"), Layer(SelfAttention(.gaussian), "gaussian"),
    Layer(SelfAttention(.linear), "linear"),
    Layer(SelfAttention(.softmax, heads: 2), "two heads"),
  ]

  @Test(arguments: layers) func productsAreThoseOfTheDenseHessian(layer: Layer) throws {
    let (hessian, dense, _) = try layer.instance(seed: 1)
    #expect(hessian.dimension == dense.rows)
    #expect(hessian.ranges.last?.upperBound == dense.rows)
    let scale = dense.entries.map { abs($0) }.max() ?? 0
    for j in 0..<dense.rows {
      var unit = [Double](repeating: 0, count: dense.rows)
      unit[j] = 1
      for (i, value) in try hessian(unit).enumerated() {
        #expect(abs(value - dense[i, j]) <= 1e-12 * scale, "\(i), \(j)")
      }
    }
    var generator = SplitMix64(seed: 2)
    let v = (0..<dense.rows).map { _ in Double.random(using: &generator) }
    let expected = dense * Matrix(rows: v.count, columns: 1, entries: v)
    for (value, exact) in zip(try hessian(v), expected.entries) { #expect(abs(value - exact) <= 1e-12 * scale * 10) }
  }

  @Test(arguments: layers) func normsAreThoseOfLAPACK(layer: Layer) throws {
    let (hessian, dense, blocks) = try layer.instance(seed: 3)
    let norm = try LinearAlgebra.symmetricSpectralNorm(of: dense), found = try hessian.spectralNorm(seed: 5)
    #expect(found.converged)
    #expect(abs(found.norm - norm) <= 1e-9 * norm)
    #expect(found.norm <= norm * (1 + 1e-12))
    let n = hessian.parameters.count
    for i in 0..<n {
      for j in i..<n {
        let exact = try LinearAlgebra.largestSingularValue(of: blocks[i * n + j])
        #expect(abs(try hessian.blockNorm(i, j, seed: 7).norm - exact) <= 1e-9 * exact, "block \(i), \(j)")
      }
    }
  }

  @Test(arguments: layers) func finiteDifferencesAgree(layer: Layer) throws {
    let (hessian, _, _) = try layer.instance(seed: 4)
    for i in hessian.parameters.indices {
      #expect(try hessian.finiteDifference(i, i, seed: 9) < 1e-6)
      #expect(try hessian.finiteDifference(0, i, seed: 9) < 1e-6)
    }
  }

  @Test func theLossMovesAlongItsDirections() throws {
    let (hessian, dense, _) = try Self.layers[0].instance(seed: 6)
    let zero = [Double](repeating: 0, count: dense.rows)
    var unit = zero
    unit[0] = 1
    let still = try hessian.loss(moved: 0, unit, 0, unit)
    #expect(try hessian.loss(moved: 5, zero, -3, zero) == still)
    let residual = try hessian.residualValue()
    let sum = residual.entries.reduce(0) { $0 + $1 * $1 }
    #expect(abs(still - sum / 9) <= 1e-14 * still)
    #expect(try hessian.loss(moved: 0.1, unit, 0.2, unit) == hessian.loss(moved: 0.2, unit, 0.1, unit) || still > 0)
  }
}
