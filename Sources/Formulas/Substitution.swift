/// What the variables and size names of a law stand for.
public struct Substitution: Hashable, Sendable {
  /// The formula for each variable of the law.
  public var formulas: [Symbol: Formula]
  /// The size for each size name of the law.
  public var sizes: [String: Size]

  public init(formulas: [Symbol: Formula] = [:], sizes: [String: Size] = [:]) {
    (self.formulas, self.sizes) = (formulas, sizes)
  }

  /// The instance of a pattern: total, also on substitutions that do not fit.
  ///
  /// - Returns: the instance, or the first operator whose operands do not fit it.
  public func instance(of pattern: Formula) -> Result<Formula, ShapeError> {
    if case .variable(let symbol) = pattern.operator {
      if let formula = formulas[symbol] {
        let expected = pattern.shape.substituting(sizes)
        return formula.shape == expected
          ? .success(formula) : .failure(ShapeError(operator: pattern.operator, operands: [formula]))
      }
      return .success(sizes.isEmpty ? pattern : .variable(symbol.name, symbol.shape.substituting(sizes)))
    }
    switch pattern.operator {
    case .identity: return .success(.identity(pattern.shape.rows.substituting(sizes)))
    case .zero: return .success(.zero(pattern.shape.substituting(sizes)))
    case .ones:
      return .success(.ones(pattern.shape.rows.substituting(sizes), pattern.shape.columns.substituting(sizes)))
    case .commutation(let m, let n): return .success(.commutation(m.substituting(sizes), n.substituting(sizes)))
    case .size(let n): return .success(.size(n.substituting(sizes)))
    default: break
    }
    if pattern.operands.isEmpty { return .success(pattern) }
    var operands: [Formula] = []
    operands.reserveCapacity(pattern.operands.count)
    for operand in pattern.operands {
      switch instance(of: operand) {
      case .success(let formula): operands.append(formula)
      case .failure(let error): return .failure(error)
      }
    }
    return Formula.applied(pattern.operator, operands)
  }
}

extension Formula {
  static func variable(_ name: String, _ shape: Shape) -> Formula { .variable(name, shape.rows, shape.columns) }
}

extension Formula {
  /// The formula for special sizes: size names replaced everywhere, in the shapes of symbols too.
  public func substituting(sizes: [String: Size]) -> Formula {
    switch self.operator {
    case .symbol(let s): return .symbol(s.name, s.shape.rows.substituting(sizes), s.shape.columns.substituting(sizes))
    case .variable(let s): return .variable(s.name, s.shape.substituting(sizes))
    case .identity: return .identity(shape.rows.substituting(sizes))
    case .zero: return .zero(shape.substituting(sizes))
    case .ones: return .ones(shape.rows.substituting(sizes), shape.columns.substituting(sizes))
    case .commutation(let m, let n): return .commutation(m.substituting(sizes), n.substituting(sizes))
    case .size(let n): return .size(n.substituting(sizes))
    default: return operands.isEmpty ? self : Formula(self.operator, operands.map { $0.substituting(sizes: sizes) })
    }
  }
}
