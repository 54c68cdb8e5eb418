import Arithmetic
import Formulas

extension Rule {
  /// Tests the statement from its declaration alone, at one random point of F_p and pairwise distinct random sizes.
  ///
  /// Every variable that is not differentiated by becomes a polynomial of degree three in those that are, as far as the
  /// conditions allow, so that derivatives of all orders are exercised.
  ///
  /// - Returns: whether both sides have the same value.
  public func holds(seed: UInt64) throws -> Bool {
    var generator = SplitMix64(seed: seed)
    let sizes = distinctSizes(using: &generator)
    let (left, right) = try genericInstance()
    var environment = Environment<Formal<Modular>>(sizes: sizes)
    try environment.draw(left.symbols + right.symbols + left.variables + right.variables, using: &generator)
    let evaluator = Evaluator(environment)
    return try evaluator.value(of: left) == evaluator.value(of: right)
  }

  /// The numbers `2, 3, …` dealt to the size names of the statement in random order: with 1 among them a swapped index
  /// could go unnoticed.
  func distinctSizes(using generator: inout SplitMix64) -> [String: Int] {
    let shapes = (statement.left.variables + statement.right.variables).map(\.shape) + statement.leafShapes
    let names = Set(shapes.flatMap { $0.rows.names + $0.columns.names }).sorted()
    if names.isEmpty { return [:] }
    return Dictionary(uniqueKeysWithValues: zip(names, Array(2...(names.count + 1)).shuffled(using: &generator)))
  }

  private func genericInstance() throws -> (Formula, Formula) {
    let bases = statement.differentiatedBy
    var substitution = Substitution()
    for symbol in statement.left.variables + statement.right.variables where !bases.contains(symbol) {
      let free = bases.filter { base in
        !conditions.contains { condition in
          guard case .independent(let held, let of) = condition else { return false }
          return held.operator == .variable(symbol) && of.operator == .variable(base)
        }
      }
      substitution.formulas[symbol] = Self.polynomial(symbol, in: free)
    }
    switch instance(substitution) {
    case .success(let judgement): return (judgement.left, judgement.right)
    case .failure(let error): throw error
    }
  }

  /// `C + P` with `P` the sum of `B_W + B_W B_Wᵀ C` and of the cross terms, `B_W = D W E` a bilinear image of each base.
  private static func polynomial(_ symbol: Symbol, in bases: [Symbol]) -> Formula {
    let constant = Formula.symbol(Symbol("C of \(symbol)", symbol.shape))
    let images = bases.map { base in
      Formula.symbol("D of \(symbol) by \(base)", symbol.shape.rows, base.shape.rows)
        * Formula.variable(base.name, base.shape.rows, base.shape.columns)
        * Formula.symbol("E of \(symbol) by \(base)", base.shape.columns, symbol.shape.columns)
    }
    let squares = images.flatMap { a in images.map { b in a * b.transposed * constant } }
    return .sum([constant] + images + squares)
  }
}

extension Judgement {
  /// The variables by which the statement differentiates.
  var differentiatedBy: [Symbol] {
    var found: [Symbol] = []
    func visit(_ formula: Formula) {
      let base: Formula? =
        switch formula.operator {
        case .jacobian, .pullback: formula.operands[1]
        case .contraction: formula.operands[2]
        default: nil
        }
      if case .variable(let symbol)? = base?.operator, !found.contains(symbol) { found.append(symbol) }
      formula.operands.forEach(visit)
    }
    visit(left)
    visit(right)
    return found
  }

  /// The shapes of identities, zeros, ones and commutation matrices.
  var leafShapes: [Shape] {
    var found: [Shape] = []
    func visit(_ formula: Formula) {
      if formula.operands.isEmpty { found.append(formula.shape) }
      if case .size(let size) = formula.operator { found.append(Shape(size, 1)) }
      formula.operands.forEach(visit)
    }
    visit(left)
    visit(right)
    return found
  }
}
