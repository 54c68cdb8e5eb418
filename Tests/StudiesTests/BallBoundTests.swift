import AttentionHessian
import Foundation
import Testing

@testable import Studies

/// Bounds on the ball, against Hessians and losses at points of the ball.
@Suite struct BallBoundTests {
  /// A small random layer with samples of different lengths.
  static func instance(
    _ kernel: AttentionKernel, seed: UInt64, samples: Int = 2, target: Bool = true
  ) throws -> LayerInstance {
    var generator = SplitMix64(seed: seed)
    func matrix(_ rows: Int, _ columns: Int, _ scale: Int) -> Matrix<Rational> {
      Matrix(rows: rows, columns: columns) { _, _ in
        Rational(generator.uniform(below: 2 * scale + 1) - scale, over: 8)
      }
    }
    let inputs = (0..<samples).map { matrix(2 + $0 % 2, 3, 16) }
    return try LayerInstance(
      kernel: kernel,
      samples: inputs.map { .init(input: $0, target: target ? .matrix(matrix($0.rows, 2, 24)) : .output) },
      heads: [.init(query: matrix(3, 4, 8), key: matrix(3, 4, 8), value: matrix(3, 2, 16))])
  }

  /// The weights moved by `r u`, as exact numbers.
  static func moved(_ instance: LayerInstance, by step: [Double]) throws -> LayerInstance {
    var start = 0
    let parameters = instance.parameters.map { matrix -> Matrix<Rational> in
      defer { start += matrix.entries.count }
      let first = start
      return Matrix(rows: matrix.rows, columns: matrix.columns) { i, j in
        matrix[i, j] + (Rational(exactly: step[first + i * matrix.columns + j]) ?? 0)
      }
    }
    return try LayerInstance(
      kernel: instance.kernel, samples: instance.samples,
      heads: [.init(query: parameters[0], key: parameters[1], value: parameters[2])])
  }

  private static func sample(_ instance: LayerInstance, _ index: Int) throws -> LayerInstance {
    try LayerInstance(
      kernel: instance.kernel, loss: instance.loss, samples: [instance.samples[index]], heads: instance.heads)
  }

  @Test(arguments: [AttentionKernel.softmax, .linear, .gaussian], [UInt64(1), 2, 3])
  func boundsHoldOnTheBall(kernel: AttentionKernel, seed: UInt64) throws {
    let instance = try Self.instance(kernel, seed: seed)
    for radius in [Rational(0), Rational(1, over: 4), Rational(2), Rational(40)] {
      let bound = try BallBoundEvaluation(instance, radius: radius)
      let count = instance.parameters.reduce(0) { $0 + $1.entries.count }
      for direction in LayerSampleSizes.directions(4, count, seed: seed) {
        let point = try Self.moved(instance, by: direction.map { $0 * Double(radius) * (1 - 1e-12) })
        for index in point.samples.indices {
          let evaluation = LossEvaluation(try Self.sample(point, index), as: Double.self)
          let norm = try LinearAlgebra.symmetricSpectralNorm(of: evaluation.hessian())
          #expect(norm <= Double(bound.hessianBound), "seed \(seed), radius \(radius)")
          #expect(try evaluation.loss() <= Double(bound.lossBound))
        }
      }
    }
  }

  /// What is measured at the centre does not bound the ball: there are layers whose Hessian grows beyond it.
  @Test func theCentreIsNotEnough() throws {
    var exceeded = 0
    for seed in UInt64(1)...6 {
      let instance = try Self.instance(.softmax, seed: seed, samples: 1)
      let center = try BallBoundEvaluation(instance, radius: 0)
      let count = instance.parameters.reduce(0) { $0 + $1.entries.count }
      for direction in LayerSampleSizes.directions(6, count, seed: seed) {
        let point = try Self.moved(instance, by: direction.map { $0 * 40 })
        let hessian = try LossEvaluation(point, as: Double.self).hessian()
        if try LinearAlgebra.symmetricSpectralNorm(of: hessian) > Double(center.hessianBound) { exceeded += 1 }
      }
    }
    #expect(exceeded > 0, "a bound without the radius would pass the test of the ball")
  }

