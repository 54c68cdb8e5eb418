import Formulas

extension HessianDerivation {
  /// The whole Hessian in closed form, blocks in the order of the parameters; names such as `A` and `R` are kept.
  ///
  /// - Shapes: `n×n`, `n` the number of parameters.
  public func matrix() -> Formula {
    let parameters = objective.model.parameters
    return .blocks(parameters.map { row in parameters.map { block(row, $0).total } })
  }

  /// The formula with the names of the objective replaced by what they stand for, so that only free matrices are left.
  public func unfolded(_ formula: Formula) -> Formula {
    objective.abbreviations.reversed().reduce(formula) { result, abbreviation in
      let statement = abbreviation.definition.statement
      return result.replacing([statement.right: statement.left])
    }
  }
}
