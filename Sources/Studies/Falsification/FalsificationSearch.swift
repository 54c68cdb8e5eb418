import Evaluation
import Formulas

/// What the ascents of a search ended at.
public struct FalsificationSearch: Sendable {
  /// The best of the ascents at one tuple of sizes.
  public struct Row: Hashable, Sendable {
    public let sizes: [String: Int]
    /// The largest left/right found, a floating-point estimate; `nil` where no start had a quotient.
    public let ratio: Double?
    /// The starts that were made, fewer than asked for where the search was interrupted.
    public let starts: Int
    public let evaluations: Int
  }

  /// One row for each tuple of sizes.
  public let rows: [Row]
  /// Whether the search was stopped before all starts were made.
  public let isInterrupted: Bool
  /// The ends of all ascents with left/right above 1, and the best at each tuple of sizes, the largest first.
  let ends: [End]

  /// Where an ascent ended.
  struct End: Sendable {
    let tuple: Int
    let point: Environment<Double>
    let ratio: Double
  }

  /// The ends of ascents at which the statement seems to be violated, the largest quotient first.
  var candidates: ArraySlice<End> { ends.prefix { $0.ratio > 1 + Self.noise } }

  /// What rounding alone may put left/right above 1 by.
  fileprivate static let noise = 1e-9

  /// The largest quotient found at any sizes.
  public var ratio: Double? { rows.compactMap(\.ratio).max() }
}

extension Falsification {
  /// How far a search has come.
  public typealias Progress = @Sendable (_ done: Int, _ total: Int, _ ratio: Double) -> Void

  private struct Start: Sendable {
    let tuple: Int
    let index: Int
  }

  /// Makes all ascents, on all cores; the result does not depend on how many there are.
  ///
  /// - Parameter isStopped: asked often; once it is true, what was found so far is the result.
  public func search(
    isStopped: @escaping @Sendable () -> Bool = { false }, progress: @escaping Progress = { _, _, _ in }
  ) throws -> FalsificationSearch {
    let starts = maximizations.indices.flatMap { tuple in (0..<options.starts).map { Start(tuple: tuple, index: $0) } }
    let tally = SearchTally(total: starts.count, progress)
    let outcomes = try parallelMap(starts) { start -> RatioMaximization.Outcome?? in
      if isStopped() { return nil }
      let maximization = maximizations[start.tuple]
      let outcome = try maximization.ascend(
        from: maximization.start(start.index, seed: options.seed), iterations: options.iterations,
        goal: options.ceiling, isStopped: isStopped)
      tally.add(outcome?.ratio)
      return .some(outcome)
    }
    var rows: [FalsificationSearch.Row] = []
    var ends: [FalsificationSearch.End] = []
    for tuple in maximizations.indices {
      let made = zip(starts, outcomes).filter { $0.0.tuple == tuple }.compactMap(\.1)
      let found = made.compactMap { $0 }
      rows.append(
        .init(
          sizes: options.sizes[tuple], ratio: found.map(\.ratio).max(), starts: made.count,
          evaluations: found.reduce(0) { $0 + $1.evaluations }))
      let best = found.map(\.ratio).max() ?? 0
      let kept = found.filter { $0.ratio > 1 + FalsificationSearch.noise }
      ends += (kept.isEmpty ? Array(found.filter { $0.ratio == best }.prefix(1)) : kept)
        .map { .init(tuple: tuple, point: $0.point, ratio: $0.ratio) }
    }
    // Of equals the first, whatever the sorting does.
    let order = ends.indices.sorted { (ends[$1].ratio, $0) < (ends[$0].ratio, $1) }
    return FalsificationSearch(
      rows: rows, isInterrupted: outcomes.contains { $0 == nil } || isStopped(),
      ends: order.map { ends[$0] })
  }
}
