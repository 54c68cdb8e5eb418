import Formulas

extension Rule {
  /// The substitution under which the left side of the rule is the formula, if there is one.
  ///
  /// In a sum, product or Kronecker product inside the pattern, the last variable takes all remaining operands.
  public func match(_ formula: Formula) -> (Substitution, Judgement)? {
    if status != .law { return formula == statement.left ? (Substitution(), statement) : nil }
    guard statement.left.fits(formula) else { return nil }
    var substitution = Substitution()
    guard substitution.match(statement.left, formula),
      case .success(let judgement) = instance(substitution), judgement.left == formula
    else { return nil }
    return (substitution, judgement)
  }

  /// The first run of operands of a longer sum, product or Kronecker product that the left side is, one operand for each
  /// of the pattern's.
  func firstMatch(in formula: Formula) -> (run: Range<Int>, substitution: Substitution, judgement: Judgement)? {
    let patterns = statement.left.operands, operands = formula.operands
    guard patterns.count <= operands.count else { return nil }
    for start in 0...(operands.count - patterns.count) {
      guard patterns.indices.allSatisfy({ patterns[$0].fits(operands[start + $0]) }) else { continue }
      let run = start..<(start + patterns.count)
      if let (substitution, judgement) = match(Formula(formula.operator, Array(operands[run]))) {
        return (run, substitution, judgement)
      }
    }
    return nil
  }
}

extension Formula {
  /// Whether this pattern has the operators of the formula wherever it has no variable: quick, and errs towards yes.
  fileprivate func fits(_ formula: Formula) -> Bool {
    if kind == .variable { return true }
    guard kind == formula.kind else { return false }
    let patterns = self.operands, operands = formula.operands
    guard patterns.count <= operands.count else { return false }
    // Where there are more operands than the pattern has, its last takes all that remain.
    for i in 0..<(patterns.count - (patterns.count < operands.count ? 1 : 0)) where !patterns[i].fits(operands[i]) {
      return false
    }
    return true
  }
}

extension Substitution {
  /// Extends the substitution so that the pattern becomes the formula, if it can; compound sizes are not compared.
  public mutating func match(_ pattern: Formula, _ formula: Formula) -> Bool {
    guard pattern.kind == formula.kind || pattern.kind == .variable else { return false }
    switch pattern.operator {
    case .variable(let symbol):
      if let bound = formulas[symbol] { return bound == formula }
      guard match(pattern.shape, formula.shape) else { return false }
      formulas[symbol] = formula
      return true
    case .identity, .zero, .ones:
      return match(pattern.shape, formula.shape)
    case .commutation(let m, let n):
      guard case .commutation(let a, let b) = formula.operator else { return false }
      return match(m, a) && match(n, b)
    case .size(let m):
      guard case .size(let n) = formula.operator else { return false }
      return match(m, n)
    case .sum, .product, .kronecker, .hadamard, .scale, .transpose, .vectorize, .diagonal, .blockDiagonal, .jacobian,
      .pullback, .contraction, .maximum, .minimum:
      return matchOperands(pattern, formula)
    case .symbol, .integer, .blocks, .map, .call, .norm:
      guard pattern.operator == formula.operator else { return false }
      return matchOperands(pattern, formula)
    }
  }

  private mutating func matchOperands(_ pattern: Formula, _ formula: Formula) -> Bool {
    let patterns = pattern.operands, operands = formula.operands
    if pattern.isAssociative, operands.count > patterns.count, patterns.last?.kind == .variable {
      for (p, o) in zip(patterns.dropLast(), operands) where !match(p, o) { return false }
      return match(patterns[patterns.count - 1], Formula(formula.operator, Array(operands[(patterns.count - 1)...])))
    }
    guard patterns.count == operands.count else { return false }
    for (p, o) in zip(patterns, operands) where !match(p, o) { return false }
    return true
  }

  private mutating func match(_ pattern: Shape, _ shape: Shape) -> Bool {
    match(pattern.rows, shape.rows) && match(pattern.columns, shape.columns)
  }

  /// Compound sizes are left to the comparison of the whole instance.
  private mutating func match(_ pattern: Size, _ size: Size) -> Bool {
    guard let name = pattern.name else { return pattern.constant == nil || pattern == size }
    if let bound = sizes[name] { return bound == size }
    sizes[name] = size
    return true
  }
}
