import Arithmetic

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The slope of `log` of the mean increment against `log k`, by least squares over numbers of samples with even ratios.
///
/// Increments at different `k` of one order are correlated, so that the residuals say little of the slope's error. The
/// interval is that of the bootstrap over whole orders: orders are drawn with replacement, the mean curve and its slope are
/// computed anew, and the 2.5 % and 97.5 % quantiles of the slopes are its ends. It covers the choice of orders, not that of
/// the samples.
/// - Source: percentile intervals of B. Efron and R. J. Tibshirani, An introduction to the bootstrap, Chapman & Hall (1993).
public struct IncrementSlope: Hashable, Sendable {
  public let slope: Double
  /// The ends at 95 %; equal to the slope where there is one order.
  public let interval: ClosedRange<Double>
  /// The numbers of samples that the fit is over.
  public let counts: [Int]
  /// The number of bootstrap samples.
  public static let resamples = 1_000

  /// - Parameter curves: for each order, and each point, the increment at each `k` from 1.
  /// - Returns: `nil` where fewer than two means are positive.
  init?(_ curves: [[[Double]]], seed: UInt64) {
    let length = curves[0][0].count
    let grid = Self.evenRatios(upTo: length).filter { k in curves.contains { $0.contains { $0[k - 1] > 0 } } }
    guard grid.count > 1 else { return nil }
    let values = curves.map { order in
      grid.map { k in order.reduce(0) { $0 + $1[k - 1] } / Double(order.count) }
    }
    let x = grid.map { log(Double($0)) }
    guard let slope = Self.slope(x, values, Array(values.indices)) else { return nil }
    var generator = SplitMix64(seed: SplitMix64.combined(seed, 0x626F_6F74))
    var slopes = (0..<Self.resamples).compactMap { _ in
      Self.slope(x, values, values.map { _ in generator.uniform(below: values.count) })
    }
    slopes.sort()
    (self.slope, counts) = (slope, grid)
    interval = min(slope, slopes.quantile(0.025))...max(slope, slopes.quantile(0.975))
  }

  /// The least-squares slope of the logarithm of the mean over some of the orders.
  private static func slope(_ x: [Double], _ values: [[Double]], _ chosen: [Int]) -> Double? {
    let y = x.indices.map { i in log(chosen.reduce(0) { $0 + values[$1][i] } / Double(chosen.count)) }
    guard y.allSatisfy(\.isFinite) else { return nil }
    return SlopeFit(abscissas: x, curves: [y]).slope
  }

  /// Whole numbers from 1 with nearly even ratios, about ten for each power of ten.
  static func evenRatios(upTo last: Int) -> [Int] {
    var found: [Int] = []
    var step = 0
    while true {
      let k = Int(pow(10, Double(step) / 10).rounded())
      if k >= last { return found + [last] }
      if k != found.last { found.append(k) }
      step += 1
    }
  }
}
