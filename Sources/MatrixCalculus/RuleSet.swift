import Formulas

/// Rules in order of preference, indexed by the operator at the root of their left side.
public struct RuleSet: Sendable {
  public let rules: [Rule]
  private let byHead: [Int: [Rule]]

  public init(_ rules: [Rule]) {
    self.rules = rules
    byHead = Dictionary(grouping: rules) { $0.statement.left.operator.tag }
  }

  /// The rules whose left side has the same kind of root.
  func candidates(for formula: Formula) -> [Rule] { byHead[formula.operator.tag] ?? [] }
}

extension Operator {
  /// A number for the kind of operator.
  var tag: Int {
    switch self {
    case .symbol: 0
    case .variable: 1
    case .integer: 2
    case .size: 3
    case .identity: 4
    case .zero: 5
    case .ones: 6
    case .commutation: 7
    case .sum: 8
    case .product: 9
    case .scale: 10
    case .hadamard: 11
    case .kronecker: 12
    case .transpose: 13
    case .vectorize: 14
    case .diagonal: 15
    case .blockDiagonal: 16
    case .blocks: 17
    case .map: 18
    case .call: 19
    case .jacobian: 20
    case .pullback: 21
    case .contraction: 22
    case .norm: 23
    case .maximum: 24
    case .minimum: 25
    }
  }
}
