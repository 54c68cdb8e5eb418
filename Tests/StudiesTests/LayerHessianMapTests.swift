import AttentionHessian
import Testing

@Suite struct LayerHessianMapTests {
  /// A random instance with small fractions.
  static func instance(
    _ kernel: AttentionKernel = .softmax, _ loss: Loss = .meanSquare, samples: Int = 1, heads: Int = 1,
    sizes: LayerSizes = LayerSizes(sequenceLength: 3, width: 2, keyWidth: 2, valueWidth: 3), seed: UInt64 = 1
  ) throws -> LayerInstance {
    var generator = SplitMix64(seed: seed)
    func matrix(_ rows: Int, _ columns: Int) -> Matrix<Rational> {
      Matrix(rows: rows, columns: columns) { _, _ in Rational(generator.uniform(below: 33) - 16, over: 16) }
    }
    let outputWidth = heads > 1 ? 2 : sizes.valueWidth
    return try LayerInstance(
      kernel: kernel, loss: loss,
      samples: (0..<samples).map { index in
        let length = sizes.sequenceLength + index
        return .init(
          input: matrix(length, sizes.width),
          target: index == 1 ? .output : .matrix(matrix(length, outputWidth)))
      },
      heads: (0..<heads).map { _ in
        .init(
          query: matrix(sizes.width, sizes.keyWidth), key: matrix(sizes.width, sizes.keyWidth),
          value: matrix(sizes.width, sizes.valueWidth))
      },
      outputMatrix: heads > 1 ? matrix(heads * sizes.valueWidth, outputWidth) : nil)
  }

  @Test(arguments: AttentionKernel.allCases, Loss.allCases)
  func productsAreThoseOfTheDerivedBlocks(kernel: AttentionKernel, loss: Loss) throws {
    for (samples, heads) in [(1, 1), (3, 1), (2, 2)] {
      let instance = try Self.instance(kernel, loss, samples: samples, heads: heads, seed: 5)
      let evaluation = LossEvaluation(instance, as: Double.self)
      for part in HessianPart.allCases {
        let map = try LayerHessianMap(instance, part: part), dense = try evaluation.hessian(part)
        #expect(map.dimension == dense.rows && map.layout == evaluation.layout)
        let scale = dense.entries.map { abs($0) }.max() ?? 0
        for j in 0..<dense.rows {
          var unit = [Double](repeating: 0, count: dense.rows)
          unit[j] = 1
          for (i, value) in try map(unit).enumerated() {
            #expect(abs(value - dense[i, j]) <= 1e-13 * max(scale, 1), "\(part), \(samples) samples: \(i), \(j)")
          }
        }
      }
    }
  }

  /// The adapter of the operator by dual numbers.
  @Test func theOperatorIsAMap() throws {
    let instance = try Self.instance(seed: 9)
    let derivation = HessianDerivation(instance.objective)
    let hessian = try HessianOperator(derivation, at: try instance.environment(of: derivation.objective))
    let map: any SymmetricMap = hessian
    var generator = SplitMix64(seed: 3)
    let v = (0..<map.dimension).map { _ in Double.random(using: &generator) }
    let other = try LayerHessianMap(instance)(v)
    for (x, y) in zip(try map(v), other) { #expect(abs(x - y) <= 1e-14) }
  }
}
