import Arithmetic
import Contraction
import Evaluation
import Formulas
import MatrixCalculus

/// Well-shaped random formulas over all operators, with symbols that they share and points to evaluate them at.
///
/// Sizes are numbers, names, sums and products of them: one, equal and distinct ones, and such as 2·3 and 3·2 that can be
/// taken apart in more than one way.
struct RandomFormula {
  /// What the formulas can be evaluated over.
  enum Operations: Comparable {
    /// Sums and products.
    case ring
    /// Exponentials and reciprocals also.
    case field
    /// Roots, `max(x, 0)`, norms and extrema also.
    case real
  }

  static let sizes = ["k": 1, "l": 2, "m": 2, "n": 3, "p": 4]
  private static let dimensions: [Size] = [
    1, 1, 2, 3, 4, 6, "k", "l", "m", "n", "p", Size("l") * "n", Size("l") + "n", Size(2) * "m", Size("l") * "m",
  ]

  var generator: SplitMix64
  let operations: Operations
  /// Names for formulas.
  private(set) var definitions: [ContractionProgram.Definition] = []
  /// What is being differentiated by, the outermost first.
  private var active: [Formula] = []
  private var mostDerivatives = 2
  private var pool: [Formula] = []

  init(seed: UInt64, _ operations: Operations) { (generator, self.operations) = (SplitMix64(seed: seed), operations) }

  /// A formula of any shape.
  mutating func callAsFunction(depth: Int) -> Formula {
    formula(below(3) == 0 ? small() : any(Self.dimensions), any(Self.dimensions), depth)
  }

  /// A formula of a shape that has a derivative by some symbols.
  mutating func callAsFunction(_ shape: Shape, differentiableBy symbols: [Symbol], depth: Int) -> Formula {
    (active, mostDerivatives) = (symbols.map { .symbol($0) }, symbols.count + 1)
    defer { (active, mostDerivatives) = ([], 2) }
    return formula(shape.rows, shape.columns, depth)
  }

  /// Gives a random formula a name, which later ones may use.
  mutating func define(depth: Int) {
    let value = formula(small(), small(), depth)
    definitions.append(.init(Symbol("D\(definitions.count)", value.shape), value, below(2) == 0 ? .held : .value))
  }

  // MARK: Shapes

  private mutating func below(_ bound: Int) -> Int { generator.uniform(below: bound) }
  private mutating func any<T>(_ choices: [T]) -> T { choices[below(choices.count)] }
  private mutating func small() -> Size { any([1, 2, 3, "k", "l", "m", "n"]) }

  /// Two sizes of which this is the product.
  private mutating func factors(_ size: Size) -> (Size, Size) {
    var choices: [(Size, Size)] = [(1, size), (size, 1)]
    if let n = size.constant, n > 3 {
      for d in 2..<n where n.isMultiple(of: d) { choices += Array(repeating: (Size(d), Size(n / d)), count: 3) }
    }
    if size.monomials.count == 1, size.names.count + size.monomials[0].coefficient > 2 {
      let monomial = size.monomials[0]
      for name in monomial.names {
        var rest = monomial.names
        rest.remove(at: rest.firstIndex(of: name) ?? 0)
        let other = rest.reduce(Size(monomial.coefficient)) { $0 * Size($1) }
        choices += Array(repeating: (Size(name), other), count: 3) + [(other, Size(name))]
      }
    }
    return any(choices)
  }

  /// Two sizes of which this is the sum.
  private mutating func summands(_ size: Size) -> (Size, Size)? {
    if let n = size.constant {
      guard n > 0 else { return nil }
      let first = below(n + 1)
      return (Size(first), Size(n - first))
    }
    if size.monomials.count > 1 {
      let parts = size.monomials.map { $0.names.reduce(Size($0.coefficient)) { $0 * Size($1) } }
      return (parts[0], parts.dropFirst().reduce(Size(0), +))
    }
    return nil
  }

  // MARK: Formulas

  /// A formula of a shape.
  mutating func formula(_ rows: Size, _ columns: Size, _ depth: Int) -> Formula {
    let shape = Shape(rows, columns)
    if below(6) == 0, let known = pool.last(where: { $0.shape == shape }), isAllowed(known) { return known }
    if depth > 0 {
      for _ in 0..<6 {
        guard let result = attempt(rows, columns, depth - 1) else { continue }
        precondition(result.shape == shape, "\(result) : \(result.shape), not \(shape)")
        guard isAllowed(result) else { continue }
        if below(2) == 0 { pool.append(result) }
        return result
      }
    }
    return leaf(rows, columns)
  }

