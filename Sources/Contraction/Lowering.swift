import Arithmetic
import Evaluation
import Formulas

/// A matrix in index notation: a sum of terms with two outputs, the labels of the row and those of the column.
struct IndexedMatrix {
  let rows: Int
  let columns: Int
  var terms: [Term]
}

/// Writes formulas in index notation at fixed sizes.
///
/// Kronecker products, vec_r, commutations, identities, diagonals and transposes only move labels; sums and elementwise
/// functions become tensors of their own where a product needs them.
struct Lowering {
  var graph = TensorGraph()
  let sizes: Environment<Double>
  private(set) var inputs: [Symbol] = []
  var scope: [Formula: IndexedMatrix] = [:]
  /// Derivatives of nodes.
  var tangents: [TangentKey: [Term]] = [:]
  var seeds: [Seed] = []
  private var isClosed: [Formula: Bool] = [:]

  init(sizes: [String: Int]) { self.sizes = Environment(sizes: sizes) }

  func number(_ size: Size) throws(EvaluationError) -> Int { try sizes.number(size) }

  /// Adds an input matrix; a fixed one is bound once for many runs.
  mutating func addInput(_ symbol: Symbol, isFixed: Bool) throws(EvaluationError) {
    let rows = try number(symbol.shape.rows), columns = try number(symbol.shape.columns)
    try ContractionMemory.check([rows, columns])
    let node = graph.add(.input(inputs.count), [rows, columns], isFixed: isFixed)
    inputs.append(symbol)
    let matrix = IndexedMatrix(rows: rows, columns: columns, terms: [Self.term(of: node, rows, columns)])
    bind(symbol, to: matrix)
  }

  /// Lets a symbol, and the variable of its name and shape, stand for a matrix.
  mutating func bind(_ symbol: Symbol, to matrix: IndexedMatrix) {
    scope[.symbol(symbol)] = matrix
    scope[.variable(symbol.name, symbol.shape.rows, symbol.shape.columns)] = matrix
  }

  /// Lets a symbol stand for the value of a formula, computed once.
  mutating func define(_ definition: ContractionProgram.Definition) throws(EvaluationError) {
    var matrix = try lower(definition.formula)
    if definition.meaning != .value {
      let extents = [matrix.rows, matrix.columns]
      let operand = graph.sum(matrix.terms, extents)
      let node = graph.add(definition.meaning == .held ? .held(operand) : .vanishing(operand), extents)
      matrix.terms = [Self.term(of: node, matrix.rows, matrix.columns)]
    } else if let tensor = graph.tensor(of: matrix.terms) {
      matrix.terms = [tensor]
    }
    bind(definition.symbol, to: matrix)
  }

  static func term(of node: Int, _ rows: Int, _ columns: Int) -> Term {
    Term(factors: [Factor(node: node, axes: [[0], [1]])], extents: [rows, columns], outputs: [[0], [1]]).canonical()
  }

  mutating func lower(_ formula: Formula) throws(EvaluationError) -> IndexedMatrix {
    if let known = scope[formula] { return known }
    var matrix = try lowerRoot(formula)
    matrix.terms = matrix.terms.map { $0.canonical() }.filter { !$0.isEmpty }
    scope[formula] = matrix
    return matrix
  }

