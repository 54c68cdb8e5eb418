infix operator ⊗ : MultiplicationPrecedence
infix operator ⊙ : MultiplicationPrecedence

extension Formula {
  public static func symbol(_ symbol: Symbol) -> Formula { Formula(.symbol(symbol), []) }
  public static func symbol(_ name: String, _ rows: Size, _ columns: Size) -> Formula {
    .symbol(Symbol(name, Shape(rows, columns)))
  }
  /// A universally quantified matrix of a law.
  public static func variable(_ name: String, _ rows: Size, _ columns: Size) -> Formula {
    Formula(.variable(Symbol(name, Shape(rows, columns))), [])
  }
  public static func integer(_ value: Int) -> Formula { Formula(.integer(value), []) }
  /// A size as a 1×1 formula.
  public static func size(_ size: Size) -> Formula { Formula(.size(size), []) }
  public static func identity(_ n: Size) -> Formula { Formula(leaf: .identity, Shape(n, n)) }
  public static func zero(_ shape: Shape) -> Formula { Formula(leaf: .zero, shape) }
  public static func zero(_ rows: Size, _ columns: Size) -> Formula { .zero(Shape(rows, columns)) }
  public static func ones(_ rows: Size, _ columns: Size) -> Formula { Formula(leaf: .ones, Shape(rows, columns)) }
  /// `K_{m,n}` with `K_{m,n} vec_r(F) = vec_r(Fᵀ)` for `F : m×n`.
  public static func commutation(_ m: Size, _ n: Size) -> Formula { Formula(.commutation(m, n), []) }
  public static func sum(_ terms: [Formula]) -> Formula { Formula(.sum, terms) }
  public static func product(_ factors: [Formula]) -> Formula { Formula(.product, factors) }
  public static func maximum(_ terms: [Formula]) -> Formula { Formula(.maximum, terms) }
  public static func minimum(_ terms: [Formula]) -> Formula { Formula(.minimum, terms) }
  public static func blockDiagonal(_ blocks: [Formula]) -> Formula { Formula(.blockDiagonal, blocks) }
  /// The matrix assembled from a grid of blocks.
  public static func blocks(_ grid: [[Formula]]) -> Formula {
    precondition(Set(grid.map(\.count)).count == 1, "every row of a block matrix needs the same number of blocks")
    return Formula(.blocks(rows: grid.count), grid.flatMap { $0 })
  }
  /// The matrix of `W`'s shape whose `vec_r` is `(∂F/∂W)ᵀ vec_r(G)`.
  public static func pullback(_ F: Formula, _ W: Formula, _ G: Formula) -> Formula { Formula(.pullback, [F, W, G]) }
  /// `(vec_r(G)ᵀ ⊗ I) ∂B/∂W`.
  public static func contraction(_ G: Formula, _ B: Formula, _ W: Formula) -> Formula {
    Formula(.contraction, [G, B, W])
  }

  public static func + (a: Formula, b: Formula) -> Formula { Formula(.sum, [a, b]) }
  public static func - (a: Formula, b: Formula) -> Formula { Formula(.sum, [a, -b]) }
  public static prefix func - (a: Formula) -> Formula { a.scaled(by: .integer(-1)) }
  public static func * (a: Formula, b: Formula) -> Formula { Formula(.product, [a, b]) }
  public static func ⊗ (a: Formula, b: Formula) -> Formula { Formula(.kronecker, [a, b]) }
  public static func ⊙ (a: Formula, b: Formula) -> Formula { Formula(.hadamard, [a, b]) }
  public func scaled(by s: Formula) -> Formula { Formula(.scale, [s, self]) }
  public var transposed: Formula { Formula(.transpose, [self]) }
  /// `vec_r`, rows stacked into a column.
  public var vectorized: Formula { Formula(.vectorize, [self]) }
  /// The diagonal matrix of a column.
  public var diagonal: Formula { Formula(.diagonal, [self]) }
  public func mapped(_ primitive: Primitive) -> Formula { Formula(.map(primitive), [self]) }
  public var inverse: Formula { mapped(.reciprocal) }
  public var squareRoot: Formula { mapped(.squareRoot) }
  /// `∂vec_r(self)/∂vec_r(W)`.
  public func jacobian(_ W: Formula) -> Formula { Formula(.jacobian, [self, W]) }
  public func norm(_ norm: Norm = .spectral) -> Formula { Formula(.norm(norm), [self]) }
  /// The product of `exponent` copies of a 1×1 formula.
  public func power(_ exponent: Int) -> Formula {
    precondition(exponent > 0, "power needs a positive exponent")
    return .product(Array(repeating: self, count: exponent))
  }
}

extension Formula {
  /// Whether this is a symbol or variable, that is, something one can differentiate by.
  public var isVariable: Bool {
    switch self.operator {
    case .symbol, .variable: return true
    default: return false
    }
  }

  /// Whether `W`, a symbol or variable, occurs anywhere.
  public func contains(_ W: Formula) -> Bool {
    guard mayContain(W) else { return false }
    return self == W || operands.contains { $0.contains(W) }
  }

  /// Whether all symbols of the part might occur here; a quick test that errs towards yes.
  public func mayContain(_ part: Formula) -> Bool {
    node.occurrences & part.node.occurrences == part.node.occurrences
  }

  /// Whether `W` occurs where it is differentiated: inside the first operand of `∂` or of a pullback, or the matrix of a contraction.
  public func differentiates(_ W: Formula) -> Bool {
    guard mayContain(W) else { return false }
    switch self.operator {
    case .jacobian: return operands[0].contains(W) || operands[1] == W
    case .pullback: return operands[0].contains(W) || operands[1] == W || operands[2].differentiates(W)
    case .contraction: return operands[1].contains(W) || operands[2] == W || operands[0].differentiates(W)
    default: return operands.contains { $0.differentiates(W) }
    }
  }

  /// The symbols that occur, in order of first occurrence.
  public var symbols: [Symbol] { leaves { if case .symbol(let s) = $0 { s } else { nil } } }

  /// The variables that occur, in order of first occurrence.
  public var variables: [Symbol] { leaves { if case .variable(let s) = $0 { s } else { nil } } }

  private func leaves(_ select: (Operator) -> Symbol?) -> [Symbol] {
    var found: [Symbol] = []
    var seen: Set<Formula> = []
    func visit(_ f: Formula) {
      guard seen.insert(f).inserted else { return }
      if let s = select(f.operator), !found.contains(s) { found.append(s) }
      f.operands.forEach(visit)
    }
    visit(self)
    return found
  }

  /// The number of distinct subformulas.
  public var sharedNodeCount: Int {
    var seen: Set<Formula> = []
    func visit(_ f: Formula) { if seen.insert(f).inserted { f.operands.forEach(visit) } }
    visit(self)
    return seen.count
  }

  /// Whether any subformula satisfies the condition.
  public func containsSubformula(where condition: (Formula) -> Bool) -> Bool {
    condition(self) || operands.contains { $0.containsSubformula(where: condition) }
  }

  /// The formula with symbols or variables replaced.
  public func replacing(_ replacement: [Formula: Formula]) -> Formula {
    if let found = replacement[self] { return found }
    if operands.isEmpty { return self }
    let replaced = operands.map { $0.replacing(replacement) }
    return replaced == operands ? self : Formula(self.operator, replaced)
  }
}
