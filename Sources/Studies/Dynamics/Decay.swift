import TensorFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How fast a sequence of positive numbers falls: the slope of its logarithm over the last half, by least squares.
///
/// The sequence is one path without randomness, whose deviations from a line are no independent errors: there is no interval
/// of confidence. The slopes over the third and over the last quarter say how far the path has settled.
public struct Decay: Hashable, Sendable {
  public let slope: Double
  public let thirdQuarter: Double
  public let lastQuarter: Double

  /// - Parameter values: one for each step; those that are not positive are passed over.
  /// - Returns: `nil` where too few are positive, or where the change over the last half is lost in rounding.
  public init?(of values: [Double]) {
    let last = values.count - 1, middle = last / 2, threeQuarters = (middle + last + 1) / 2
    guard last > 4, let slope = Self.slope(values, middle...last),
      let third = Self.slope(values, middle...threeQuarters), let fourth = Self.slope(values, threeQuarters...last),
      abs(slope) * Double(last - middle) > 0x1p-46
    else { return nil }
    (self.slope, thirdQuarter, lastQuarter) = (slope, third, fourth)
  }

  private static func slope(_ values: [Double], _ steps: ClosedRange<Int>) -> Double? {
    let stride = max(1, steps.count / 200)
    let places = Swift.stride(from: steps.lowerBound, through: steps.upperBound, by: stride).filter { values[$0] > 0 }
    guard places.count > 1 else { return nil }
    return SlopeFit(abscissas: places.map(Double.init), curves: [places.map { logarithm(values[$0]) }]).slope
  }

  /// By how much less than 1 the factor of one step with a slope is, `1 − e^slope`.
  static func rate(_ slope: Double) -> Double { -expm1(slope) }

  var json: JSONValue {
    ["slope": .double(slope), "third_quarter": .double(thirdQuarter), "last_quarter": .double(lastQuarter)]
  }
}