  private mutating func lowerRoot(_ formula: Formula) throws(EvaluationError) -> IndexedMatrix {
    let rows = try number(formula.shape.rows), columns = try number(formula.shape.columns)
    func matrix(_ terms: [Term]) -> IndexedMatrix { IndexedMatrix(rows: rows, columns: columns, terms: terms) }
    if rows == 1, columns == 1, isClosed(formula) {
      return matrix(
        formula.operator == .integer(0) ? [] : [Term(constants: [graph.constant(formula)], outputs: [[], []])])
    }
    let operands = formula.operands
    switch formula.operator {
    case .symbol(let symbol), .variable(let symbol): throw .unbound(symbol)
    case .integer, .size: preconditionFailure("numbers are closed")
    case .identity: return matrix([Term(extents: [rows], outputs: [[0], [0]])])
    case .zero: return matrix([])
    case .ones: return matrix([Term(extents: [rows, columns], outputs: [[0], [1]])])
    case .commutation(let m, let n):
      return matrix([Term(extents: [try number(m), try number(n)], outputs: [[1, 0], [0, 1]])])
    case .sum:
      var terms: [Term] = []
      for operand in operands { terms += try lower(operand).terms }
      return matrix(terms)
    case .product:
      var product = try lower(operands[0])
      for factor in operands.dropFirst() { product = self.product(product, try lower(factor)) }
      return product
    case .scale:
      let scalar = try number(operands[0]), body = try lower(operands[1])
      guard let scalar else { return matrix([]) }
      return matrix(
        body.terms.map { term in
          var term = term
          _ = term.absorb(scalar)
          return term
        })
    case .hadamard: return matrix(combined(try lower(operands[0]).terms, try lower(operands[1]).terms, Self.hadamard))
    case .kronecker:
      var product = try lower(operands[0])
      for factor in operands.dropFirst() {
        let next = try lower(factor)
        product = IndexedMatrix(
          rows: product.rows * next.rows, columns: product.columns * next.columns,
          terms: combined(product.terms, next.terms, Self.kronecker))
      }
      return product
    case .transpose: return matrix(try lower(operands[0]).terms.map { $0.withOutputs { [$0[1], $0[0]] } })
    case .vectorize: return matrix(try lower(operands[0]).terms.map { $0.withOutputs { [$0[0] + $0[1], []] } })
    case .diagonal: return matrix(try lower(operands[0]).terms.map { $0.withOutputs { [$0[0], $0[0]] } })
    case .blockDiagonal: return try assembly(operands, across: operands.count, isDiagonal: true, rows, columns)
    case .blocks(let blockRows):
      return try assembly(operands, across: operands.count / blockRows, isDiagonal: false, rows, columns)
    case .map(let primitive): return matrix(try map(primitive, operands[0]))
    case .call(let function): return try call(function, operands)
    case .jacobian: return try jacobian(operands[0], operands[1])
    case .pullback: return try pullback(operands[0], operands[1], operands[2])
    case .contraction: return try contraction(operands[0], operands[1], operands[2])
    case .norm(let norm):
      let node = try dense(operands[0])
      return matrix([Term(factors: [Factor(node: graph.add(.norm(norm, node), []), axes: [])], outputs: [[], []])])
    case .maximum, .minimum:
      var nodes: [Int] = []
      for operand in operands { nodes.append(try dense(operand)) }
      let node = graph.add(formula.operator == .maximum ? .maximum(nodes) : .minimum(nodes), [])
      return matrix([Term(factors: [Factor(node: node, axes: [])], outputs: [[], []])])
    }
  }

  // MARK: Operators

  /// A number as one term, `nil` for zero.
  private mutating func number(_ formula: Formula) throws(EvaluationError) -> Term? {
    let terms = try lower(formula).terms
    if terms.count == 1, terms[0].factors.isEmpty { return terms[0] }
    return graph.tensor(of: terms)
  }

  /// The value as a tensor with one axis for the rows and one for the columns.
  mutating func dense(_ formula: Formula) throws(EvaluationError) -> Int {
    let matrix = try lower(formula)
    return graph.sum(matrix.terms, [matrix.rows, matrix.columns])
  }

  mutating func product(_ a: IndexedMatrix, _ b: IndexedMatrix) -> IndexedMatrix {
    IndexedMatrix(rows: a.rows, columns: b.columns, terms: contracted(a.terms, 1, b.terms, 0, keeping: [0], [1]))
  }

  /// The product of two matrices summed over an output of each, with some of the other outputs kept.
  mutating func contracted(
    _ a: [Term], _ output: Int, _ b: [Term], _ otherOutput: Int, keeping own: [Int], _ others: [Int]
  ) -> [Term] {
    combined(a, b) { Term.contracting(&$0, output, $1, otherOutput, keeping: own, others) }.map {
      graph.countingLast($0)
    }
  }

