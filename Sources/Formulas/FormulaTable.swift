/// One representative for all equal formulas, so that comparing them is comparing pointers.
///
/// Rewriting builds the same formula again and again; without representatives each comparison walks both trees.
/// - Complexity: a formula whose operands are representatives takes the time of one hash look-up.
public final class FormulaTable {
  private var representatives: Set<Formula> = []
  /// The nodes of the representatives, which keep them alive.
  private var known: Set<ObjectIdentifier> = []

  public init() {}

  /// The representative of the formula, whose operands are representatives too.
  public func representative(of formula: Formula) -> Formula {
    if known.contains(ObjectIdentifier(formula.node)) { return formula }
    var operands = formula.operands
    var hasChanged = false
    for i in operands.indices {
      let operand = representative(of: operands[i])
      guard operand.node !== operands[i].node else { continue }
      operands[i] = operand
      hasChanged = true
    }
    let candidate = hasChanged ? formula.replacingOperands(operands) : formula
    let (isNew, member) = representatives.insert(candidate)
    if isNew { known.insert(ObjectIdentifier(candidate.node)) }
    return member
  }
}