  /// Norms and extrema have no derivative here.
  private func isAllowed(_ formula: Formula) -> Bool {
    func hasDerivative(_ formula: Formula) -> Bool {
      switch formula.operator {
      case .norm, .maximum, .minimum: !active.contains { formula.contains($0) }
      default: formula.operands.allSatisfy(hasDerivative)
      }
    }
    return active.isEmpty || hasDerivative(resolved(formula))
  }

  private mutating func leaf(_ rows: Size, _ columns: Size) -> Formula {
    if !active.isEmpty, below(3) > 0 {
      let W = any(active)
      if W.shape == Shape(rows, columns) { return W }
      if W.shape == Shape(columns, rows) { return W.transposed }
      let left = Formula.symbol("L", rows, W.shape.rows), right = Formula.symbol("R", W.shape.columns, columns)
      if below(2) == 0 {
        return left * W * right
      }
    }
    switch below(14) {
    case 0 where rows == columns: return .identity(rows)
    case 1: return .zero(rows, columns)
    case 2, 3: return .ones(rows, columns)
    case 4, 5, 6:
      guard rows == columns else { break }
      let (m, n) = factors(rows)
      return .commutation(m, n)
    case 7:
      let known = definitions.map { Formula.symbol($0.symbol) }.filter {
        $0.shape == Shape(rows, columns) && isAllowed($0)
      }
      if let name = known.last { return name }
    case 8: return .variable("V", rows, columns)
    case 9 where rows == 1 && columns == 1: return .integer(below(5) - 2)
    case 10 where rows == 1 && columns == 1: return .size(any(Self.dimensions))
    default: break
    }
    return .symbol(any(["A", "B"]), rows, columns)
  }

  private mutating func attempt(_ rows: Size, _ columns: Size, _ depth: Int) -> Formula? {
    let isNumber = rows == 1 && columns == 1
    switch below(24) {
    case 0: return .sum((0..<(2 + below(2))).map { _ in formula(rows, columns, depth) })
    case 1:
      let inner = below(2) == 0 ? small() : any(Self.dimensions)
      return formula(rows, inner, depth) * formula(inner, columns, depth)
    case 2:
      let first = small(), second = small()
      return .product([formula(rows, first, depth), formula(first, second, depth), formula(second, columns, depth)])
    case 3: return formula(rows, columns, depth).scaled(by: formula(1, 1, depth))
    case 4: return formula(rows, columns, depth) ⊙ formula(rows, columns, depth)
    case 5, 6:
      let (a, b) = factors(rows), (c, d) = factors(columns)
      return formula(a, c, depth) ⊗ formula(b, d, depth)
    case 7: return formula(columns, rows, depth).transposed
    case 8, 9:
      guard columns.isOne else { return nil }
      let (m, n) = factors(rows)
      return formula(m, n, depth).vectorized
    case 10: return rows == columns ? formula(rows, 1, depth).diagonal : nil
    case 11:
      guard let (a, b) = summands(rows), let (c, d) = summands(columns) else { return nil }
      return below(2) == 0
        ? .blockDiagonal([formula(a, c, depth), formula(b, d, depth)])
        : .blocks([[formula(a, c, depth), formula(a, d, depth)], [formula(b, c, depth), formula(b, d, depth)]])
    case 12, 13: return map(rows, columns, depth)
    case 14:
      let weights = operations == .ring ? formula(rows, columns, depth) : softmax(rows, columns, depth)
      if operations != .ring, below(4) == 0 { return RowwiseFunctions.logSoftmax(formula(rows, columns, depth)) }
      return below(2) == 0 ? weights : RowwiseFunctions.center(weights, formula(rows, columns, depth))
    case 15, 16:
      guard rows == columns else { return nil }
      let (m, n) = factors(rows)
      let weights = operations == .ring || below(2) == 0 ? formula(m, n, depth) : softmax(m, n, depth)
      return below(2) == 0
        ? RowwiseFunctions.softmaxJacobian(weights) : RowwiseFunctions.thirdMoment(weights, formula(m, n, depth))
    case 17, 18, 19, 20: return derivative(rows, columns, depth)
    case 21, 22: return isNumber ? number(depth) : nil
    default: return leaf(rows, columns)
    }
  }

