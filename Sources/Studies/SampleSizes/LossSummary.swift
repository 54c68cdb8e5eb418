/// What is known of measured losses: their extremes, and the mean and variance at each point.
public struct LossSummary: Hashable, Sendable {
  public let least: Double
  public let largest: Double
  /// The mean over the samples, at each point.
  public let means: [Double]
  /// The sample variance with divisor n − 1, at each point.
  public let variances: [Double]

  init(_ losses: [[Double]]) {
    least = losses.joined().min() ?? 0
    largest = losses.joined().max() ?? 0
    means = losses.map { $0.reduce(0, +) / Double($0.count) }
    variances = zip(losses, means).map { values, mean in
      values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    }
  }

  /// The largest difference of two losses of one point.
  public static func gap(_ losses: [[Double]]) -> Double {
    losses.map { ($0.max() ?? 0) - ($0.min() ?? 0) }.max() ?? 0
  }
}

/// Why measured losses cannot be used.
public enum LossDataError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A loss that is negative, infinite or no number, with the indices of its point and its sample from 0.
  case value(Double, point: Int, sample: Int)
  /// Too few of something.
  case count(String, Int, least: Int)
  /// Points with different numbers of samples.
  case unequal(first: Int, other: Int, point: Int)

  public var description: String {
    switch self {
    case .value(let value, let point, let sample):
      "the loss of sample \(sample) at point \(point) is \(value), but a loss is a finite number of at least 0"
    case .count(let what, let count, let least): "\(count) \(what) are too few: at least \(least) are needed"
    case .unequal(let first, let other, let point):
      "point \(point) has \(other) losses, but the first point has \(first)"
    }
  }

  /// The first thing that is wrong with losses by point and sample.
  static func check(_ losses: [[Double]]) throws(LossDataError) {
    guard let first = losses.first else { throw .count("points", 0, least: 1) }
    guard first.count > 1 else { throw .count("samples", first.count, least: 2) }
    for (point, values) in losses.enumerated() {
      guard values.count == first.count else {
        throw .unequal(first: first.count, other: values.count, point: point)
      }
      if let sample = values.firstIndex(where: { !$0.isFinite || $0 < 0 }) {
        throw .value(values[sample], point: point, sample: sample)
      }
    }
  }
}
