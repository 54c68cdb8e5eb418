import Arithmetic
import Evaluation
import Formulas
import Testing
import Transformers

@Suite struct SelfAttentionTests {
  /// Two heads with output matrices: all 64 blocks, cross-head ones and those of `W_O` included, are exactly `∂∂ℓ`.
  @Test func twoHeadsExactly() throws {
    let layer = DerivedLayer.twoHeads
    #expect(layer.parameters.map(\.name) == ["W_Q^1", "W_K^1", "W_V^1", "W_O^1", "W_Q^2", "W_K^2", "W_V^2", "W_O^2"])
    let evaluator = Evaluator(try layer.point(Sizes(2, 3, 1, 2, 4), as: Formal<Modular>.self, seed: 1))
    #expect(layer.blocks.count == 64)
    for block in layer.blocks {
      let exact = try evaluator.value(of: block.proof.judgement.left)
      #expect(try evaluator.value(of: block.total) == exact, "\(block.row), \(block.column)")
      #expect(!exact.isZero, "\(block.row), \(block.column)")
    }
  }

  /// The output is a sum over heads, so that second derivatives across heads vanish and only the outer product is left.
  @Test func headsMeetInTheOuterProductOnly() {
    for block in DerivedLayer.twoHeads.blocks {
      let sameHead = block.row.name.last == block.column.name.last
      let isLinear =
        block.row.name.dropLast(2) == block.column.name.dropLast(2)
        && ["W_V", "W_O"].contains(block.row.name.dropLast(2))
      #expect((block.functional.kind == .zero) == (!sameHead || isLinear), "\(block.row), \(block.column)")
      #expect(block.outerProduct.kind != .zero)
    }
  }

  @Test func twoHeadProofsReplay() throws {
    for block in DerivedLayer.twoHeads.blocks { try block.proof.replay(DerivedLayer.twoHeads.derivation.rules) }
  }

  /// One head with `W_O = I` is the layer without an output matrix.
  @Test func oneHeadWithIdentityOutput() throws {
    let plain = DerivedLayer.softmax, headed = SelfAttention(.softmax, heads: 1)
    var point = try plain.point(Sizes(3, 2, 4, 2, 2), as: Double.self, seed: 7)
    for (symbol, parameter) in zip(headed.parameters, plain.parameters + [Symbol("I", Shape("d_V", "d_O"))]) {
      point[symbol] = point[parameter] ?? .identity(2)
    }
    #expect(try headed.output.value(in: point) == plain.objective.model.output.value(in: point))
  }
}
