import Arithmetic
import Formulas

/// What the size names and the symbols of a formula stand for.
public struct Environment<S: Scalar>: Sendable {
  public var sizes: [String: Int]
  public private(set) var values: [Symbol: Matrix<S>]

  public init(sizes: [String: Int], values: [Symbol: Matrix<S>] = [:]) { (self.sizes, self.values) = (sizes, values) }

  /// The matrix that a symbol, or a variable of the same name and shape, stands for.
  public subscript(symbol: Symbol) -> Matrix<S>? {
    get { values[symbol] }
    set { values[symbol] = newValue }
  }

  /// The number that a size stands for.
  ///
  /// - Errors: `.unknownSize` when a name has no number or the size is too large.
  public func number(_ size: Size) throws(EvaluationError) -> Int {
    guard let n = size.value({ sizes[$0] }) else { throw .unknownSize(size) }
    return n
  }

  /// Binds the name that a definition introduces to the value of what it stands for.
  public mutating func define(_ definition: Rule) throws(EvaluationError) {
    guard case .symbol(let name) = definition.statement.right.operator else {
      preconditionFailure("\(definition.id) does not define a symbol")
    }
    values[name] = try definition.statement.left.value(in: self)
  }
}

extension Environment where S: RandomScalar {
  /// Draws a matrix for each symbol that has none, in the order given.
  public mutating func draw<Generator: RandomNumberGenerator>(
    _ symbols: [Symbol], using generator: inout Generator
  ) throws(EvaluationError) {
    for symbol in symbols where values[symbol] == nil {
      let rows = try number(symbol.shape.rows), columns = try number(symbol.shape.columns)
      values[symbol] = Matrix(rows: rows, columns: columns) { _, _ in S.random(using: &generator) }
    }
  }
}

/// Why a formula has no value.
public enum EvaluationError: Error, Hashable, Sendable, CustomStringConvertible {
  case unbound(Symbol)
  case unknownSize(Size)
  case wrongShape(Symbol, expected: String, found: String)
  /// The arithmetic failed at a subformula, given as text.
  case arithmetic(ArithmeticError, at: String)

  public var description: String {
    switch self {
    case .unbound(let symbol): "\(symbol) has no value"
    case .unknownSize(let size): "the size \(size) has no value, or one that is too large"
    case .wrongShape(let symbol, let expected, let found): "\(symbol) must be \(expected), but is \(found)"
    case .arithmetic(let error, let place): "\(error), in \(place)"
    }
  }
}
