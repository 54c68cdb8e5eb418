import Formulas
import MatrixCalculus

extension Rule {
  /// Whether the statement speaks of order, as norms do: a prime field has none.
  var needsOrder: Bool {
    statement.relation == .atMost
      || [statement.left, statement.right].contains {
        $0.containsSubformula { $0.kind == .norm || $0.kind == .maximum || $0.kind == .minimum }
      }
  }
}

extension Laws {
  /// The laws that are identities over every field.
  static let identities = all.filter { !$0.needsOrder }
}