  private mutating func softmax(_ rows: Size, _ columns: Size, _ depth: Int) -> Formula {
    RowwiseFunctions.softmax(formula(rows, columns, depth))
  }

  /// An elementwise function where it is defined and, in floating point, not steep.
  private mutating func map(_ rows: Size, _ columns: Size, _ depth: Int) -> Formula? {
    let inner = formula(rows, columns, depth)
    switch (operations, below(9)) {
    case (.ring, _): return nil
    case (_, 0): return inner.scaled(by: Formula.integer(4).inverse).mapped(.exponential)
    case (_, 1): return (inner ⊙ inner + .ones(rows, columns)).inverse
    case (.field, _): return nil
    case (_, 2): return (inner ⊙ inner + .ones(rows, columns)).squareRoot
    case (_, 4): return (inner ⊙ inner + .ones(rows, columns)).mapped(.logarithm)
    case (_, 5): return inner.mapped(.normalDistribution)
    case (_, 6): return inner.mapped(.normalDensity)
    case (_, 8): return (inner ⊙ inner + .ones(rows, columns)).mapped(.reciprocalSquareRoot)
    // Away from zero, where rounding would decide.
    case (_, 7): return (inner + .symbol("P", rows, columns)).mapped(.step)
    default: return (inner + .symbol("P", rows, columns)).mapped(.positivePart)
    }
  }

  private mutating func number(_ depth: Int) -> Formula? {
    guard operations == .real else { return formula(1, 1, depth).scaled(by: .size(any(Self.dimensions))) }
    switch below(4) {
    case 0: return .maximum((0..<(1 + below(3))).map { _ in formula(1, 1, depth) })
    case 1: return .minimum((0..<(1 + below(3))).map { _ in formula(1, 1, depth) })
    default: return formula(small(), small(), depth).norm(any(Norm.allCases))
    }
  }

  private mutating func derivative(_ rows: Size, _ columns: Size, _ depth: Int) -> Formula? {
    guard active.count < mostDerivatives else { return nil }
    func input(_ rows: Size, _ columns: Size) -> Formula { .symbol("W", rows, columns) }
    switch below(3) {
    case 0:
      let (a, b) = factors(rows), (c, d) = factors(columns), W = input(c, d)
      return differentiated(a, b, by: W, depth).jacobian(W)
    case 1:
      let W = input(rows, columns), F = differentiated(small(), small(), by: W, depth)
      return .pullback(F, W, formula(F.shape.rows, F.shape.columns, depth))
    default:
      let (c, d) = factors(columns), W = input(c, d), (m, n) = (small(), small())
      return .contraction(formula(m, n, depth), differentiated(m * n, rows, by: W, depth), W)
    }
  }

  private mutating func differentiated(_ rows: Size, _ columns: Size, by W: Formula, _ depth: Int) -> Formula {
    active.append(W)
    defer { active.removeLast() }
    return formula(rows, columns, depth)
  }
}

extension RandomFormula {
  /// The inputs of formulas and of the definitions, in order.
  func inputs(_ formulas: [Formula]) -> [Symbol] {
    let names = Set(definitions.map(\.symbol))
    var seen: Set<Symbol> = []
    return (definitions.map(\.formula) + formulas).flatMap { $0.symbols + $0.variables }
      .filter { !names.contains($0) && seen.insert($0).inserted }
  }

  /// A point to evaluate them at, without the definitions.
  mutating func point<S: RandomScalar>(_ formulas: [Formula]) throws -> Environment<S> {
    var point = Environment<S>(sizes: Self.sizes)
    try point.draw(inputs(formulas), using: &generator)
    return point
  }

  /// The formula with the names that are not held written out.
  func resolved(_ formula: Formula) -> Formula {
    definitions.reversed().reduce(formula) { result, definition in
      definition.meaning == .held ? result : result.replacing([.symbol(definition.symbol): definition.formula])
    }
  }

  /// The point with the values of the names that are held.
  func defined<S: Scalar>(_ point: Environment<S>) throws -> Environment<S> {
    var point = point
    for definition in definitions where definition.meaning == .held {
      point[definition.symbol] = try resolved(definition.formula).value(in: point)
    }
    return point
  }
}
