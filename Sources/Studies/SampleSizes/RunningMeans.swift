import Arithmetic
import Training

/// What one more sample changes in the mean loss, measured: `|L_{k+1}(w) − L_k(w)|` over many orders of the samples.
///
/// `L_k` is the mean of the first k losses of an order. All numbers are floating-point measurements, of these samples and
/// these orders; they do not depend on the number of threads.
public struct RunningMeans: Sendable {
  /// What is measured at one `k`, over all orders and points.
  public struct Point: Hashable, Sendable {
    /// `k`, from 1 to one less than the number of samples.
    public let count: Int
    public let mean: Double
    /// The quantiles that were asked for, in their order.
    public let quantiles: [Double]
  }

  /// The number of samples n.
  public let samples: Int
  /// The number of points `w` at which the losses were given.
  public let points: Int
  public let permutations: Int
  public let seed: UInt64
  /// The probabilities of the quantiles, ascending.
  public let probabilities: [Double]
  /// One entry for each `k` from 1 to n − 1.
  public let increments: [Point]
  /// The slope of `log` mean against `log k`.
  public let slope: IncrementSlope?
  /// What is known of the losses themselves.
  public let losses: LossSummary

  /// The quantiles that are drawn and reported.
  public static let standardProbabilities = [0.05, 0.5, 0.95]

  /// - Parameters:
  ///   - losses: for each point `w` the loss of each sample, in the same order of samples.
  ///   - permutations: the number of orders; the same orders are used at every point.
  ///   - seed: of the orders.
  ///   - probabilities: of the quantiles, each from 0 to 1, linearly interpolated between order statistics.
  ///   - threads: the most at a time; as many as there are cores by default.
  /// - Errors: `LossDataError` naming the first loss that is negative or not finite, or what is missing.
  public init(
    losses: [[Double]], permutations: Int = 100, seed: UInt64 = 1,
    probabilities: [Double] = RunningMeans.standardProbabilities, threads: Int? = nil
  ) throws {
    try LossDataError.check(losses)
    guard permutations > 0 else { throw LossDataError.count("orders of the samples", permutations, least: 1) }
    precondition(probabilities.allSatisfy { (0...1).contains($0) }, "a probability is from 0 to 1")
    let count = losses[0].count
    let curves = try parallelMap(Array(0..<permutations), threads: threads) { index in
      let order = Self.order(of: count, seed: seed, index: index)
      return losses.map { Self.increments($0, order) }
    }
    let sorted = probabilities.sorted()
    increments = try parallelMap(Array(0..<(count - 1)), threads: threads) { k in
      let values = curves.flatMap { $0.map { $0[k] } }.sorted()
      return Point(
        count: k + 1, mean: values.reduce(0, +) / Double(values.count), quantiles: sorted.map { values.quantile($0) })
    }
    slope = IncrementSlope(curves, seed: seed)
    (samples, points, self.permutations, self.seed) = (count, losses.count, permutations, seed)
    (self.probabilities, self.losses) = (sorted, LossSummary(losses))
  }

  /// The order of the samples with an index, the same on every machine.
  static func order(of count: Int, seed: UInt64, index: Int) -> [Int] {
    Permutation.random(of: count, seed: SplitMix64.combined(seed, UInt64(index)))
  }

  /// `|L_{k+1} − L_k| = |ℓ_{k+1} − L_k|/(k + 1)` for `k` from 1.
  static func increments(_ losses: [Double], _ order: [Int]) -> [Double] {
    var mean = losses[order[0]]
    return order.indices.dropFirst().map { k in
      let step = (losses[order[k]] - mean) / Double(k + 1)
      mean += step
      return step.magnitude
    }
  }

  /// The least `k` from which on, within the data, the mean is at most the tolerance; `nil` where that is not reached.
  public func empiricalCount(tolerance: Rational) -> Int? { least(tolerance) { $0.mean } }

  /// The same for a quantile.
  ///
  /// - Precondition: the quantile is one of those that were asked for.
  public func empiricalCount(tolerance: Rational, quantile: Double) -> Int? {
    guard let index = probabilities.firstIndex(of: quantile) else {
      preconditionFailure("the quantile \(quantile) was not measured")
    }
    return least(tolerance) { $0.quantiles[index] }
  }

  private func least(_ tolerance: Rational, _ value: (Point) -> Double) -> Int? {
    var least: Int?
    for point in increments.reversed() {
      guard let measured = Rational(exactly: value(point)), measured <= tolerance else { break }
      least = point.count
    }
    return least
  }
}

extension [Double] {
  /// The quantile of sorted numbers, linearly interpolated between order statistics.
  ///
  /// - Source: definition 7 of R. J. Hyndman and Y. Fan, Sample quantiles in statistical packages, American Statistician 50
  ///   (1996).
  func quantile(_ probability: Double) -> Double {
    let place = probability * Double(count - 1)
    let below = Swift.min(Int(place), count - 1), above = Swift.min(below + 1, count - 1)
    return self[below] + (place - Double(below)) * (self[above] - self[below])
  }
}
