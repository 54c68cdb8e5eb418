import Arithmetic
import Evaluation
import Formulas
import Testing
import Transformers

@Suite struct HessianDerivationTests {
  private static let exact = Sizes(2, 3, 4, 5)

  /// Both ways of deriving give the same matrix, over F_p.
  @Test(arguments: AttentionKernel.allCases) func routesAgree(kernel: AttentionKernel) throws {
    let layer = DerivedLayer.of(kernel), other = try #require(DerivedLayer.jacobianFirst[kernel])
    for sizes in Sizes.standard {
      let point = try layer.point(sizes, as: Formal<Modular>.self, seed: 9)
      let evaluator = Evaluator(point)
      for (a, b) in zip(layer.blocks, other.blocks) {
        #expect(a.row == b.row && a.column == b.column)
        #expect(try evaluator.value(of: a.total) == evaluator.value(of: b.total), "\(a.row), \(a.column)")
        #expect(try evaluator.value(of: a.outerProduct) == evaluator.value(of: b.outerProduct))
      }
    }
  }

  /// `H(W_i, W_j) = H(W_j, W_i)ᵀ`, part by part.
  @Test(arguments: AttentionKernel.allCases) func isSymmetric(kernel: AttentionKernel) throws {
    let layer = DerivedLayer.of(kernel)
    let evaluator = Evaluator(try layer.point(Self.exact, as: Formal<Modular>.self, seed: 2))
    for (row, column) in [("Q", "K"), ("Q", "V"), ("K", "V"), ("Q", "Q"), ("K", "K"), ("V", "V")] {
      let a = try #require(layer.block(row, column)), b = try #require(layer.block(column, row))
      for part in [\HessianBlock.outerProduct, \.functional, \.total] {
        #expect(
          try evaluator.value(of: a[keyPath: part]) == evaluator.value(of: b[keyPath: part]).transposed,
          "\(row), \(column)")
      }
    }
  }

  @Test(arguments: AttentionKernel.allCases) func theOutputIsLinearInTheValueWeights(kernel: AttentionKernel) throws {
    let block = try #require(DerivedLayer.of(kernel).block("V", "V"))
    #expect(block.functional.kind == .zero)
    #expect(block.functional.shape == Shape(Size("d") * "d_V", Size("d") * "d_V"))
    #expect(block.total == block.outerProduct)
  }

  @Test(arguments: AttentionKernel.allCases) func blocksAreClosed(kernel: AttentionKernel) throws {
    let layers = [DerivedLayer.of(kernel), try #require(DerivedLayer.jacobianFirst[kernel])]
    for block in layers.flatMap(\.blocks) {
      for formula in [block.outerProduct, block.functional, block.total] {
        let isOpen = formula.containsSubformula { [.jacobian, .pullback, .contraction].contains($0.kind) }
        #expect(!isOpen, "\(block.row), \(block.column): \(formula)")
        #expect(formula.variables.isEmpty)
      }
      #expect(block.total.shape == Shape(block.row.shape.count, block.column.shape.count))
      #expect(
        block.proof.judgement.left
          == layers[0].objective.loss.jacobian(.symbol(block.row)).jacobian(.symbol(block.column)))
    }
  }

  /// Every proof can be replayed from the statements of the laws alone, and the replay ends at the block.
  @Test(arguments: AttentionKernel.allCases) func proofsReplay(kernel: AttentionKernel) throws {
    for layer in [DerivedLayer.of(kernel), try #require(DerivedLayer.jacobianFirst[kernel])] {
      for block in layer.blocks {
        try block.proof.replay(layer.derivation.rules)
        #expect(block.proof.totalSteps > 5)
      }
    }
  }

  /// Every step has equal sides at a point of F_p.
  @Test(arguments: AttentionKernel.allCases) func stepsHold(kernel: AttentionKernel) throws {
    let layer = DerivedLayer.of(kernel)
    let evaluator = Evaluator(try layer.point(Sizes(3, 2, 4, 1), as: Formal<Modular>.self, seed: 4))
    for block in layer.blocks {
      #expect(try block.proof.check(layer.derivation.rules, evaluator) == block.proof.totalSteps)
    }
  }

  /// The other loss, `½‖R‖_F²`: blocks equal `∂∂ℓ`.
  @Test func halfSumOfSquares() throws {
    let layer = DerivedLayer(SelfAttention(.softmax), measuredBy: .halfSumSquare)
    let evaluator = Evaluator(try layer.point(Sizes(2, 2, 1, 3), as: Formal<Modular>.self, seed: 4))
    for block in layer.blocks {
      #expect(try evaluator.value(of: block.proof.judgement.left) == evaluator.value(of: block.total))
    }
    #expect(try layer.objective.weight.value(in: Environment<Rational>(sizes: [:])).scalar == Rational(1, over: 2))
  }

  @Test func gradientsAreThePullbacks() throws {
    let layer = DerivedLayer.softmax
    let point = try layer.point(Self.exact, as: Formal<Modular>.self, seed: 6)
    for (parameter, proof) in layer.derivation.gradients {
      try proof.replay(layer.derivation.rules)
      #expect(try proof.judgement.left.value(in: point) == proof.judgement.right.value(in: point), "\(parameter)")
    }
    #expect(layer.derivation.gradients.count == 3)
  }
}