  /// The proofs replay from their hypotheses, and not without one of them; every weight is moved by the radius.
  @Test func proofsReplay() throws {
    let instance = try Self.instance(.softmax, seed: 5)
    let bound = try BallBoundEvaluation(instance, radius: 1).bound
    for proof in [bound.hessian, bound.loss] {
      try proof.replay(bound.rules)
      let used = proof.rulesUsed.filter { bound.rules[$0]?.status == .hypothesis }
      #expect(!used.isEmpty)
      for id in used {
        var rules = bound.rules
        rules[id] = nil
        #expect(throws: (any Error).self) { try proof.replay(rules) }
      }
      let symbols = Set(proof.judgement.right.symbols)
      #expect(symbols.isSubset(of: Set(bound.numbers.map(\.symbol) + [BallBound.radius])))
      #expect(symbols.contains(BallBound.radius))
    }
    let weights = bound.numbers.suffix(3).map { Formula.symbol($0.symbol) }
    for weight in weights {
      let inBall = weight + .symbol(BallBound.radius)
      let rest = bound.hessianBound.replacing([inBall: .integer(1)])
      #expect(!rest.contains(weight), "\(weight) stands without the radius")
    }
  }

  /// At radius 0 not worse than what is derived for one head in the norms at a point.
  @Test func isNotWorseThanTheDerivedBound() throws {
    for seed in UInt64(1)...4 {
      let instance = try Self.instance(.softmax, seed: seed, samples: 1)
      let bound = try BallBoundEvaluation(instance, radius: 0)
      func norm(_ name: String, _ norm: Norm) throws -> Rational {
        try #require(bound.norms.first { $0.number.matrix.name == name && $0.number.norm == norm }).value
      }
      let weights = try ["W_Q", "W_K", "W_V"].map { try norm($0, .spectral) }
      let sizes = instance.sizes()
      let other = try BoundEvaluation(
        .init(
          dataNorm: try norm("X", .spectral), weightNorm: try #require(weights.max()), queryNorm: weights[0],
          keyNorm: weights[1], valueNorm: weights[2], sequenceLength: sizes.sequenceLength, keyWidth: sizes.keyWidth,
          valueWidth: sizes.valueWidth, residual: .targetNorm(try norm("Y", .frobenius))))
      #expect(Double(bound.hessianBound) <= Double(try other.derived.upper) * (1 + 1e-9))
    }
  }

  /// The smallest radius has the smallest bounds, and a target that is the output is bounded too.
  @Test func growsWithTheRadius() throws {
    let instance = try Self.instance(.softmax, seed: 9, target: false)
    let bounds = try BallBoundEvaluation.bounds(of: instance, radii: [0, Rational(1, over: 10), 1, 10])
    for (a, b) in zip(bounds, bounds.dropFirst()) {
      #expect(a.hessianBound < b.hessianBound && a.lossBound < b.lossBound)
    }
    #expect(throws: SampleSizeError.self) { try BallBoundEvaluation(instance, radius: -1) }
  }

  /// Losses and gradients by the programs are those of the formulas, also away from the centre, where a target that is the
  /// output stays.
  @Test func lossesAndGradients() throws {
    let instance = try Self.instance(.softmax, seed: 3, samples: 3)
    let layer = try LayerLosses(instance)
    let step = LayerSampleSizes.directions(1, layer.weights.count, seed: 2)[0]
    let point = try Self.moved(instance, by: step)
    let weights = zip(layer.weights, step).map { $0 + $1 }
    for index in instance.samples.indices {
      let evaluation = LossEvaluation(try Self.sample(point, index), as: Double.self)
      #expect(abs(try layer.losses(at: weights)[index] - evaluation.loss()) < 1e-10)
      let gradient = try layer.gradients(at: weights)[index], expected = try evaluation.gradient().entries
      #expect(zip(gradient, expected).allSatisfy { abs($0 - $1) < 1e-10 })
    }
    let fitted = try LayerLosses(try Self.instance(.softmax, seed: 3, target: false))
    #expect(try fitted.losses().allSatisfy { $0 < 1e-25 })
    #expect(try fitted.losses(at: zip(fitted.weights, step).map { $0 + $1 }).allSatisfy { $0 > 1e-6 })
  }

  /// The gap bounds the distance of every gradient from the mean of every choice of others, and is attained.
  @Test func theGapOfGradients() throws {
    let gradients: [[Double]] = [[0, 0], [3, 4], [0, 1]]
    #expect(LayerLosses.gap(of: gradients) == 5)
    #expect(LayerLosses.gap(of: [[1, 2]]) == 0)
    let long = [[Double](repeating: 0, count: 200_001), [Double](repeating: 1, count: 200_001)]
    #expect(abs(LayerLosses.gap(of: long) - sqrt(200_001)) < 1e-6)
  }
}
