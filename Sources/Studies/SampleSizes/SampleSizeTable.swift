import Arithmetic
import Transformers
import Typesetting

/// Sample sizes for a small layer of which everything is exact: losses and gradients are fractions, bounds rounded up.
enum SampleSizeTable {
  /// Eight samples for the layer at which the printed Theorem 1 fails: `W_Q = (1,1)ᵀe₁ᵀ`, `W_K = (1,−1)ᵀe₂ᵀ`,
  /// `W_V = (1,−1)ᵀf₁ᵀ`. The logits are 0 for any data, so that attention is uniform and rational.
  static func instance() throws -> LayerInstance {
    func rational(_ numerators: [Int]) -> Matrix<Rational> {
      Matrix(rows: 2, columns: numerators.count / 2, entries: numerators.map { Rational($0, over: 2) })
    }
    return try LayerInstance(
      kernel: .softmax,
      samples: (0..<8).map { index in
        let (i, j) = (index % 4 - 2, index / 4)
        return .init(
          input: rational([2, i, j, 2 - i]), target: .matrix(rational([i + 1, j, -j, i])))
      },
      heads: [
        .init(
          query: rational([2, 0, 0, 0, 2, 0, 0, 0]), key: rational([0, 2, 0, 0, 0, -2, 0, 0]),
          value: rational([2, 0, -2, 0]))
      ])
  }

  static let radius = Rational(1, over: 10)
  static let deviation = Rational(1, over: 100)
  private static let tolerances = [10, 100, 1000].map { Rational(1, over: $0) }

  static func table() throws -> Table {
    try SampleSizeStudy(
      numbers(of: instance()), tolerances: tolerances,
      subject:
        "eight samples of the layer at which the printed Theorem 1 fails, in fractions; r = 1/10, and σ = 1/100 for "
        + "the mean square"
    ).table
  }

  /// Everything that sample sizes need, exact or rounded up.
  static func numbers(of instance: LayerInstance) throws -> SampleSizeNumbers {
    var losses: [Rational] = [], gradients: [Matrix<Rational>] = []
    for sample in instance.samples {
      let one = try LayerInstance(
        kernel: instance.kernel, loss: instance.loss, samples: [sample], heads: instance.heads)
      let evaluation = LossEvaluation(one, as: Rational.self)
      losses.append(try evaluation.loss())
      gradients.append(try evaluation.gradient())
    }
    let bounds = try BallBoundEvaluation.bounds(of: instance, radii: [0, radius])
    var numbers = SampleSizeNumbers()
    numbers.radius = .init(radius)
    numbers.deviation = .init(deviation)
    numbers.parameters = gradients[0].entries.count
    numbers.lossBound = losses.max().map { .init($0, .enclosed) }
    numbers.lossGap = losses.max().flatMap { largest in losses.min().map { .init(largest - $0, .enclosed) } }
    numbers.gradientGap = .init(try gap(of: gradients), .enclosed)
    numbers.hessianBound = .init(bounds[0].hessianBound, .derived)
    numbers.ballHessianBound = .init(bounds[1].hessianBound, .derived)
    numbers.lossSupremum = .init(bounds[1].lossBound, .derived)
    numbers.variance = .init(variance(of: losses), .enclosed)
    return numbers
  }

  /// The largest distance of two gradients, rounded up.
  private static func gap(of gradients: [Matrix<Rational>]) throws -> Rational {
    var largest = Rational.zero
    for i in gradients.indices {
      for j in 0..<i {
        let square = (gradients[i] - gradients[j]).entries.reduce(Rational.zero) { $0 + $1 * $1 }
        largest = max(largest, square)
      }
    }
    return try largest.squareRootEnclosure(digits: 20).upper
  }

  private static func variance(of losses: [Rational]) -> Rational {
    let mean = losses.reduce(Rational.zero, +) * Rational(1, over: losses.count)
    return losses.reduce(Rational.zero) { $0 + ($1 - mean) * ($1 - mean) } * Rational(1, over: losses.count - 1)
  }
}
