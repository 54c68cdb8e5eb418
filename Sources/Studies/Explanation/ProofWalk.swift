import Arithmetic
import Evaluation
import Formulas

/// One use of an inequality in the proof of a bound, with its sides at a point.
struct ProofEvent {
  /// The order in which kinds of inequalities go, so that equal ones of all blocks come together.
  enum Phase: Int, Hashable {
    /// About the whole matrix.
    case whole
    /// A block is split into its terms.
    case splitting
    /// A term is bounded.
    case term
    /// Norms are replaced by given numbers.
    case numbers
  }

  let rule: Rule.ID
  let phase: Phase
  /// The index of the block; `nil` for the whole matrix.
  let entry: Int?
  /// Events of one thread have to keep their order.
  let thread: Int
  let left: Formula
  let right: Formula
  let leftValue: Double
  let rightValue: Double
  /// What the block, or the whole, is bounded by before and after.
  let before: Double
  let after: Double
}

/// Replays the proof of `‖[H_ij]‖₂ ≤ ‖[b_ij]‖₂` with its lemmas and evaluates both sides of every inequality.
struct ProofWalk {
  private typealias Context = (Double) throws -> Double

  private struct Step {
    let justification: Justification
    let relation: Relation
    let position: Position
    let replaced: Formula
    let replacement: Formula
  }

  private let rules: [Rule.ID: Rule]
  private let evaluation: PointEvaluation
  /// In the order of the proof.
  private(set) var events: [ProofEvent] = []
  private var threads = 0
  private static let hole = Symbol("what is bounded", .scalar)

  /// - Errors: `ProofError` for a proof that does not hold; what evaluation throws.
  init(_ proof: Proof, _ rules: [Rule.ID: Rule], _ evaluation: PointEvaluation) throws {
    (self.rules, self.evaluation) = (rules, evaluation)
    try walkWhole(proof)
  }

  private func steps(of proof: Proof) throws -> [Step] {
    var steps: [Step] = []
    try proof.replaySteps(rules) { replayed in
      steps.append(
        Step(
          justification: replayed.step.justification, relation: replayed.relation, position: replayed.step.position,
          replaced: replayed.replaced, replacement: replayed.replacement))
    }
    return steps
  }

  private mutating func walkWhole(_ proof: Proof) throws {
    var current = proof.judgement.left
    var entryThreads: [Int: Int] = [:]
    for step in try steps(of: proof) {
      let next = try Self.next(current, step)
      defer { current = next }
      guard step.relation == .atMost else { continue }
      let path = step.position.path
      if path.count >= 2, current.operands.first?.kind == .blocks, let entry = current[Position([0, path[1]])] {
        let inside = Position(Array(path.dropFirst(2)), run: step.position.run)
        if case .lemma(let index) = step.justification {
          try walkEntry(proof.lemmas[index], path[1], context(entry, inside) { $0 })
        } else if let after = next[Position([0, path[1]])] {
          let thread = entryThreads[path[1]] ?? newThread()
          entryThreads[path[1]] = thread
          try record(step, .numbers, path[1], thread, before: entry, after: after) { $0 }
        }
      } else if case .lemma(let index) = step.justification, step.position == .root {
        try walkWhole(proof.lemmas[index])
      } else {
        try record(step, .whole, nil, 0, before: current, after: next) { $0 }
      }
    }
  }

  /// Walks the proof of the bound of one block.
  private mutating func walkEntry(_ proof: Proof, _ entry: Int, _ outer: @escaping Context) throws {
    var current = proof.judgement.left
    let splitting = newThread()
    for step in try steps(of: proof) {
      let next = try Self.next(current, step)
      if step.relation == .atMost {
        if case .lemma(let index) = step.justification {
          try walkTerm(proof.lemmas[index], entry, newThread(), context(current, step.position, outer))
        } else {
          try record(step, .splitting, entry, splitting, before: current, after: next, outer)
        }
      }
      current = next
    }
  }

  /// Walks the proof of the bound of one term.
  private mutating func walkTerm(
    _ proof: Proof, _ entry: Int, _ thread: Int, _ outer: @escaping Context
  ) throws {
    var current = proof.judgement.left
    for step in try Self.activeLast(steps(of: proof), proof.judgement.right, { try evaluation.value(of: $0) }) {
      let next = try Self.next(current, step)
      if step.relation == .atMost {
        if case .lemma(let index) = step.justification {
          try walkTerm(proof.lemmas[index], entry, thread, context(current, step.position, outer))
        } else {
          try record(step, .term, entry, thread, before: current, after: next, outer)
        }
      }
      current = next
    }
  }

  /// Of a minimum of several bounds the least one last: the others then cost nothing.
  private static func activeLast(
    _ steps: [Step], _ end: Formula, _ value: (Formula) throws -> Double
  ) throws -> [Step] {
    guard end.kind == .minimum, let first = steps.first,
      steps.dropFirst().allSatisfy({ !$0.position.path.isEmpty })
    else { return steps }
    let values = try end.operands.map(value)
    let active = values.indices.min { (values[$0], $0) < (values[$1], $1) }
    let rest = steps.dropFirst()
    return [first] + rest.filter { $0.position.path[0] != active } + rest.filter { $0.position.path[0] == active }
  }

  // MARK: Records

  private mutating func newThread() -> Int {
    threads += 1
    return threads
  }

  private mutating func record(
    _ step: Step, _ phase: ProofEvent.Phase, _ entry: Int?, _ thread: Int, before: Formula, after: Formula,
    _ outer: Context
  ) throws {
    guard case .rule(let rule) = step.justification else { return }
    events.append(
      ProofEvent(
        rule: rule, phase: phase, entry: entry, thread: thread, left: step.replaced, right: step.replacement,
        leftValue: try evaluation.value(of: step.replaced), rightValue: try evaluation.value(of: step.replacement),
        before: try outer(evaluation.value(of: before)), after: try outer(evaluation.value(of: after))))
  }

  /// The value of the whole, given that of the part at a position.
  private func context(
    _ formula: Formula, _ position: Position, _ outer: @escaping Context
  ) throws -> Context {
    let around = try Self.replaced(formula, position, .symbol(Self.hole))
    let evaluation = evaluation
    return { try outer(evaluation.value(of: around, [Self.hole: $0])) }
  }

  private static func next(_ current: Formula, _ step: Step) throws -> Formula {
    try replaced(current, step.position, step.replacement)
  }

  private static func replaced(_ formula: Formula, _ position: Position, _ part: Formula) throws -> Formula {
    switch formula.replacing(at: position, with: part) {
    case .success(let next): next
    case .failure(let error): throw MeasurementError("a proof is not about what it says: \(error)")
    }
  }
}
