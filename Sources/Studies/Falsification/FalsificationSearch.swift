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
  /// The ends of ascents with left/right above 1, the largest first.
  let candidates: [Candidate]

  struct Candidate: Sendable {
    let tuple: Int
    let point: Environment<Double>
    let ratio: Double
  }

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
    var candidates: [FalsificationSearch.Candidate] = []
    for tuple in maximizations.indices {
      let made = zip(starts, outcomes).filter { $0.0.tuple == tuple }.compactMap(\.1)
      let found = made.compactMap { $0 }
      rows.append(
        .init(
          sizes: options.sizes[tuple], ratio: found.map(\.ratio).max(), starts: made.count,
          evaluations: found.reduce(0) { $0 + $1.evaluations }))
      candidates += found.filter { $0.ratio > 1 + Self.noise }
        .map { .init(tuple: tuple, point: $0.point, ratio: $0.ratio) }
    }
    // Of equals the first, whatever the sorting does.
    let order = candidates.indices.sorted { (candidates[$1].ratio, $0) < (candidates[$0].ratio, $1) }
    return FalsificationSearch(
      rows: rows, isInterrupted: outcomes.contains { $0 == nil } || isStopped(),
      candidates: order.map { candidates[$0] })
  }

  /// What rounding alone may put left/right above 1 by.
  private static let noise = 1e-9
}
