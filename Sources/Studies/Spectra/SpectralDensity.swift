#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// The density of a spectrum and its integral, smoothed with a Gaussian, on an even grid.
public struct SpectralDensity: Sendable {
  public struct Point: Hashable, Sendable {
    public let eigenvalue: Double
    /// The share of eigenvalues per unit length.
    public let density: SampleEstimate
    /// The share of eigenvalues below.
    public let cumulative: SampleEstimate
  }

  /// The standard deviation `σ` of the Gaussian.
  public let width: Double
  public let points: [Point]
  /// Whether all eigenvalues were at hand.
  public let isExact: Bool

  /// From all eigenvalues, or from quadratures that are averaged.
  ///
  /// - Parameters:
  ///   - ends: the smallest and the largest eigenvalue; the grid reaches 4 widths beyond.
  ///   - width: `nil` for a hundredth of the distance of the ends.
  ///   - count: `nil` for at least 401 points, and two to a width as far as 20 001 allow it.
  /// - Precondition: there is a measure, at least two points, and a width of at least `10⁻⁹` of the ends; no number is
  ///   beyond `10³⁰⁰`.
  public init(
    _ measures: [SpectralMeasure], isExact: Bool, ends: ClosedRange<Double>, width: Double? = nil, count: Int? = nil
  ) {
    precondition(!measures.isEmpty && count ?? 2 > 1, "\(count ?? 2) points of \(measures.count) measures")
    let span = ends.upperBound - ends.lowerBound, size = max(abs(ends.lowerBound), abs(ends.upperBound))
    // A spectrum of one point gets a width all the same.
    let width = width ?? (span > 1e-6 * size ? span / 100 : size > 0 ? size / 100 : 1)
    precondition(width > 0 && width >= 1e-9 * size, "a width of \(width) for eigenvalues of size \(size)")
    let low = ends.lowerBound - 4 * width, high = ends.upperBound + 4 * width
    let count = count ?? Int(min(max(401, 2 * ((high - low) / width)), 20_001))
    (self.width, self.isExact) = (width, isExact)
    points = (0..<count).map { index in
      let t = low + (high - low) * (Double(index) / Double(count - 1))
      func estimate(_ value: (SpectralMeasure) -> Double) -> SampleEstimate {
        isExact ? SampleEstimate(exact: value(measures[0])) : SampleEstimate(measures.map(value))
      }
      return Point(
        eigenvalue: t, density: estimate { $0.density(at: t, width: width) },
        cumulative: estimate { $0.cumulative(at: t, width: width) })
    }
  }

  /// The largest standard error of the cumulative share; `nil` from a single probe.
  public var largestError: Double? {
    points.reduce(0.0 as Double?) { largest, point in
      guard let largest, let error = point.cumulative.standardError else { return nil }
      return max(largest, error)
    }
  }
}

/// `ln x`.
func logarithm(_ x: Double) -> Double { log(x) }
