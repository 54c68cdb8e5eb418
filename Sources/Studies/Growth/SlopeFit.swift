#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A common slope of several curves `y ≈ aₛ + b x`, one for each draw, by least squares, with an interval.
///
/// The half width is `t_{residual} · (standard error from the residuals) + t_{draws} · (standard error of the mean of
/// the draws)`, both at 95 %: an estimate under independent normal errors. What the residuals measure here is mostly
/// how far the curves are from straight lines.
public struct SlopeFit: Hashable, Sendable {
  /// `b`, the mean over the draws of the slopes of each.
  public let slope: Double
  /// The half width; `nil` where there are too few points to tell.
  public let halfWidth: Double?
  /// The slopes of each draw.
  public let slopes: [Double]

  /// - Precondition: every curve has one value for each abscissa, there is a curve, and two abscissas differ.
  public init(abscissas x: [Double], curves: [[Double]]) {
    precondition(!curves.isEmpty && curves.allSatisfy { $0.count == x.count }, "curves need a value at each abscissa")
    let centre = Self.mean(x)
    let spread = x.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    precondition(spread > 0, "a slope needs two different abscissas")
    var slopes: [Double] = [], squares = 0.0
    for y in curves {
      let height = Self.mean(y)
      let slope = zip(x, y).reduce(0) { $0 + ($1.0 - centre) * ($1.1 - height) } / spread
      squares += zip(x, y).reduce(0) { sum, point in
        let residual = point.1 - height - slope * (point.0 - centre)
        return sum + residual * residual
      }
      slopes.append(slope)
    }
    let slope = Self.mean(slopes), draws = curves.count
    (self.slope, self.slopes) = (slope, slopes)
    var width: Double?
    let freedom = draws * (x.count - 2)
    if freedom > 0 {
      let error = sqrt(squares / Double(freedom) / (spread * Double(draws)))
      width = StudentDistribution(freedom: freedom).twoSided95 * error
    }
    if draws > 1 {
      let variance = slopes.reduce(0) { $0 + ($1 - slope) * ($1 - slope) } / Double(draws - 1)
      let error = sqrt(variance / Double(draws))
      width = (width ?? 0) + StudentDistribution(freedom: draws - 1).twoSided95 * error
    }
    halfWidth = width
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}

/// Student's distribution with a whole number of degrees of freedom.
struct StudentDistribution: Hashable {
  let freedom: Int

  /// `P(|T| ≤ t)`, by the finite trigonometric sums.
  ///
  /// - Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
  func probability(within t: Double) -> Double {
    let angle = atan2(t, sqrt(Double(freedom)))
    let cosine = cos(angle), square = cosine * cosine
    let isOdd = freedom % 2 == 1
    var term = isOdd ? cosine : 1.0, sum = 0.0
    for k in stride(from: isOdd ? 3 : 2, through: freedom, by: 2) {
      sum += term
      term *= square * Double(k - 1) / Double(k)
    }
    return isOdd ? 2 / .pi * (angle + sin(angle) * sum) : sin(angle) * sum
  }

  /// The `t` with `P(|T| ≤ t) = 0.95`.
  var twoSided95: Double {
    var (low, high) = (1.9, 12.8)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if probability(within: middle) < 0.95 { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
