import AttentionHessian
import Foundation
import Testing

@testable import Studies

@Suite struct RunningMeansTests {
  private static func losses(_ count: Int, seed: UInt64, points: Int = 1) -> [[Double]] {
    var generator = SplitMix64(seed: seed)
    return (0..<points).map { _ in (0..<count).map { _ in Double(generator.uniform(below: 1000)) / 100 } }
  }

  /// Against the definition, with means computed anew for each k.
  @Test func incrementsAreDifferencesOfMeans() throws {
    let losses = Self.losses(17, seed: 4)[0]
    let order = RunningMeans.order(of: 17, seed: 9, index: 3)
    #expect(order.sorted() == Array(0..<17))
    func mean(_ k: Int) -> Double { order[..<k].reduce(0) { $0 + losses[$1] } / Double(k) }
    let increments = RunningMeans.increments(losses, order)
    #expect(increments.count == 16)
    for k in 1...16 { #expect(abs(increments[k - 1] - abs(mean(k + 1) - mean(k))) < 1e-13) }
  }

  /// With two samples there is one increment, half their distance, in every order.
  @Test func twoSamples() throws {
    let means = try RunningMeans(losses: [[1, 4]], permutations: 5)
    #expect(means.increments == [.init(count: 1, mean: 1.5, quantiles: [1.5, 1.5, 1.5])])
    #expect(means.slope == nil)
    #expect(means.empiricalCount(tolerance: Rational(3, over: 2)) == 1)
    #expect(means.empiricalCount(tolerance: Rational(149, over: 100)) == nil)
  }

  /// Definition 7: of 1, 2, 3, 4, 10 the quartile is 2, the median 3, and 95 % lie at 8.8.
  @Test func quantilesInterpolate() {
    let values: [Double] = [1, 2, 3, 4, 10]
    #expect(
      values.quantile(0.25) == 2 && values.quantile(0.5) == 3 && values.quantile(0) == 1 && values.quantile(1) == 10)
    #expect(abs(values.quantile(0.95) - 8.8) < 1e-12)
    #expect([7.0].quantile(0.3) == 7)
  }

  /// The least k from which on all means are within the tolerance, also where they are not monotone.
  @Test func theEmpiricalCountIsTheLeast() throws {
    let means = try RunningMeans(losses: Self.losses(60, seed: 5), permutations: 3, seed: 2)
    let values = means.increments.map(\.mean), upper = means.increments.map { $0.quantiles[2] }
    #expect(zip(values, values.dropFirst()).contains { $0 < $1 }, "the test needs a curve that is not monotone")
    for tolerance in values + upper {
      let exact = try #require(Rational(exactly: tolerance))
      for (curve, found) in [
        (values, means.empiricalCount(tolerance: exact)),
        (upper, means.empiricalCount(tolerance: exact, quantile: 0.95)),
      ] {
        let expected = (1...59).first { k in curve[(k - 1)...].allSatisfy { $0 <= tolerance } }
        #expect(found == expected)
      }
    }
  }

  @Test func doesNotDependOnThreads() throws {
    let losses = Self.losses(200, seed: 1, points: 3)
    let one = try RunningMeans(losses: losses, permutations: 20, seed: 6, threads: 1)
    let many = try RunningMeans(losses: losses, permutations: 20, seed: 6, threads: 7)
    #expect(one.increments == many.increments && one.slope == many.slope)
    let other = try RunningMeans(losses: losses, permutations: 20, seed: 7)
    #expect(one.increments != other.increments)
  }

  /// Independent losses: the mean increment falls like 1/k.
  @Test func theSlopeIsMinusOne() throws {
    let means = try RunningMeans(losses: Self.losses(2000, seed: 11), permutations: 100)
    let slope = try #require(means.slope)
    #expect(abs(slope.slope + 1) < 0.05, "\(slope.slope)")
    #expect(slope.interval.contains(slope.slope) && slope.interval.upperBound > slope.interval.lowerBound)
    #expect(slope.interval.upperBound - slope.interval.lowerBound < 0.2)
    #expect(slope.counts.first == 1 && slope.counts.last == 1999)
  }

  /// The variance has the divisor n − 1, the gap is that of one point.
  @Test func summaries() throws {
    let losses: [[Double]] = [[1, 2, 3, 4], [10, 10, 10, 12]]
    let summary = try RunningMeans(losses: losses, permutations: 1).losses
    #expect(summary.means == [2.5, 10.5] && summary.variances == [5.0 / 3, 1])
    #expect(summary.least == 1 && summary.largest == 12 && LossSummary.gap(losses) == 3)
  }

  /// Equal losses change nothing, and have no slope.
  @Test func equalLosses() throws {
    let means = try RunningMeans(losses: [[2, 2, 2, 2]], permutations: 4)
    #expect(means.slope == nil && means.empiricalCount(tolerance: Rational(1, over: 1_000_000)) == 1)
  }

  @Test func badLossesAreNamed() {
    for (losses, name) in [
      ([[1, -2]], "sample 1 at point 0 is -2"), ([[1, .nan]], "nan"), ([[1, .infinity, 3]], "inf"),
      ([[1]], "1 samples"),
      ([], "0 points"), ([[1, 2], [1, 2, 3]], "point 1 has 3"),
    ] as [([[Double]], String)] {
      #expect {
        _ = try RunningMeans(losses: losses)
      } throws: { "\($0)".contains(name) }
    }
  }
}