  static func hadamard(_ term: inout Term, _ other: Term) -> Bool {
    let shift = term.absorb(other)
    term.outputs += other.outputs.map { $0.map { $0 + shift } }
    guard term.unify(term.outputs[0], term.outputs[2]) != nil, term.unify(term.outputs[1], term.outputs[3]) != nil
    else {
      return false
    }
    term.outputs = Array(term.outputs.prefix(2))
    return true
  }

  private static func kronecker(_ term: inout Term, _ other: Term) -> Bool {
    let shift = term.absorb(other)
    term.outputs = zip(term.outputs, other.outputs).map { $0 + $1.map { $0 + shift } }
    return true
  }

  /// A product of two matrices, each as one term; where their labels cannot be split alike, the values are computed first.
  mutating func combined(
    _ a: [Term], _ b: [Term], _ combine: (inout Term, Term) -> Bool
  ) -> [Term] {
    guard let left = graph.wrapped(a), let right = graph.wrapped(b) else { return [] }
    var term = left
    if !combine(&term, right) {
      term = graph.splittable(left)
      let other = graph.splittable(right)
      guard combine(&term, other) else { preconditionFailure("tensors of their own can be split at will") }
    }
    return [term]
  }

  private mutating func assembly(
    _ operands: [Formula], across: Int, isDiagonal: Bool, _ rows: Int, _ columns: Int
  ) throws(EvaluationError) -> IndexedMatrix {
    var pieces: [TensorNode.Piece] = []
    var row = 0, column = 0
    for (index, operand) in operands.enumerated() {
      let matrix = try lower(operand)
      if !matrix.terms.isEmpty {
        pieces.append(.init(node: graph.sum(matrix.terms, [matrix.rows, matrix.columns]), row: row, column: column))
      }
      column += matrix.columns
      if isDiagonal { row += matrix.rows }
      if !isDiagonal, (index + 1).isMultiple(of: across) { (row, column) = (row + matrix.rows, 0) }
    }
    if pieces.isEmpty { return IndexedMatrix(rows: rows, columns: columns, terms: []) }
    let node = graph.add(.assembly(pieces), [rows, columns])
    return IndexedMatrix(rows: rows, columns: columns, terms: [Self.term(of: node, rows, columns)])
  }

  private mutating func map(_ primitive: Primitive, _ operand: Formula) throws(EvaluationError) -> [Term] {
    let matrix = try lower(operand)
    let functions = TensorFunction.composition(of: primitive)
    guard var term = graph.tensor(of: matrix.terms) else {
      let value = functions.reduce(graph.sum([], [])) { graph.add(.map($1, $0), []) }
      return [
        Term(
          factors: [Factor(node: value, axes: [])],
          extents: [matrix.rows, matrix.columns],
          outputs: [[0], [1]])
      ]
    }
    // Off the diagonal of a delta the value is that of zero: all entries are needed.
    if term.hasDelta {
      let node = graph.add(.sum(matrix.terms.map { $0.canonical() }), [matrix.rows, matrix.columns])
      term = Self.term(of: node, matrix.rows, matrix.columns)
    }
    for function in functions {
      let operandNode = term.factors[0].node
      term.factors[0].node = graph.add(.map(function, operandNode), graph[operandNode].extents)
    }
    return [term]
  }

  /// The body of a function, with its operands in the place of its parameters.
  private mutating func call(_ function: Function, _ operands: [Formula]) throws(EvaluationError) -> IndexedMatrix {
    var inner: [Formula: IndexedMatrix] = [:]
    var parameters: [Formula] = []
    for (i, operand) in operands.enumerated() {
      var matrix = try lower(operand)
      if let tensor = graph.tensor(of: matrix.terms) { matrix.terms = [tensor] }
      if i == 0, function.isRowShiftInvariant {
        let node = graph.sum(matrix.terms, [matrix.rows, matrix.columns])
        let shifted = graph.add(.rowShift(node), [matrix.rows, matrix.columns])
        matrix.terms = [Self.term(of: shifted, matrix.rows, matrix.columns)]
      }
      let parameter = Formula.symbol(Symbol("operand \(i + 1) of \(function.name)", operand.shape))
      inner[parameter] = matrix
      parameters.append(parameter)
    }
    let outer = scope
    defer { scope = outer }
    scope = inner
    var value = try lower(function.body(parameters))
    // What may be large and structured stays a sum; what is not is computed once.
    if value.terms.count == 1, let tensor = graph.tensor(of: value.terms) { value.terms = [tensor] }
    return value
  }

