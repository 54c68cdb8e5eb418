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

  @Test(arguments: AttentionKernel.allCases, Loss.squares)
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

  /// Twenty samples are in groups of one and two; the same groups added up elsewhere give the same number.
  @Test func samplesAreAddedUpInTheSameOrderByAnyNumberOfThreads() throws {
    #expect(LayerHessianMap.groups(of: 20).count == 16 && LayerHessianMap.groups(of: 3) == [0..<1, 1..<2, 2..<3])
    #expect(LayerHessianMap.groups(of: 20).flatMap { $0 } == Array(0..<20))
    let instance = try Self.instance(samples: 20, seed: 4)
    var generator = SplitMix64(seed: 8)
    let one = try LayerHessianMap(instance)
    let v = (0..<one.dimension).map { _ in Double.random(using: &generator) }
    let product = try one(v)
    for threads in [2, 3, 7] { #expect(try LayerHessianMap(instance, threads: threads)(v) == product) }
    let parts = try [0..<5, 5..<6, 6..<16].map { try LayerHessianMap(instance, groups: $0) }
    let sums = try parts.flatMap { part in try v.withUnsafeBufferPointer { try part.groupSums($0) } }
    #expect(sums.count == 16 && one.combined(sums) == product)
    let dense = try LossEvaluation(instance, as: Double.self).hessian()
    let expected = dense * Matrix(rows: v.count, columns: 1, entries: v)
    for (x, y) in zip(product, expected.entries) { #expect(abs(x - y) <= 1e-13 * (1 + abs(y))) }
  }

  /// What is prepared anew for each product gives what was kept.
  @Test func severalVectorsAtOnceAreMultipliedAlike() throws {
    let instance = try Self.instance(
      sizes: LayerSizes(sequenceLength: 9, width: 5, keyWidth: 4, valueWidth: 3), seed: 2)
    let map = try LayerHessianMap(instance), derivation = HessianDerivation(instance.objective)
    let point = try instance.environment(of: derivation.objective, as: Double.self)
    let evaluation = try ContractionEvaluation(
      LayerPrograms(derivation, sizes: point.sizes).product(batch: 3), threads: 2)
    evaluation.bind(point)
    var generator = SplitMix64(seed: 1)
    let vectors = (0..<3).map { _ in (0..<map.dimension).map { _ in Double.random(using: &generator) } }
    for entry in map.layout.entries {
      evaluation.withInput(LayerPrograms.direction(of: entry.symbol)) { numbers in
        for (k, vector) in vectors.enumerated() {
          for (i, index) in entry.range.enumerated() { numbers[k * entry.range.count + i] = vector[index] }
        }
      }
    }
    let results = try evaluation()
    for (k, vector) in vectors.enumerated() {
      let product = try map(vector)
      for (entry, result) in zip(map.layout.entries, results) {
        let own = result.entries[(k * entry.range.count)..<((k + 1) * entry.range.count)]
        for (x, y) in zip(own, product[entry.range]) { #expect(abs(x - y) <= 1e-14 * (1 + abs(y))) }
      }
    }
  }

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
