import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus

/// A law about norms as it is tested: from its declaration alone, at points of floating-point numbers.
struct NormLaw: Sendable {
  let id: Rule.ID
  /// The statement, with numbers that must not be negative written as magnitudes.
  let statement: Judgement
  /// The names of its sizes, sorted.
  let names: [String]
  /// Numbers that are not zero at the points: rows without variance have no direction where `ε` is zero.
  let positive: [Formula]

  init(_ rule: Rule) {
    var statement = rule.statement, positive: [Formula] = []
    for case .nonNegative(let number) in rule.conditions {
      statement = statement.mapped { $0.replacing([number: number.norm()]) }
      positive.append(number)
    }
    self.init(rule.id, statement, positive: positive)
  }

  init(_ id: Rule.ID, _ statement: Judgement, positive: [Formula] = []) {
    (self.id, self.statement, self.positive) = (id, statement, positive)
    names = statement.sizeNames
  }

  /// The laws about norms, with members of the families that have one for each number of operands.
  static let all: [NormLaw] =
    (Laws.norms + [NormLaws.blocks(rows: 2, columns: 2), NormLaws.blocks(rows: 1, columns: 3)]
    + [NormLaws.blocks(rows: 3, columns: 3), NormLaws.minimum(of: 1), NormLaws.minimum(of: 3)]).map(NormLaw.init)

  static let byID: [Rule.ID: NormLaw] = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
  static let inequalities = all.filter { $0.statement.relation == .atMost }

  /// The free matrices.
  var variables: [Symbol] {
    let right = statement.right.variables
    return statement.left.variables + right.filter { !statement.left.variables.contains($0) }
  }

  /// The number of entries of the largest matrix that an evaluation forms.
  func largestCount(_ sizes: [String: Int]) -> Int {
    max(statement.left.largestCount(sizes), statement.right.largestCount(sizes))
  }
}

extension NormLaw {
  /// The values of both sides; `nil` where one has none.
  func sides(at point: Environment<Double>) throws(EvaluationError) -> (left: Double, right: Double)? {
    let evaluator = Evaluator(point)
    do throws(EvaluationError) {
      return (try evaluator.value(of: statement.left).scalar, try evaluator.value(of: statement.right).scalar)
    } catch {
      if case .arithmetic = error { return nil }
      throw error
    }
  }

  /// Whether the statement fails at a point by more than rounding.
  ///
  /// - Parameter rounding: of a difference that ought to vanish, in units of the matrices that it is formed from.
  func isViolated(at point: Environment<Double>, rounding: Double = 1e-13) throws -> Bool {
    guard let (left, right) = try sides(at: point) else { return false }
    let unit = point.values.values.map { max(1, $0.frobeniusNorm) }.sorted().reduce(1, *)
    let slack = 1e-9 * max(left.magnitude, right.magnitude) + rounding * unit
    return statement.relation == .atMost ? left > right + slack : (left - right).magnitude > slack
  }

  /// Sizes up to 16, none of which makes a matrix of more than a number of entries.
  func sizes(limit: Int, from choices: [Int] = [1, 2, 3, 4, 5, 8, 11, 16], using generator: inout SplitMix64)
    -> [String: Int]
  {
    var sizes: [String: Int] = [:]
    for name in names { sizes[name] = choices[generator.uniform(below: choices.count)] }
    while largestCount(sizes) > limit, let name = names.max(by: { (sizes[$0] ?? 0) < (sizes[$1] ?? 0) }) {
      sizes[name] = ((sizes[name] ?? 1) + 1) / 2
    }
    return sizes
  }

  /// A point with matrices of every kind.
  func point(_ sizes: [String: Int], using generator: inout SplitMix64) throws -> Environment<Double> {
    var point = Environment<Double>(sizes: sizes)
    for symbol in variables {
      let rows = try point.number(symbol.shape.rows), columns = try point.number(symbol.shape.columns)
      let drawn = MatrixKind.allCases[generator.uniform(below: MatrixKind.allCases.count)]
      let isPositive = positive.contains(.variable(symbol.name, symbol.shape.rows, symbol.shape.columns))
      let kind = isPositive && drawn == .zero ? .generic : drawn
      let scale = [0.01, 1, 1, 30][generator.uniform(below: 4)]
      point[symbol] = kind.matrix(rows: rows, columns: columns, using: &generator).map { scale * $0 }
    }
    return point
  }
}

/// Matrices at which inequalities between norms are sharp, or equalities degenerate.
enum MatrixKind: CaseIterable {
  case generic, rankOne, zero, equalRows, equalColumns, ones, signedPermutation, singleEntry, signs, twoRows

  func matrix(rows: Int, columns: Int, using generator: inout SplitMix64) -> Matrix<Double> {
    func draw(_ rows: Int, _ columns: Int) -> Matrix<Double> {
      .random(rows: rows, columns: columns, using: &generator)
    }
    func sign() -> Double { generator.uniform(below: 2) == 0 ? -1 : 1 }
    switch self {
    case .generic: return draw(rows, columns)
    case .rankOne: return draw(rows, 1) * draw(1, columns)
    case .zero: return .zero(rows: rows, columns: columns)
    case .equalRows: return Matrix(repeating: 1, rows: rows, columns: 1) * draw(1, columns)
    case .equalColumns: return draw(rows, 1) * Matrix(repeating: 1, rows: 1, columns: columns)
    case .ones: return Matrix(repeating: 1, rows: rows, columns: columns)
    case .signedPermutation:
      let image = Array(0..<max(rows, columns)).shuffled(using: &generator)
      var matrix = Matrix<Double>.zero(rows: rows, columns: columns)
      for i in 0..<rows where image[i] < columns { matrix[i, image[i]] = sign() }
      return matrix
    case .singleEntry:
      var matrix = Matrix<Double>.zero(rows: rows, columns: columns)
      matrix[generator.uniform(below: rows), generator.uniform(below: columns)] = sign()
      return matrix
    case .signs: return Matrix(rows: rows, columns: columns) { _, _ in sign() }
    case .twoRows:
      let two = draw(2, columns)
      return Matrix(rows: rows, columns: columns) { i, j in two[i % 2, j] }
    }
  }
}

extension Matrix<Double> {
  fileprivate var frobeniusNorm: Double {
    var norm = entries.reduce(0) { $0 + $1 * $1 }
    norm.formSquareRoot()
    return norm
  }
}

extension Judgement {
  /// The statement with a change made to both sides.
  func mapped(_ change: (Formula) -> Formula) -> Judgement { Judgement(change(left), relation, change(right)) }

  /// All size names, sorted.
  var sizeNames: [String] {
    var names: Set<String> = []
    func visit(_ formula: Formula) {
      names.formUnion(formula.shape.rows.names + formula.shape.columns.names)
      if case .size(let size) = formula.operator { names.formUnion(size.names) }
      formula.operands.forEach(visit)
    }
    visit(left)
    visit(right)
    return names.sorted()
  }
}

extension Formula {
  /// The number of entries of the largest part.
  func largestCount(_ sizes: [String: Int]) -> Int {
    operands.reduce(shape.count.value { sizes[$0] } ?? .max) { max($0, $1.largestCount(sizes)) }
  }
}