  private mutating func isClosed(_ formula: Formula) -> Bool {
    switch formula.operator {
    case .integer, .size: return true
    case .sum, .product, .scale, .hadamard, .map, .maximum, .minimum, .transpose:
      if let known = isClosed[formula] { return known }
      let closed = formula.shape == .scalar && formula.operands.allSatisfy { isClosed($0) }
      isClosed[formula] = closed
      return closed
    default: return false
    }
  }
}

extension Term {
  func withOutputs(_ change: ([[Int]]) -> [[Int]]) -> Term {
    var term = self
    term.outputs = change(outputs)
    return term
  }

  var hasDelta: Bool {
    let labels = outputs.flatMap { $0 }
    return Set(labels).count < labels.count
  }

  /// Sums the product of two terms over an output of each, and keeps some of the others.
  static func contracting(
    _ term: inout Term, _ output: Int, _ other: Term, _ otherOutput: Int, keeping own: [Int], _ others: [Int]
  ) -> Bool {
    let count = term.outputs.count, shift = term.absorb(other)
    term.outputs += other.outputs.map { $0.map { $0 + shift } }
    guard term.unify(term.outputs[output], term.outputs[count + otherOutput]) != nil else { return false }
    // What was summed over and is in no factor counts: kept as an output until then.
    term.outputs = own.map { term.outputs[$0] } + others.map { term.outputs[count + $0] } + [term.outputs[output]]
    return true
  }
}

extension TensorGraph {
  /// The term with a tensor of its own of which each axis can be split in any way.
  mutating func splittable(_ term: Term) -> Term {
    let extents = term.outputs.map { term.extent(of: $0) }
    let node = add(.sum([term.canonical()]), extents)
    return Term(
      factors: [Factor(node: node, axes: extents.indices.map { [$0] })], extents: extents,
      outputs: extents.indices.map { [$0] })
  }

  /// The term with another in a factor's place: the first outputs of the other are the factor's axes, further ones become
  /// the last outputs of the result.
  mutating func substituted(_ index: Int, of term: Term, by inner: Term) -> Term {
    let count = term.outputs.count, axes = term.factors[index].axes
    func attempt(_ inner: Term) -> Term? {
      var result = term
      result.factors.remove(at: index)
      let shift = result.absorb(inner)
      result.outputs += axes + inner.outputs.map { $0.map { $0 + shift } }
      for axis in axes.indices
      where result.unify(result.outputs[count + axis], result.outputs[count + axes.count + axis]) == nil { return nil }
      let summed = result.outputs[count..<count + axes.count].flatMap { $0 }
      result.outputs = Array(result.outputs[..<count]) + result.outputs[(count + 2 * axes.count)...] + [summed]
      return result
    }
    guard let result = attempt(inner) ?? attempt(splittable(inner)) else {
      preconditionFailure("a tensor of its own can be split at will")
    }
    return countingLast(result)
  }

  /// Takes away the last output, the labels summed over; those that nothing depends on give their extents as a factor.
  mutating func countingLast(_ term: Term) -> Term {
    var result = term
    let summed = result.outputs.removeLast()
    let remaining = result.usedLabels.union(result.outputLabels)
    var seen: Set<Int> = []
    for label in summed where !remaining.contains(label) && result.extents[label] != 1 && seen.insert(label).inserted {
      result.constants.append(constant(.integer(result.extents[label])))
    }
    result.constants.sort()
    return result
  }
}
