import Arithmetic
import Formulas

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How much each inequality of a bound's proof loses at a point: a chain of numbers from `‖H‖₂` to `M`, in which equal
/// inequalities are used in all blocks at a time.
///
/// The losses are natural logarithms and add up to `log(M/‖H‖₂)`. Every number is a floating-point estimate.
public struct ProofSlack: Sendable {
  /// One use of an inequality.
  public struct Use: Sendable {
    public let rule: Rule.ID
    /// The row and column of the block by their places among the parameters; `nil` for the whole matrix.
    public let block: (row: Int, column: Int)?
    public let left: Formula
    public let right: Formula
    public let leftValue: Double
    public let rightValue: Double
    /// By how much the logarithm of the bound of the whole matrix grows.
    public let loss: Double
  }

  /// One number of the chain: what the whole is bounded by after some uses of one inequality.
  public struct Rung: Sendable {
    public let rule: Rule.ID
    public let uses: Int
    public let value: Double
    public let loss: Double
    /// The use of the group that loses most.
    public let worst: Use
  }

  /// What an inequality loses in all its uses.
  public struct Law: Sendable {
    public let rule: Rule.ID
    public let statement: Judgement
    public let uses: Int
    public let loss: Double
  }

  /// `‖H‖₂`, as the chain starts.
  public let start: Double
  public let rungs: [Rung]
  /// The one that loses most first.
  public let laws: [Law]
  /// The single use that loses most; `nil` where the proof has no inequality.
  public let worst: Use?

  /// The number at the end of the chain.
  public var end: Double { rungs.last?.value ?? start }

  /// - Parameters:
  ///   - blockCount: the number of blocks in a row.
  ///   - names: what parts are called where the sides of an inequality are shown.
  init(_ walk: ProofWalk, _ rules: [Rule.ID: Rule], blockCount: Int, names: [Formula: Formula]) throws {
    var chain = Chain(walk.events, blockCount: blockCount, names: names)
    try chain.run()
    (start, rungs) = (chain.start, chain.rungs)
    worst = Self.worst(of: chain.uses[...])
    var order: [Rule.ID] = []
    var totals: [Rule.ID: (uses: Int, loss: Double)] = [:]
    for use in chain.uses {
      if totals[use.rule] == nil { order.append(use.rule) }
      let total = totals[use.rule] ?? (0, 0)
      totals[use.rule] = (total.uses + 1, total.loss + use.loss)
    }
    let laws = order.compactMap { id -> Law? in
      guard let total = totals[id], let rule = rules[id] else { return nil }
      return Law(rule: id, statement: rule.statement, uses: total.uses, loss: total.loss)
    }
    self.laws = laws.enumerated().sorted { ($1.element.loss, $0.offset) < ($0.element.loss, $1.offset) }.map(\.element)
  }

  /// The use that loses most, the first of several.
  fileprivate static func worst(of uses: ArraySlice<Use>) -> Use? {
    uses.enumerated().max { ($0.element.loss, -$0.offset) < ($1.element.loss, -$1.offset) }?.element
  }
}

/// Uses the inequalities of a proof in an order in which equal ones come together, each block's own order kept.
private struct Chain {
  private(set) var start = 0.0
  private(set) var rungs: [ProofSlack.Rung] = []
  private(set) var uses: [ProofSlack.Use] = []
  private let events: [ProofEvent]
  private let blockCount: Int
  private let names: [Formula: Formula]
  /// What each block is bounded by at present.
  private var entries: [Double] = []
  private var current = 0.0

  init(_ events: [ProofEvent], blockCount: Int, names: [Formula: Formula]) {
    (self.events, self.blockCount, self.names) = (events, blockCount, names)
  }

  mutating func run() throws {
    let whole = events.filter { $0.phase == .whole }
    start = whole.first?.before ?? 0
    current = start
    entries = (0..<(blockCount * blockCount)).map { index in events.first { $0.entry == index }?.before ?? 0 }
    for event in whole {
      let before = current
      current = event.after
      note([(event, Self.loss(before, current))])
    }
    for phase in [ProofEvent.Phase.splitting, .term, .numbers] {
      try run(events.filter { $0.phase == phase })
    }
  }

  /// Uses all events, each time the inequality that most threads wait for.
  private mutating func run(_ events: [ProofEvent]) throws {
    var order: [Int] = []
    var queues: [Int: ArraySlice<ProofEvent>] = [:]
    for event in events {
      if queues[event.thread] == nil { order.append(event.thread) }
      queues[event.thread, default: []].append(event)
    }
    while let rule = Self.next(order.compactMap { queues[$0] }) {
      var used: [(ProofEvent, Double)] = []
      for thread in order {
        while let event = queues[thread]?.first, event.rule == rule {
          queues[thread]?.removeFirst()
          used.append((event, try use(event)))
        }
      }
      note(used)
    }
  }

  /// The rule of which the greatest part of what is left can be used at once: few groups are better to read.
  private static func next(_ queues: [ArraySlice<ProofEvent>]) -> Rule.ID? {
    var best: (rule: Rule.ID, part: Double, ready: Int)?
    var seen: Set<Rule.ID> = []
    for rule in queues.compactMap({ $0.first?.rule }) where seen.insert(rule).inserted {
      let ready = queues.reduce(0) { $0 + $1.prefix { $0.rule == rule }.count }
      let left = queues.reduce(0) { $0 + $1.count { $0.rule == rule } }
      let part = Double(ready) / Double(left)
      if best.map({ (part, ready) > ($0.part, $0.ready) }) ?? true { best = (rule, part, ready) }
    }
    return best?.rule
  }

  /// - Returns: by how much the logarithm of the whole grows.
  private mutating func use(_ event: ProofEvent) throws -> Double {
    guard let entry = event.entry else { return 0 }
    let before = current
    entries[entry] += event.after - event.before
    let matrix = Matrix<Double>(rows: blockCount, columns: blockCount, entries: entries)
    current = entries.allSatisfy(\.isFinite) ? try LinearAlgebra.largestSingularValue(of: matrix) : .infinity
    return Self.loss(before, current)
  }

  private static func loss(_ before: Double, _ after: Double) -> Double {
    before == after ? 0 : before > 0 ? log(after / before) : .infinity
  }

  private mutating func note(_ used: [(event: ProofEvent, loss: Double)]) {
    let first = uses.count
    for (event, loss) in used {
      let block = event.entry.map { (row: $0 / blockCount, column: $0 % blockCount) }
      uses.append(
        ProofSlack.Use(
          rule: event.rule, block: block, left: event.left.replacing(names), right: event.right.replacing(names),
          leftValue: event.leftValue, rightValue: event.rightValue, loss: loss))
    }
    guard let worst = ProofSlack.worst(of: uses[first...]) else { return }
    rungs.append(
      ProofSlack.Rung(
        rule: worst.rule, uses: used.count, value: current, loss: used.reduce(0) { $0 + $1.loss }, worst: worst))
  }
}

extension ProofSlack {
  /// Losses below this are rounding, and the errors of norms that are estimated.
  static let tightLoss = 1e-6

  /// The inequalities that are equalities at this point, up to rounding.
  public var tightLaws: [Law] { laws.filter(\.isTight) }
}

extension ProofSlack.Law {
  /// Whether nothing is lost, up to rounding.
  public var isTight: Bool { abs(loss) < ProofSlack.tightLoss }
}

extension ProofSlack.Rung {
  /// Whether nothing is lost, up to rounding.
  public var isTight: Bool { abs(loss) < ProofSlack.tightLoss }
}
