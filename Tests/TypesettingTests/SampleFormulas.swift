import Formulas

@testable import Typesetting

/// The matrices of one attention layer, for samples.
enum Sample {
  static let X = Formula.symbol("X", "L", "d")
  static let Q = Formula.symbol("W_Q", "d", "d_K")
  static let K = Formula.symbol("W_K", "d", "d_K")
  static let V = Formula.symbol("W_V", "d", "d_V")
  static let A = Formula.symbol("A", "L", "L")
  static let F = Formula.symbol("F", "L", "d_V")
  static let Y = Formula.symbol("Y", "L", "d_V")
  static func number(_ name: String) -> Formula { .symbol(name, 1, 1) }
  static func square(_ name: String) -> Formula { .symbol(name, "n", "n") }
  static let meanSquare = Formula.product([.integer(2), Formula.size("L" * "d_V").inverse])
}
