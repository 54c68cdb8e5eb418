import Arithmetic
import Formulas

/// Numbers given by 1×1 formulas, compiled at fixed sizes to matrix operations over `Double`, with their gradient by
/// every entry of the free matrices.
///
/// The gradient is accumulated in reverse, so that it costs a few evaluations however many entries there are. Where a
/// maximum or a norm has no derivative, one of its one-sided derivatives is taken. Derivatives that the formula itself
/// asks for are operations like the others, or, where they are of a norm or a maximum, evaluated by dual numbers.
/// - Source: [griewank2008], for reverse accumulation.
public struct GradientProgram: Sendable {
  /// What a node computes from the values of its operands.
  enum Operation: Hashable, Sendable {
    case input(Int)
    case constant(Int)
    case sum, product, kronecker, scale, hadamard, transpose, reshape, diagonal
    /// Blocks, each at the index that its upper left entry has in the result; zero elsewhere.
    case assembly([Int])
    case map(Primitive)
    /// Subtracts the largest entry from each row, as a constant.
    case rowShift
    case norm(Norm)
    case maximum, minimum
    /// A formula with a derivative that cannot be taken node by node.
    case derivative(Formula)
  }

  /// One operation with the place of its value.
  struct Node: Sendable {
    let operation: Operation
    let operands: [Int]
    let rows: Int
    let columns: Int
    /// Where the entries start.
    let offset: Int
    /// Whether an input occurs in it.
    let isActive: Bool

    var count: Int { rows * columns }
  }

  /// The free matrices, in the order of their entries in a point.
  public let symbols: [Symbol]
  /// The number of rows and columns of each free matrix.
  public let shapes: [(rows: Int, columns: Int)]
  let sizes: [String: Int]
  let nodes: [Node]
  /// The inputs and the nodes that an output depends on, operands first.
  let order: [Int]
  let constants: [Matrix<Double>]
  let outputs: [Int]
  let placeCount: Int

  /// The most numbers that one evaluation may hold, half a gigabyte with the gradient.
  public static let limit = 1 << 24

  /// Compiles formulas of shape 1×1.
  ///
  /// - Errors: a size without a number, a free matrix that is not listed, an evaluation that would hold more than `limit`
  ///   numbers, or a derivative inside the body of a named function.
  public init(_ formulas: [Formula], symbols: [Symbol], sizes: [String: Int]) throws(EvaluationError) {
    precondition(formulas.allSatisfy { $0.shape == .scalar }, "only numbers have a gradient")
    var compiler = try GradientProgramCompiler(symbols: symbols, sizes: sizes)
    var outputs: [Int] = []
    for formula in formulas { outputs.append(try compiler.node(of: formula)) }
    (self.symbols, self.sizes, self.outputs) = (symbols, sizes, outputs)
    (shapes, nodes, constants, placeCount) = (
      compiler.shapes, compiler.nodes, compiler.constants, compiler.placeCount
    )
    var isNeeded = nodes.map { node in
      if case .input = node.operation { true } else { false }
    }
    for output in outputs { isNeeded[output] = true }
    for index in nodes.indices.reversed() where isNeeded[index] {
      for operand in nodes[index].operands { isNeeded[operand] = true }
    }
    order = nodes.indices.filter { isNeeded[$0] }
  }

  /// The number of entries of all free matrices together.
  public var dimension: Int { shapes.reduce(0) { $0 + $1.rows * $1.columns } }

  /// The matrices that a point, the list of all their entries, stands for.
  public func environment(_ point: [Double]) -> Environment<Double> {
    var environment = Environment<Double>(sizes: sizes)
    var offset = 0
    for (symbol, shape) in zip(symbols, shapes) {
      let count = shape.rows * shape.columns
      environment[symbol] = Matrix(
        rows: shape.rows, columns: shape.columns, entries: Array(point[offset..<(offset + count)]))
      offset += count
    }
    return environment
  }

  /// The list of all entries of the free matrices.
  ///
  /// - Errors: a matrix that is missing or has another shape.
  public func point(_ environment: Environment<Double>) throws(EvaluationError) -> [Double] {
    var point: [Double] = []
    for (symbol, shape) in zip(symbols, shapes) {
      guard let matrix = environment[symbol] else { throw .unbound(symbol) }
      guard matrix.rows == shape.rows, matrix.columns == shape.columns else {
        throw .wrongShape(
          symbol, expected: "\(shape.rows)×\(shape.columns)", found: "\(matrix.rows)×\(matrix.columns)")
      }
      point += matrix.entries
    }
    return point
  }
}
