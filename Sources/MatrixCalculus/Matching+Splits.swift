import Formulas

extension Rule {
  /// Every way in which the left side of the rule is the formula, sums and products cut at every place.
  public func matches(_ formula: Formula) -> [(substitution: Substitution, judgement: Judgement)] {
    if status != .law { return formula == statement.left ? [(Substitution(), statement)] : [] }
    var found: [(substitution: Substitution, judgement: Judgement)] = []
    Substitution().matches(statement.left, formula) { substitution in
      if case .success(let judgement) = instance(substitution), judgement.left == formula {
        found.append((substitution, judgement))
      }
    }
    return found
  }
}

extension Substitution {
  /// Visits every extension of the substitution under which the pattern is the formula.
  fileprivate func matches(_ pattern: Formula, _ formula: Formula, _ visit: (Substitution) -> Void) {
    let isLeaf = pattern.operands.isEmpty
    if isLeaf {
      var extended = self
      if extended.match(pattern, formula) { visit(extended) }
      return
    }
    guard pattern.kind == formula.kind, pattern.operands.count <= formula.operands.count else { return }
    if pattern.isAssociative {
      split(pattern.operands[...], formula.operands[...], formula.operator, visit)
    } else if pattern.operator == formula.operator, pattern.operands.count == formula.operands.count {
      pairwise(pattern.operands[...], formula.operands[...], visit)
    }
  }

  private func pairwise(
    _ patterns: ArraySlice<Formula>, _ operands: ArraySlice<Formula>, _ visit: (Substitution) -> Void
  ) {
    guard let pattern = patterns.first, let operand = operands.first else { return visit(self) }
    matches(pattern, operand) { $0.pairwise(patterns.dropFirst(), operands.dropFirst(), visit) }
  }

  /// Gives the first pattern one operand, or as a variable a run of them, and the rest to the others.
  private func split(
    _ patterns: ArraySlice<Formula>, _ operands: ArraySlice<Formula>, _ op: Operator, _ visit: (Substitution) -> Void
  ) {
    guard let pattern = patterns.first else {
      if operands.isEmpty { visit(self) }
      return
    }
    let longest = operands.count - (patterns.count - 1)
    guard longest >= 1 else { return }
    for length in 1...(pattern.kind == .variable ? longest : 1) {
      let run = operands.prefix(length)
      guard length == 1 || !(patterns.count == 1 && length < longest) else { continue }
      let part = length == 1 ? run[run.startIndex] : Formula(op, Array(run))
      matches(pattern, part) { $0.split(patterns.dropFirst(), operands.dropFirst(length), op, visit) }
    }
  }
}
