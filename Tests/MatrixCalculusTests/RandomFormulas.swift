import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus

/// Random formulas in the matrix `W`, and points to evaluate them at.
struct RandomFormulas {
  static let W = Formula.symbol("W", "p", "q")
  static let sizes = ["m": 2, "n": 2, "p": 2, "q": 3, "r": 2, "s": 2, "t": 2, "u": 1, "v": 2]
  /// `M := P W`, a name whose value is that of what it stands for.
  static let definition = Rule("definition M", .definition, .bookkeeping) {
    Formula.symbol("P", "m", "p") * W ==> .symbol("M", "m", "q")
  }
  static let rules: [Rule.ID: Rule] = Laws.byID.merging([definition.id: definition]) { $1 }

  var generator: SplitMix64
  /// There is no law for the pullback of a centred product.
  private var hasCenter = true

  init(generator: SplitMix64) { self.generator = generator }

  /// A formula `rows×columns` that depends on `W`, without derivatives.
  mutating func formula(_ rows: Size, _ columns: Size, depth: Int) -> Formula {
    guard depth > 0 else {
      switch (rows, columns, generator.uniform(below: 4)) {
      case ("p", "q", 0...2): return Self.W
      case ("q", "p", 0...2): return Self.W.transposed
      case (_, "q", 0...1): return leaf(rows, "p") * Self.W
      case (_, _, 3): return .zero(rows, columns)
      default: return leaf(rows, columns)
      }
    }
    func part(_ r: Size, _ c: Size) -> Formula { formula(r, c, depth: depth - 1) }
    switch generator.uniform(below: 9) {
    case 0: return part(rows, columns) + part(rows, columns)
    case 1: return part(rows, "p") * part("p", columns)
    case 2: return part(rows, "q") * part("q", columns)
    case 3: return part(columns, rows).transposed
    case 4: return part(rows, columns).scaled(by: generator.uniform(below: 2) == 0 ? .integer(-1) : .symbol("c", 1, 1))
    case 5: return part(rows, columns) ⊙ part(rows, columns)
    case 6: return part(rows, columns).mapped(.exponential)
    case 7: return RowwiseFunctions.softmax(part(rows, columns))
    default:
      let weights = RowwiseFunctions.softmax(part(rows, columns))
      return hasCenter ? RowwiseFunctions.center(weights, part(rows, columns)) : weights
    }
  }

  private func leaf(_ rows: Size, _ columns: Size) -> Formula {
    rows == "m" && columns == "p" ? .symbol("P", "m", "p") : .symbol("C_{\(rows),\(columns)}", rows, columns)
  }

  /// A formula with a derivative by `W` somewhere.
  mutating func derivative(depth: Int) -> Formula {
    let W = Self.W, G = Formula.symbol("G", "m", "q")
    func pulled(_ depth: Int) -> Formula {
      hasCenter = false
      defer { hasCenter = true }
      return formula("m", "q", depth: depth)
    }
    switch generator.uniform(below: 8) {
    case 0: return .pullback(pulled(depth), W, formula("m", "q", depth: 1))
    case 1: return .contraction(G, formula("m", "n", depth: 1) ⊗ formula("q", 1, depth: depth), W)
    case 2: return .contraction(G, formula("m", "q", depth: depth).vectorized.diagonal, W)
    case 3:
      let weights = RowwiseFunctions.softmax(formula("m", "q", depth: 1))
      return .contraction(G, RowwiseFunctions.softmaxJacobian(weights) * formula(Size("m") * "q", "n", depth: 1), W)
    case 4: return formula("m", "n", depth: depth).jacobian(W).transposed
    case 5: return Formula.pullback(pulled(1), W, formula("m", "q", depth: 0)).jacobian(W)
    default: return formula("m", "q", depth: depth).jacobian(W)
    }
  }

  /// Every symbol and variable of the formulas drawn, the name bound to what it stands for.
  mutating func point(_ formulas: [Formula]) throws -> Environment<Formal<Modular>> {
    var point = Environment<Formal<Modular>>(sizes: Self.sizes)
    let names = Self.definition.statement.right.symbols
    let symbols = formulas.flatMap { $0.symbols + $0.variables } + Self.definition.statement.left.symbols
    try point.draw(symbols.filter { !names.contains($0) }, using: &generator)
    try point.define(Self.definition)
    return point
  }
}

extension Formula {
  /// The largest number of entries of any part, at the sizes of the tests.
  var largestCount: Int {
    operands.reduce(shape.count.value { RandomFormulas.sizes[$0] } ?? .max) { max($0, $1.largestCount) }
  }

  /// A position found by walking down at random.
  func randomPosition(using generator: inout SplitMix64) -> Position {
    var path: [Int] = [], current = self
    while !current.operands.isEmpty, generator.uniform(below: 4) > 0 {
      let i = generator.uniform(below: current.operands.count)
      path.append(i)
      current = current.operands[i]
    }
    guard current.isAssociative, current.operands.count > 2, generator.uniform(below: 2) == 0 else {
      return Position(path)
    }
    let start = generator.uniform(below: current.operands.count - 1)
    return Position(path, run: start..<(start + 2))
  }
}
