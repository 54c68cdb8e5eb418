import Formulas

extension Formula {
  /// The smallest part of this formula outside of which it agrees with another, and what stands there in the other.
  ///
  /// Of sums, products and Kronecker products the part may be a run of neighbouring operands.
  func changedPart(from other: Formula) -> (old: Formula, new: Formula) {
    guard self != other, self.operator == other.operator, !operands.isEmpty else { return (self, other) }
    if isAssociative { return changedRun(from: other) }
    guard operands.count == other.operands.count else { return (self, other) }
    let changed = operands.indices.filter { operands[$0] != other.operands[$0] }
    guard changed.count == 1 else { return (self, other) }
    let (old, new) = (operands[changed[0]], other.operands[changed[0]])
    return old.shape == new.shape ? old.changedPart(from: new) : (self, other)
  }

  private func changedRun(from other: Formula) -> (old: Formula, new: Formula) {
    let shorter = min(operands.count, other.operands.count)
    var prefix = 0
    while prefix < shorter, operands[prefix] == other.operands[prefix] { prefix += 1 }
    var suffix = 0
    while suffix < shorter - prefix,
      operands[operands.count - 1 - suffix] == other.operands[other.operands.count - 1 - suffix]
    {
      suffix += 1
    }
    // A run that is empty on one side takes a neighbour along.
    if prefix + suffix == shorter { if suffix > 0 { suffix -= 1 } else { prefix -= 1 } }
    guard prefix + suffix > 0 else { return (self, other) }
    let old = Array(operands[prefix..<(operands.count - suffix)])
    let new = Array(other.operands[prefix..<(other.operands.count - suffix)])
    guard case .success(let oldRun) = Formula.applied(self.operator, old),
      case .success(let newRun) = Formula.applied(self.operator, new), oldRun.shape == newRun.shape
    else { return (self, other) }
    return old.count == 1 && new.count == 1 ? oldRun.changedPart(from: newRun) : (oldRun, newRun)
  }
}
