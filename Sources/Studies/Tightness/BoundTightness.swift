import Arithmetic
import Evaluation
import Formulas
import Transformers

/// How tight the derived bounds are: for each a point at which the norm comes as near to its bound as adversarial search
/// could bring it.
///
/// The points are exact, so that the quotient at each is certified without searching again.
public struct BoundTightness: Sendable {
  /// One bound.
  public struct Entry: Sendable {
    public let statement: TightnessStatement
    /// What the ascents ended at, for each tuple of sizes.
    public let rows: [FalsificationSummary.Row]
    /// The point found; `nil` where no start had a quotient.
    public let witness: ClaimWitness?
  }

  public let seed: UInt64
  /// The number of random starts for each tuple of sizes.
  public let starts: Int
  public let isInterrupted: Bool
  public let entries: [Entry]

  init(seed: UInt64, starts: Int, isInterrupted: Bool, entries: [Entry]) {
    (self.seed, self.starts, self.isInterrupted, self.entries) = (seed, starts, isInterrupted, entries)
  }

  /// Searches at every bound of some kernels, on all cores; the result does not depend on how many there are.
  ///
  /// - Parameters:
  ///   - sizes: numbers for the size names `L`, `d`, `d_K`, `d_V`, as in a search for violations.
  ///   - isStopped: asked often; once it is true, what was found so far is the result.
  /// - Errors: sizes that are too large.
  public init(
    searching kernels: [AttentionKernel], sizes: [String: [Int]] = [:], starts: Int = 24, seed: UInt64 = 1,
    isStopped: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    let statements = try kernels.flatMap { try TightnessStatement.all($0) }
    let options = Falsification.Options(
      sizes: SizeTuple.all(["L", "d", "d_K", "d_V"], sizes), starts: starts, seed: seed, ceiling: Self.ceiling)
    let done = Counter()
    let found = try parallelMap(statements) { statement -> (entry: Entry, isInterrupted: Bool) in
      var options = options
      let names = statement.judgement.sizeNames
      options.sizes = Self.distinct(options.sizes.map { $0.filter { names.contains($0.key) } })
      let falsification = try Falsification(statement.judgement, subject: statement.id, options)
      let search = try falsification.search(isStopped: isStopped)
      let entry = Entry(
        statement: statement, rows: search.rows.map { .init($0) }, witness: try falsification.sharpest(search))
      progress(done.next(), statements.count)
      return (entry, search.isInterrupted)
    }
    self.init(
      seed: seed, starts: starts, isInterrupted: found.contains(where: \.isInterrupted), entries: found.map(\.entry))
  }

  /// An ascent ends above 1: so far no bound that holds can be exceeded.
  private static let ceiling = 1.01

  private static func distinct(_ tuples: [[String: Int]]) -> [[String: Int]] {
    tuples.enumerated().filter { index, tuple in tuples.firstIndex(of: tuple) == index }.map(\.element)
  }
}

extension Falsification {
  /// Quotients that differ by less than this part are as good as each other.
  private static let resolution = 1e-6
  /// The shares of the quotient that are enough for a simpler point where the bound is not reached.
  private static let shares = [0.9995, 0.995]

  /// The end of the best ascent, rounded to small rationals: at the first of the tuples of sizes that are about as good.
  func sharpest(_ search: FalsificationSearch) throws -> ClaimWitness? {
    guard let best = search.ends.first else { return nil }
    let good = search.ends.filter { $0.ratio >= best.ratio * (1 - Self.resolution) }
    let end = good.min { $0.tuple < $1.tuple } ?? best
    func reduced(_ share: Double) throws -> ClaimWitness? {
      let reduction = WitnessReduction(
        maximization: maximizations[end.tuple], ratio: end.ratio, target: share * end.ratio)
      return try reduction.reduced(end.point).map {
        try ClaimWitness(subject: subject, statement: statement, point: $0)
      }
    }
    if end.ratio >= 1 - Self.resolution, let exact = try reduced(1 - 1e-12), try exact.isEquality() { return exact }
    for share in Self.shares {
      if let witness = try reduced(share) { return witness }
    }
    let plain = WitnessReduction(maximization: maximizations[end.tuple], ratio: end.ratio, target: end.ratio)
    return try ClaimWitness(subject: subject, statement: statement, point: try plain.rounded(end.point, bits: 20))
  }
}

extension ClaimWitness {
  /// Whether both sides are equal at the point.
  func isEquality(precisionLimit: Int = 256) throws -> Bool {
    for judgement in [statement, Judgement(statement.right, .atMost, statement.left)] {
      let certification = try Certification(judgement, at: point, precisionLimit: precisionLimit)
      if certification.verdict != .proven { return false }
    }
    return true
  }
}
