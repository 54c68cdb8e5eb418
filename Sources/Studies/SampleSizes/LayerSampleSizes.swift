import Arithmetic
import Transformers

/// What sample sizes need, computed from a layer and its samples: bounds on the ball, and losses and gradients measured.
public struct LayerSampleSizes: Sendable {
  /// How the measurement is made.
  public struct Options: Hashable, Sendable {
    /// The number of random directions `u`; the increments are measured at `w* + r u` for each.
    public var directions = 8
    /// The number of orders of the samples.
    public var permutations = 100
    public var seed: UInt64 = 1
    public var failure = Rational(1, over: 20)
    /// The most threads; as many as there are cores by default.
    public var threads: Int?

    public init() {}
  }

  public let numbers: SampleSizeNumbers
  public let measured: RunningMeans
  /// `M_B` and `sup ℓ`.
  public let ball: BallBoundEvaluation
  /// The losses at `w*`.
  public let losses: [Double]

  /// - Errors: `LossDataError` for fewer than two samples; `SampleSizeError` for a negative radius; `BoundSearch.Failure`
  ///   where no bound is derived for the layer's kernel; those of evaluation.
  public init(_ instance: LayerInstance, radius: Rational, options: Options = Options()) throws {
    guard instance.samples.count > 1 else {
      throw LossDataError.count("samples", instance.samples.count, least: 2)
    }
    let bounds = try BallBoundEvaluation.bounds(of: instance, radii: [0, radius], threads: options.threads)
    let layer = try LayerLosses(instance)
    let center = layer.weights
    losses = try layer.losses()
    let gap = LayerLosses.gap(of: try layer.gradients())
    let points = try Self.directions(options.directions, center.count, seed: options.seed).map { direction in
      try layer.losses(at: zip(center, direction).map { $0 + Double(radius) * $1 })
    }
    measured = try RunningMeans(
      losses: points, permutations: options.permutations, seed: options.seed, threads: options.threads)
    ball = bounds[1]
    var numbers = SampleSizeNumbers(failure: options.failure)
    numbers.radius = .init(radius)
    numbers.lossBound = losses.max().flatMap { .init(measured: $0) }
    numbers.lossGap = .init(measured: LossSummary.gap([losses]))
    numbers.gradientGap = .init(measured: gap)
    numbers.hessianBound = .init(bounds[0].hessianBound, .derived)
    numbers.ballHessianBound = .init(bounds[1].hessianBound, .derived)
    numbers.lossSupremum = .init(bounds[1].lossBound, .derived)
    numbers.variance = measured.losses.variances.max().flatMap { .init(measured: $0) }
    numbers.parameters = center.count
    self.numbers = numbers
  }

  /// Unit vectors in random directions, the same on every machine up to rounding.
  ///
  /// - Parameters: the number of vectors, and that of their entries, at least one each.
  public static func directions(_ count: Int, _ length: Int, seed: UInt64) -> [[Double]] {
    (0..<count).map { index in
      var generator = SplitMix64(seed: SplitMix64.combined(seed, UInt64(index)))
      // The sum of twelve uniform numbers is near enough to normal for a direction.
      let vector = (0..<length).map { _ in
        (0..<12).reduce(-6.0) { sum, _ in sum + Double(generator.next() >> 11) * 0x1p-53 }
      }
      let norm = root(vector.reduce(0) { $0 + $1 * $1 })
      return norm > 0 ? vector.map { $0 / norm } : vector
    }
  }
}
