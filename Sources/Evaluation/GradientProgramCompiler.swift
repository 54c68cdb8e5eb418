import Arithmetic
import Formulas

/// Turns formulas into the nodes of a program; equal operations on equal operands become one node.
struct GradientProgramCompiler {
  typealias Operation = GradientProgram.Operation

  private struct Key: Hashable {
    let operation: Operation
    let operands: [Int]
    let shape: [Int]
  }

  let shapes: [(rows: Int, columns: Int)]
  private(set) var nodes: [GradientProgram.Node] = []
  private(set) var constants: [Matrix<Double>] = []
  private(set) var placeCount = 0

  let sizes: Environment<Double>
  private var known: [Key: Int] = [:]
  private(set) var scope: [Formula: Int] = [:]
  /// The derivatives of nodes by entries of inputs.
  var tangents: [TangentKey: Tangent] = [:]
  private var isInsideFunction = false

  init(symbols: [Symbol], sizes: [String: Int]) throws(EvaluationError) {
    self.sizes = Environment(sizes: sizes)
    var shapes: [(rows: Int, columns: Int)] = []
    for symbol in symbols {
      shapes.append((try self.sizes.number(symbol.shape.rows), try self.sizes.number(symbol.shape.columns)))
    }
    self.shapes = shapes
    for (index, symbol) in symbols.enumerated() {
      let node = try add(.input(index), [], rows: shapes[index].rows, columns: shapes[index].columns, isActive: true)
      scope[.symbol(symbol)] = node
      scope[.variable(symbol.name, symbol.shape.rows, symbol.shape.columns)] = node
    }
  }

  mutating func node(of formula: Formula) throws(EvaluationError) -> Int {
    if let node = scope[formula] { return node }
    let node = try compile(formula)
    scope[formula] = node
    return node
  }

  private mutating func compile(_ formula: Formula) throws(EvaluationError) -> Int {
    switch formula.operator {
    case .symbol(let symbol), .variable(let symbol): throw .unbound(symbol)
    case .integer, .size, .identity, .zero, .ones, .commutation: return try constant(formula)
    case .jacobian, .pullback, .contraction:
      if let compiled = try compiledDerivative(formula) { return compiled }
      return try derivative(formula)
    case .call(let function): return try call(function, formula.operands)
    default: break
    }
    var operands: [Int] = []
    for operand in formula.operands { operands.append(try node(of: operand)) }
    let rows = try sizes.number(formula.shape.rows), columns = try sizes.number(formula.shape.columns)
    switch formula.operator {
    case .sum: return try add(.sum, operands, rows: rows, columns: columns)
    case .product: return try product(operands)
    case .kronecker: return try kronecker(operands)
    case .scale: return try add(.scale, operands, rows: rows, columns: columns)
    case .hadamard: return try add(.hadamard, operands, rows: rows, columns: columns)
    case .transpose:
      let isVector = rows == 1 || columns == 1
      return try add(isVector ? .reshape : .transpose, operands, rows: rows, columns: columns)
    case .vectorize: return try add(.reshape, operands, rows: rows, columns: columns)
    case .diagonal: return try add(.diagonal, operands, rows: rows, columns: columns)
    case .blockDiagonal: return try assembly(operands, across: operands.count, rows, columns, isDiagonal: true)
    case .blocks(let blockRows):
      return try assembly(operands, across: operands.count / blockRows, rows, columns, isDiagonal: false)
    case .map(let primitive): return try add(.map(primitive), operands, rows: rows, columns: columns)
    case .norm(let norm): return try add(.norm(norm), operands, rows: 1, columns: 1)
    case .maximum: return try add(.maximum, operands, rows: 1, columns: 1)
    case .minimum: return try add(.minimum, operands, rows: 1, columns: 1)
    case .symbol, .variable, .integer, .size, .identity, .zero, .ones, .commutation, .call, .jacobian, .pullback,
      .contraction:
      preconditionFailure("compiled above")
    }
  }

  // MARK: Nodes

  mutating func add(
    _ operation: Operation, _ operands: [Int], rows: Int, columns: Int, isActive: Bool? = nil
  ) throws(EvaluationError) -> Int {
    let key = Key(operation: operation, operands: operands, shape: [rows, columns])
    if let node = known[key] { return node }
    // A norm also keeps the vectors or the index that its derivative needs.
    var extra = 0
    switch operation {
    case .norm: extra = nodes[operands[0]].rows + nodes[operands[0]].columns
    case .maximum, .minimum: extra = 1
    default: break
    }
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard !overflow, count <= GradientProgram.limit, placeCount + count + extra <= GradientProgram.limit else {
      throw .arithmetic(
        .unsupported("an evaluation of more than \(GradientProgram.limit) numbers"), at: "a \(rows)×\(columns) matrix")
    }
    nodes.append(
      GradientProgram.Node(
        operation: operation, operands: operands, rows: rows, columns: columns, offset: placeCount,
        isActive: isActive ?? operands.contains { nodes[$0].isActive }))
    placeCount += count + extra
    known[key] = nodes.count - 1
    return nodes.count - 1
  }

