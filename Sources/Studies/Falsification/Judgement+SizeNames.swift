import Formulas

extension Judgement {
  /// The names of all sizes that occur, in shapes and as numbers, sorted.
  public var sizeNames: [String] {
    var names: Set<String> = []
    var seen: Set<Formula> = []
    func visit(_ formula: Formula) {
      guard seen.insert(formula).inserted else { return }
      names.formUnion(formula.shape.rows.names + formula.shape.columns.names)
      switch formula.operator {
      case .size(let size): names.formUnion(size.names)
      case .commutation(let m, let n): names.formUnion(m.names + n.names)
      default: break
      }
      formula.operands.forEach(visit)
    }
    visit(left)
    visit(right)
    return names.sorted()
  }
}
