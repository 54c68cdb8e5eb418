import Arithmetic
import Formulas
import Studies
import Testing
import Transformers

@Suite struct BoundLadderTests {
  static func matrix(_ rows: Int, _ columns: Int, _ generator: inout SplitMix64) -> Matrix<Rational> {
    Matrix(rows: rows, columns: columns) { _, _ in Rational(Int(generator.next() % 17) - 8, over: 4) }
  }

  static func instance(
    _ kernel: AttentionKernel, heads: Int? = nil, samples: Int = 1, loss: Loss = .meanSquare, width: Int = 3,
    seed: UInt64
  ) throws -> LayerInstance {
    var generator = SplitMix64(seed: seed)
    return try LayerInstance(
      kernel: kernel, loss: loss,
      samples: (0..<samples).map { _ in
        .init(input: matrix(2, width, &generator), target: .matrix(matrix(2, 2, &generator)))
      },
      heads: (0..<(heads ?? 1)).map { _ in
        .init(
          query: matrix(width, 2, &generator), key: matrix(width, 2, &generator), value: matrix(width, 2, &generator))
      },
      outputMatrix: heads.map { matrix(2 * $0, 2, &generator) })
  }

  static func norm(_ instance: LayerInstance) throws -> Double {
    try Double.spectralNorm(of: try LossEvaluation(instance, as: Double.self).hessian())
  }

  static let layers: [(AttentionKernel, heads: Int?)] = [
    (.softmax, nil), (.gaussian, nil), (.linear, 1), (.softmax, 2),
  ]

  @Test(arguments: layers.indices) func everyRungBoundsTheNormAndNoneIsWorse(index: Int) throws {
    for seed in UInt64(1)...2 {
      let instance = try Self.instance(Self.layers[index].0, heads: Self.layers[index].heads, seed: seed)
      let ladder = try BoundLadder(instance), norm = try Self.norm(instance)
      let values = try ladder.rungs.map { Double(try $0.value.upper) }
      #expect(values.allSatisfy { $0 >= norm }, "\(values) against \(norm)")
      for (above, below) in zip(values, values.dropFirst()) { #expect(below <= above * (1 + 1e-9), "\(values)") }
      #expect(Double(try ladder.sharpest.value.upper) == values.min())
    }
  }

  @Test(arguments: Loss.squares) func ofSeveralSamplesTheMeanOrTheSum(loss: Loss) throws {
    let instance = try Self.instance(.softmax, samples: 3, loss: loss, seed: 5)
    let norm = try Self.norm(instance)
    let bounds = try (0..<3).map { index -> Double in
      let one = try LayerInstance(
        kernel: .softmax, loss: loss, samples: [instance.samples[index]], heads: instance.heads)
      return Double(try BoundLadder(one, families: []).rungs[1].value.upper)
    }
    let bound = Double(try BoundLadder(instance, families: []).rungs[1].value.upper)
    let expected = bounds.reduce(0, +) / (loss == .meanSquare ? 3 : 1)
    #expect(abs(bound - expected) <= 1e-9 * expected)
    #expect(bound >= norm)
  }

  @Test func blocksAreBoundedToo() throws {
    let instance = try Self.instance(.softmax, width: 4, seed: 7)
    let evaluation = LossEvaluation(instance, as: Double.self)
    let ladder = try BoundLadder(instance)
    for rung in ladder.rungs {
      for block in rung.blocks {
        for (part, bound) in [
          (HessianPart.outer, block.outerProduct), (.functional, block.functional), (.both, block.whole),
        ] {
          let norm = try Double.spectralNorm(of: try evaluation.block(block.row, block.column, part))
          #expect(
            Double(try bound.upper) >= norm * (1 - 1e-12), "\(rung.measures) \(block.row) \(block.column) \(part)")
        }
      }
    }
  }

  @Test func theSpanOfTheDataIsUsedWhereItIsSmaller() throws {
    let wide = try BoundLadder(try Self.instance(.softmax, width: 4, seed: 2), families: [.residual, .rows])
    #expect(wide.rungs.map(\.measures).contains(.spanOfData))
    let narrow = try BoundLadder(try Self.instance(.softmax, width: 2, seed: 2), families: [.residual, .rows])
    #expect(!narrow.rungs.map(\.measures).contains(.spanOfData))
    #expect(narrow.rungs.count == 4)
  }

  /// Without a reduction the other rungs stand, and equal tokens leave only the block of the values, which is tight.
  @Test func equalTokensHaveNoSmallerCoordinates() throws {
    let other = try Self.instance(.softmax, width: 4, seed: 3), row = other.samples[0].input.row(0)
    let instance = try LayerInstance(
      kernel: .softmax,
      samples: [
        .init(
          input: Matrix(rows: 2, columns: 4) { _, column in row[row.startIndex + column] },
          target: other.samples[0].target)
      ], heads: other.heads)
    let ladder = try BoundLadder(instance), norm = try Self.norm(instance)
    #expect(!ladder.rungs.map(\.measures).contains(.spanOfData))
    #expect(abs(Double(try ladder.sharpest.value.upper) - norm) <= 1e-9 * norm)
  }

  @Test func ofTheLayersOwnOutputTheFunctionalPartIsZero() throws {
    let other = try Self.instance(.softmax, seed: 4)
    let instance = try LayerInstance(
      kernel: .softmax, samples: [.init(input: other.samples[0].input, target: .output)], heads: other.heads)
    let ladder = try BoundLadder(instance)
    let sharpest = try #require(ladder.rungs.last)
    for block in sharpest.blocks { #expect(try block.functional.upper == 0) }
  }
}
