import Formulas

/// Rules in order of preference, indexed by the operator at the root of their left side.
public struct RuleSet: Sendable {
  public let rules: [Rule]
  /// By the kind of the root, those of either weight.
  private let substantive: [[Rule]]
  private let bookkeeping: [[Rule]]

  public init(_ rules: [Rule]) {
    self.rules = rules
    func byHead(_ weight: Rule.Weight) -> [[Rule]] {
      var lists: [[Rule]] = []
      for rule in rules where rule.weight == weight {
        let head = Int(rule.statement.left.kind.rawValue)
        while lists.count <= head { lists.append([]) }
        lists[head].append(rule)
      }
      return lists
    }
    (substantive, bookkeeping) = (byHead(.substantive), byHead(.bookkeeping))
  }

  /// The rules of a weight whose left side has the same kind of root.
  func candidates(for formula: Formula, _ weight: Rule.Weight) -> [Rule] {
    let lists = weight == .substantive ? substantive : bookkeeping, head = Int(formula.kind.rawValue)
    return head < lists.count ? lists[head] : []
  }
}
