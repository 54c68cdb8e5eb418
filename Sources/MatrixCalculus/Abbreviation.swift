import Formulas

/// A name for a formula, such as `M_1 := AX`, together with the normal form of its transpose, so that both are found.
public struct Abbreviation: Sendable {
  /// `formula = name`, used from left to right.
  public let definition: Rule
  /// `nameᵀ = normal form of formulaᵀ`.
  public let transposed: Proof

  /// The name as a formula.
  public var name: Formula { definition.statement.right }

  public init(_ name: String, _ formula: Formula) {
    let symbol = Formula.symbol(name, formula.shape.rows, formula.shape.columns)
    definition = Rule(Rule.ID(rawValue: "definition \(name)"), .definition, .bookkeeping) { formula ==> symbol }
    var derivation = Derivation(symbol.transposed)
    derivation.apply(definition, .backward, at: Position([0]), Substitution())
    derivation.normalize(Laws.normalization)
    transposed = derivation.proof("\(name) transposed")
  }
}
