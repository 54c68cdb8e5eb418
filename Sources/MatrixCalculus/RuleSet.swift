import Formulas

/// Rules in order of preference, indexed by the operator at the root of their left side.
public struct RuleSet: Sendable {
  public let rules: [Rule]
  private let byHead: [Rule.Weight: [Operator.Kind: [Rule]]]

  public init(_ rules: [Rule]) {
    self.rules = rules
    byHead = Dictionary(grouping: rules, by: \.weight).mapValues { Dictionary(grouping: $0) { $0.statement.left.kind } }
  }

  /// The rules of a weight whose left side has the same kind of root.
  func candidates(for formula: Formula, _ weight: Rule.Weight) -> [Rule] { byHead[weight]?[formula.kind] ?? [] }
}
