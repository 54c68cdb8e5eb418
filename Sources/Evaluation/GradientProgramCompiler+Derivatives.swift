import Arithmetic
import Formulas

/// The derivative of a node by one entry of an input.
enum Tangent: Hashable, Sendable {
  case zero
  /// The node that computes it.
  case node(Int)
  /// A norm, a maximum or the like, whose derivative is none of the operations.
  case unsupported
}

struct TangentKey: Hashable {
  let node: Int
  let input: Int
  let entry: Int
}

extension GradientProgramCompiler {
  /// `∂`, a pullback or a contraction as operations on the derivatives by every entry; `nil` where one is unsupported.
  mutating func compiledDerivative(_ formula: Formula) throws(EvaluationError) -> Int? {
    let operands = formula.operands
    let rows = try sizes.number(formula.shape.rows), columns = try sizes.number(formula.shape.columns)
    switch formula.operator {
    case .jacobian: return try jacobian(operands[0], operands[1])
    case .pullback:
      guard let jacobian = try jacobian(operands[0], operands[1]) else { return nil }
      let (height, width) = (nodes[jacobian].rows, nodes[jacobian].columns)
      let transposed = try add(.transpose, [jacobian], rows: width, columns: height)
      let seed = try add(.reshape, [try node(of: operands[2])], rows: height, columns: 1)
      let column = try add(.product, [transposed, seed], rows: width, columns: 1)
      return try add(.reshape, [column], rows: rows, columns: columns)
    case .contraction:
      guard let jacobian = try jacobian(operands[1], operands[2]) else { return nil }
      let given = try node(of: operands[0])
      let seed = try add(.reshape, [given], rows: 1, columns: nodes[given].count)
      let identity = try constant(.identity(rows))
      let factor = try add(.kronecker, [seed, identity], rows: rows, columns: nodes[given].count * rows)
      return try add(.product, [factor, jacobian], rows: rows, columns: columns)
    default: return nil
    }
  }

  /// `∂vec_r(F)/∂vec_r(W)`, a column for each entry of the input `W`.
  private mutating func jacobian(_ F: Formula, _ W: Formula) throws(EvaluationError) -> Int? {
    guard let variable = scope[W], case .input = nodes[variable].operation else { return nil }
    let value = try node(of: F)
    let (height, width) = (nodes[value].count, nodes[variable].count)
    var columns: [Int] = [], offsets: [Int] = []
    for entry in 0..<width {
      switch try tangent(of: value, by: variable, entry) {
      case .zero: continue
      case .unsupported: return nil
      case .node(let derivative):
        columns.append(try add(.reshape, [derivative], rows: height, columns: 1))
        offsets.append(entry)
      }
    }
    return try add(.assembly(offsets), columns, rows: height, columns: width)
  }

  private mutating func tangent(of node: Int, by input: Int, _ entry: Int) throws(EvaluationError) -> Tangent {
    let key = TangentKey(node: node, input: input, entry: entry)
    if let known = tangents[key] { return known }
    let tangent = try computeTangent(of: node, by: input, entry)
    tangents[key] = tangent
    return tangent
  }

  private mutating func computeTangent(
    of index: Int, by input: Int, _ entry: Int
  ) throws(EvaluationError) -> Tangent {
    let node = nodes[index]
    if !node.isActive { return .zero }
    var inner: [Tangent] = []
    for operand in node.operands { inner.append(try tangent(of: operand, by: input, entry)) }
    if inner.contains(.unsupported) { return .unsupported }
    func shaped(_ operation: Operation, _ operands: [Int]) throws(EvaluationError) -> Int {
      try add(operation, operands, rows: node.rows, columns: node.columns)
    }
    switch node.operation {
    case .constant: return .zero
    case .input:
      guard index == input else { return .zero }
      var unit = Matrix<Double>.zero(rows: node.rows, columns: node.columns)
      unit.entries[entry] = 1
      return .node(try constant(unit))
    case .sum: return try total(inner.compactMap(\.node), like: node)
    case .product, .kronecker, .scale, .hadamard:
      var terms: [Int] = []
      for (place, tangent) in inner.enumerated() {
        guard let derivative = tangent.node else { continue }
        var operands = node.operands
        operands[place] = derivative
        terms.append(try shaped(node.operation, operands))
      }
      return try total(terms, like: node)
    case .transpose, .reshape, .diagonal:
      guard let derivative = inner[0].node else { return .zero }
      return .node(try shaped(node.operation, [derivative]))
    case .rowShift: return inner[0]
    case .assembly(let offsets):
      let present = inner.indices.filter { inner[$0].node != nil }
      if present.isEmpty { return .zero }
      return .node(try shaped(.assembly(present.map { offsets[$0] }), present.compactMap { inner[$0].node }))
    case .map(let primitive):
      guard let derivative = inner[0].node else { return .zero }
      guard let slope = try slope(primitive, index) else { return .unsupported }
      return .node(try shaped(.hadamard, [derivative, slope]))
    case .norm, .maximum, .minimum, .derivative: return .unsupported
    }
  }

  private mutating func total(
    _ terms: [Int], like node: GradientProgram.Node
  ) throws(EvaluationError) -> Tangent {
    if terms.isEmpty { return .zero }
    return .node(terms.count == 1 ? terms[0] : try add(.sum, terms, rows: node.rows, columns: node.columns))
  }

  /// The elementwise derivative of a function, from its value; `nil` where it has kinks.
  private mutating func slope(_ primitive: Primitive, _ value: Int) throws(EvaluationError) -> Int? {
    let (rows, columns) = (nodes[value].rows, nodes[value].columns)
    switch primitive {
    case .exponential: return value
    case .reciprocal:
      let square = try add(.hadamard, [value, value], rows: rows, columns: columns)
      return try add(.scale, [try constant(Matrix(-1)), square], rows: rows, columns: columns)
    case .squareRoot:
      let inverse = try add(.map(.reciprocal), [value], rows: rows, columns: columns)
      return try add(.scale, [try constant(Matrix(0.5)), inverse], rows: rows, columns: columns)
    case .reciprocalSquareRoot:
      let square = try add(.hadamard, [value, value], rows: rows, columns: columns)
      let cube = try add(.hadamard, [square, value], rows: rows, columns: columns)
      return try add(.scale, [try constant(Matrix(-0.5)), cube], rows: rows, columns: columns)
    case .logarithm: return try add(.map(.reciprocal), nodes[value].operands, rows: rows, columns: columns)
    case .normalDistribution:
      return try add(.map(.normalDensity), nodes[value].operands, rows: rows, columns: columns)
    case .normalDensity:
      let product = try add(.hadamard, [nodes[value].operands[0], value], rows: rows, columns: columns)
      return try add(.scale, [try constant(Matrix(-1)), product], rows: rows, columns: columns)
    case .positivePart, .step: return nil
    }
  }
}

extension Tangent {
  fileprivate var node: Int? { if case .node(let index) = self { index } else { nil } }
}
