import Arithmetic

/// Every version's `k*` for one or several tolerances, beside what was measured.
public struct SampleSizeStudy: Sendable {
  /// One tolerance with all versions, and the empirical sample sizes where losses were measured.
  public struct Row: Sendable {
    public let tolerance: Rational
    public let outcomes: [SampleSizeOutcome]
    public let empirical: Empirical?

    /// What the version says.
    public func outcome(_ version: SampleSizeVersion) -> SampleSizeOutcome? {
      outcomes.first { $0.version == version }
    }
  }

  /// The least numbers of samples from which on, within the data, the measured increments are at most `ε`.
  public struct Empirical: Hashable, Sendable {
    /// By the mean; `nil` where it is not reached within the data.
    public let mean: Int?
    /// By the largest of the quantiles.
    public let quantile: Int?
    /// The probability of that quantile.
    public let probability: Double
    /// The number of samples.
    public let samples: Int
  }

  public let numbers: SampleSizeNumbers
  public let measured: RunningMeans?
  /// What the numbers are about, in a few words.
  public let subject: String
  /// In the order given.
  public let rows: [Row]

  /// - Parameters:
  ///   - numbers: what is known.
  ///   - tolerances: at least one, each above zero.
  ///   - measured: measured increments, at the points where the bounds are to hold.
  ///   - subject: for the caption.
  /// - Errors: `SampleSizeError` naming the number that is out of range; those of evaluation.
  public init(
    _ numbers: SampleSizeNumbers, tolerances: [Rational], measured: RunningMeans? = nil,
    subject: String = "given numbers"
  ) throws {
    precondition(!tolerances.isEmpty, "a sample size is for a tolerance")
    for tolerance in tolerances { try SampleSize.check(tolerance: tolerance) }
    try numbers.validate()
    (self.numbers, self.measured, self.subject) = (numbers, measured, subject)
    rows = try tolerances.map { tolerance in
      Row(
        tolerance: tolerance,
        outcomes: try SampleSizeVersion.allCases.map { try SampleSizeOutcome($0, numbers, tolerance: tolerance) },
        empirical: measured.flatMap { Self.empirical($0, tolerance) })
    }
  }

  private static func empirical(_ measured: RunningMeans, _ tolerance: Rational) -> Empirical? {
    guard let probability = measured.probabilities.last else { return nil }
    return Empirical(
      mean: measured.empiricalCount(tolerance: tolerance),
      quantile: measured.empiricalCount(tolerance: tolerance, quantile: probability), probability: probability,
      samples: measured.samples)
  }
}