  private mutating func constant(_ formula: Formula) throws(EvaluationError) -> Int {
    let rows = try sizes.number(formula.shape.rows), columns = try sizes.number(formula.shape.columns)
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard !overflow, count <= GradientProgram.limit else {
      throw .arithmetic(
        .unsupported("a matrix of more than \(GradientProgram.limit) numbers"), at: formula.description)
    }
    return try constant(try formula.value(in: sizes))
  }

  mutating func constant(_ value: Matrix<Double>) throws(EvaluationError) -> Int {
    constants.append(value)
    return try add(.constant(constants.count - 1), [], rows: value.rows, columns: value.columns, isActive: false)
  }

  /// A node that is evaluated, and differentiated, by dual numbers.
  private mutating func derivative(_ formula: Formula) throws(EvaluationError) -> Int {
    if isInsideFunction {
      throw .arithmetic(.unsupported("a derivative inside a named function"), at: formula.description)
    }
    let rows = try sizes.number(formula.shape.rows), columns = try sizes.number(formula.shape.columns)
    return try add(.derivative(formula), [], rows: rows, columns: columns, isActive: true)
  }

  /// The body of a function, with its operands in the place of its parameters.
  private mutating func call(_ function: Function, _ operands: [Formula]) throws(EvaluationError) -> Int {
    var inner: [Formula: Int] = [:]
    var parameters: [Formula] = []
    for (i, operand) in operands.enumerated() {
      var argument = try node(of: operand)
      if i == 0, function.isRowShiftInvariant {
        argument = try add(.rowShift, [argument], rows: nodes[argument].rows, columns: nodes[argument].columns)
      }
      let parameter = Formula.symbol(Symbol("operand \(i + 1) of \(function.name)", operand.shape))
      inner[parameter] = argument
      parameters.append(parameter)
    }
    let outer = (scope, isInsideFunction)
    defer { (scope, isInsideFunction) = outer }
    (scope, isInsideFunction) = (inner, true)
    return try node(of: function.body(parameters))
  }

  private mutating func assembly(
    _ operands: [Int], across: Int, _ rows: Int, _ columns: Int, isDiagonal: Bool
  ) throws(EvaluationError) -> Int {
    var offsets: [Int] = []
    var top = 0, left = 0
    for (index, operand) in operands.enumerated() {
      offsets.append(top * columns + left)
      left += nodes[operand].columns
      if isDiagonal { top += nodes[operand].rows }
      if !isDiagonal, (index + 1).isMultiple(of: across) { (top, left) = (top + nodes[operand].rows, 0) }
    }
    return try add(.assembly(offsets), operands, rows: rows, columns: columns)
  }

  private mutating func kronecker(_ factors: [Int]) throws(EvaluationError) -> Int {
    var result = factors[0]
    for factor in factors.dropFirst() {
      let (a, b) = (nodes[result], nodes[factor])
      let (rows, tall) = a.rows.multipliedReportingOverflow(by: b.rows)
      let (columns, wide) = a.columns.multipliedReportingOverflow(by: b.columns)
      guard !tall, !wide else {
        throw .arithmetic(.unsupported("a matrix too large to count its rows"), at: "a Kronecker product")
      }
      result = try add(.kronecker, [result, factor], rows: rows, columns: columns)
    }
    return result
  }

  /// Brackets the factors so that the fewest multiplications are needed.
  private mutating func product(_ factors: [Int]) throws(EvaluationError) -> Int {
    let count = factors.count
    let heights = factors.map { Double(nodes[$0].rows) } + [Double(nodes[factors[count - 1]].columns)]
    var cost = Array(repeating: Array(repeating: 0.0, count: count), count: count)
    var split = Array(repeating: Array(repeating: 0, count: count), count: count)
    for length in 1..<count {
      for first in 0..<(count - length) {
        let last = first + length
        cost[first][last] = .infinity
        for middle in first..<last {
          let work =
            cost[first][middle] + cost[middle + 1][last] + heights[first] * heights[middle + 1] * heights[last + 1]
          if work < cost[first][last] { (cost[first][last], split[first][last]) = (work, middle) }
        }
      }
    }
    return try product(factors, 0, count - 1, split)
  }

  private mutating func product(
    _ factors: [Int], _ first: Int, _ last: Int, _ split: [[Int]]
  ) throws(EvaluationError) -> Int {
    if first == last { return factors[first] }
    let left = try product(factors, first, split[first][last], split)
    let right = try product(factors, split[first][last] + 1, last, split)
    return try add(.product, [left, right], rows: nodes[left].rows, columns: nodes[right].columns)
  }
}
