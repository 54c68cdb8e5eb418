import AttentionHessian
import Testing

@Suite struct LossEvaluationTests {
  /// An instance with entries small enough to stay in words, drawn from a seed.
  private func instance(
    _ kernel: AttentionKernel, _ loss: Loss = .meanSquare, heads: Int? = nil, samples: Int = 1, ownOutput: Bool = false,
    seed: UInt64 = 7
  ) throws -> LayerInstance {
    var generator = SplitMix64(seed: seed)
    func matrix(_ rows: Int, _ columns: Int) -> Matrix<Rational> {
      Matrix(rows: rows, columns: columns) { _, _ in Rational(generator.uniform(below: 9) - 4, over: 3) }
    }
    let outputWidth = heads == nil ? 5 : 2
    let all = (0..<samples).map { index in
      LayerInstance.Sample(
        input: matrix(2 + index, 3), target: ownOutput ? .output : .matrix(matrix(2 + index, outputWidth)))
    }
    let weights = (0..<(heads ?? 1)).map { _ in
      LayerInstance.Head(query: matrix(3, 4), key: matrix(3, 4), value: matrix(3, 5))
    }
    return try LayerInstance(
      kernel: kernel, loss: loss, samples: all, heads: weights,
      outputMatrix: heads.map { matrix(5 * $0, outputWidth) })
  }

  /// The mean, or the sum, of a quantity by dual numbers through the loss itself.
  private func oracle(
    _ instance: LayerInstance, _ quantity: (Objective) -> Formula
  ) throws -> Matrix<Formal<Modular>> {
    let formula = quantity(instance.objective)
    var total: Matrix<Formal<Modular>>?
    for index in instance.samples.indices {
      let value = try formula.value(in: try instance.environment(ofSample: index, as: Formal<Modular>.self))
      total = total.map { $0 + value } ?? value
    }
    let sum = try #require(total)
    guard instance.loss == .meanSquare else { return sum }
    return sum.scaled(by: try Formal<Modular>(instance.samples.count).reciprocal())
  }

  @Test(arguments: AttentionKernel.allCases, Loss.squares)
  func gradientAndHessianAreTheDerivatives(kernel: AttentionKernel, loss: Loss) throws {
    for heads in [nil, 2] {
      let instance = try instance(kernel, loss, heads: heads, samples: heads == nil ? 2 : 1)
      let evaluation = LossEvaluation(instance, as: Formal<Modular>.self)
      #expect(try evaluation.loss() == oracle(instance) { $0.loss }.scalar)
      let parameters = instance.objective.model.parameters
      let gradient = try evaluation.gradient()
      #expect(gradient.rows == evaluation.layout.count)
      for entry in evaluation.layout.entries {
        let expected = try oracle(instance) { $0.loss.jacobian(.symbol(entry.symbol)) }
        #expect(Array(gradient.entries[entry.range]) == expected.entries, "\(entry.symbol)")
      }
      let hessian = try evaluation.hessian()
      #expect(hessian == hessian.transposed)
      let (row, column) = (evaluation.layout.entries[0], evaluation.layout.entries[parameters.count - 1])
      for (a, b) in [(row, row), (row, column), (column, row)] {
        let expected = try oracle(instance) { $0.loss.jacobian(.symbol(a.symbol)).jacobian(.symbol(b.symbol)) }
        #expect(hessian.submatrix(rows: a.range, columns: b.range) == expected, "\(a.symbol), \(b.symbol)")
        #expect(try evaluation.block(a.symbol, b.symbol) == expected)
      }
      #expect(try evaluation.hessian(.outer) + evaluation.hessian(.functional) == hessian)
    }
  }

  @Test func withItsOwnOutputAsTargetTheResidualVanishes() throws {
    for kernel in AttentionKernel.allCases {
      let evaluation = LossEvaluation(try instance(kernel, ownOutput: true), as: Double.self)
      #expect(try evaluation.loss() == 0)
      #expect(try evaluation.gradient().isZero)
      #expect(try evaluation.hessian(.functional).isZero)
      let smallest = try #require(try LinearAlgebra.symmetricEigenvalues(of: evaluation.hessian()).first)
      #expect(smallest > -1e-12)
    }
  }

  @Test func doublesAgreeWithExactValues() throws {
    let instance = try instance(.linear)
    let exact = try LossEvaluation(instance, as: Rational.self).hessian()
    let floating = try LossEvaluation(instance, as: Double.self).hessian()
    for (x, y) in zip(exact.entries, floating.entries) { #expect(abs(Double(x) - y) <= 1e-12 * max(1, abs(y))) }
  }

  @Test func whatIsTooLargeIsRefusedBeforeItIsTried() throws {
    let evaluation = LossEvaluation(
      try instance(.softmax), as: Double.self, memoryLimit: MemoryEstimate(bytes: 1000))
    #expect {
      try evaluation.hessian()
    } throws: { error in
      guard case .tooLarge(let needed, let limit)? = error as? LossEvaluationError else { return false }
      return needed.bytes > 20_000 && limit.bytes == 1000
    }
  }

  @Test func anIrrationalValueIsAnErrorOverTheRationals() throws {
    #expect(throws: LossEvaluationError.self) {
      try LossEvaluation(try instance(.softmax), as: Rational.self).hessian()
    }
  }

  @Test func estimatesArePrintedInTheRightUnit() {
    #expect(MemoryEstimate(bytes: 4 * 0x1p30).description == "4.0 GiB")
    #expect(MemoryEstimate(bytes: 0x1p20).description == "1 MiB")
    #expect(MemoryEstimate(bytes: .infinity).description == "more than 10¹⁵ GiB")
    let huge = Formula.symbol("X", "L", "d")
    #expect(MemoryEstimate(of: [huge], sizes: ["L": .max, "d": 2], bytesPerEntry: 8).bytes == .infinity)
  }
}
