import Formulas

/// A derivation as it is read: one stage for each substantive law, with the bookkeeping that goes with it.
struct ProofOutline {
  struct Use: Hashable {
    let justification: Justification
    let direction: DerivationStep.Direction
  }

  struct Counted {
    let use: Use
    var count: Int
  }

  struct Stage {
    var laws: [Counted]
    var bookkeeping: [Counted]
    /// `≤` when one of the steps is.
    var relation: Relation
    /// The whole formula after the stage.
    var formula: Formula
  }

  private(set) var stages: [Stage] = []

  /// Replays the proof and gathers its steps.
  ///
  /// - Errors: the first step that does not follow.
  init(_ proof: Proof, _ rules: [Rule.ID: Rule]) throws {
    try proof.replaySteps(rules) { add($0, rules) }
  }

  private mutating func add(_ replayed: Proof.ReplayedStep, _ rules: [Rule.ID: Rule]) {
    let use = Use(justification: replayed.step.justification, direction: replayed.step.direction)
    let isBookkeeping: Bool
    switch use.justification {
    case .rule(let id): isBookkeeping = rules[id]?.weight == .bookkeeping
    // Read from right to left, a lemma gives the transpose of an abbreviation its name.
    case .lemma: isBookkeeping = use.direction == .backward
    case .arithmetic: isBookkeeping = true
    }
    let startsStage =
      stages.last.map { last in !isBookkeeping && !last.laws.isEmpty && last.laws.last?.use != use } ?? true
    if startsStage {
      stages.append(Stage(laws: [], bookkeeping: [], relation: .equal, formula: replayed.after))
    }
    let index = stages.count - 1
    if isBookkeeping {
      ProofOutline.count(use, in: &stages[index].bookkeeping)
    } else {
      ProofOutline.count(use, in: &stages[index].laws)
    }
    if replayed.relation == .atMost { stages[index].relation = .atMost }
    stages[index].formula = replayed.after
  }

  private static func count(_ use: Use, in counted: inout [Counted]) {
    if let index = counted.firstIndex(where: { $0.use == use }) {
      counted[index].count += 1
    } else {
      counted.append(Counted(use: use, count: 1))
    }
  }

  /// Joins stages that leave the printed formula as it was with the stage after them.
  mutating func mergeInvisibleStages(from start: Formula, printed: (Formula) -> String) {
    var merged: [Stage] = []
    var shown = printed(start)
    var pending: Stage?
    for stage in stages {
      var joint = stage
      if let before = pending { joint = ProofOutline.joined(before, stage) }
      let latex = printed(stage.formula)
      if latex == shown {
        pending = joint
      } else {
        merged.append(joint)
        (pending, shown) = (nil, latex)
      }
    }
    if let pending {
      if let last = merged.popLast() {
        merged.append(ProofOutline.joined(last, pending))
      } else {
        merged.append(pending)
      }
    }
    stages = merged
  }

  private static func joined(_ first: Stage, _ second: Stage) -> Stage {
    func union(_ a: [Counted], _ b: [Counted]) -> [Counted] {
      var all = a
      for counted in b {
        if let index = all.firstIndex(where: { $0.use == counted.use }) {
          all[index].count += counted.count
        } else {
          all.append(counted)
        }
      }
      return all
    }
    return Stage(
      laws: union(first.laws, second.laws), bookkeeping: union(first.bookkeeping, second.bookkeeping),
      relation: first.relation == .atMost ? .atMost : second.relation, formula: second.formula)
  }
}
