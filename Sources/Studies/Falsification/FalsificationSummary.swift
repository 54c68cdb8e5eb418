import Arithmetic
import TensorFiles

/// What a search tried and found, as it is kept in a file beside its witness.
public struct FalsificationSummary: Hashable, Sendable {
  /// One tuple of sizes.
  public struct Row: Hashable, Sendable {
    public let sizes: [String: Int]
    /// The largest left/right found, a floating-point estimate; `nil` where no start had a quotient.
    public let ratio: Double?
    public let starts: Int
    public let evaluations: Int

    init(sizes: [String: Int], ratio: Double?, starts: Int, evaluations: Int) {
      (self.sizes, self.ratio, self.starts, self.evaluations) = (sizes, ratio, starts, evaluations)
    }

    init(_ row: FalsificationSearch.Row) {
      self.init(sizes: row.sizes, ratio: row.ratio, starts: row.starts, evaluations: row.evaluations)
    }
  }

  public let subject: String
  public let seed: UInt64
  /// The number of starts asked for at each tuple of sizes.
  public let starts: Int
  /// The most steps of one ascent.
  public let iterations: Int
  /// The quotient at which an ascent ended, whether or not there are larger ones.
  public let ceiling: Double
  public let isInterrupted: Bool
  public let rows: [Row]
  /// A lower bound of left/right at the witness, rounded down; `nil` where there is no witness or no finite quotient.
  public let certifiedRatio: String?
  /// Whether there is a certified witness.
  public let isRefuted: Bool

  public init(_ result: FalsificationResult) throws {
    subject = result.subject
    (seed, starts, iterations) = (result.options.seed, result.options.starts, result.options.iterations)
    ceiling = result.options.ceiling
    isInterrupted = result.search.isInterrupted
    rows = result.search.rows.map { Row($0) }
    isRefuted = result.violation != nil
    certifiedRatio = try result.violation?.certification.ratioLowerBound?
      .decimal(significantDigits: 6, rounding: .down)
  }

  /// The largest left/right found at any sizes, a floating-point estimate.
  public var ratio: Double? { rows.compactMap(\.ratio).max() }

  /// The number of evaluations of both sides with their gradient.
  public var evaluations: Int { rows.reduce(0) { $0 + $1.evaluations } }

  /// What was tried, in one sentence without a full stop.
  public var tried: String {
    let count = rows.reduce(0) { $0 + $1.starts }
    let sizes = rows.map { SizeTuple.text($0.sizes) }.filter { !$0.isEmpty }
    let more = sizes.count > 4 ? "; and \(sizes.count - 4) more tuples" : ""
    let places = sizes.isEmpty ? "" : " at " + sizes.prefix(4).joined(separator: "; ") + more
    let found = ratio.map { decimal($0) }
    return "\(count) ascents of left/right from random starts, entries up to 1 to \(Self.largestScale), seed \(seed)"
      + "\(places)\(isInterrupted ? ", interrupted" : ""); the largest quotient found is "
      + (found ?? "none: no start had one")
  }

  private static let largestScale = 100

  /// An estimate to five digits; above the ceiling only that it is.
  func decimal(_ value: Double) -> String {
    if value >= ceiling, let ceiling = Rational(exactly: ceiling) {
      return "above \(ceiling.isInteger ? ceiling.description : ceiling.decimal(significantDigits: 3, rounding: .down))"
    }
    return Rational(exactly: value)?.decimal(significantDigits: 5, rounding: .nearest) ?? "none"
  }
}
