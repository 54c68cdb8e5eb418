import Evaluation
import Formulas

/// Where each trained matrix stands in the Hessian: rows and columns follow the parameters in order, each `vec_r`'d.
public struct ParameterLayout: Hashable, Sendable {
  /// One trained matrix.
  public struct Entry: Hashable, Sendable {
    public let symbol: Symbol
    public let rows: Int
    public let columns: Int
    /// The index of its first entry.
    public let offset: Int

    /// The indices of its entries.
    public var range: Range<Int> { offset..<(offset + rows * columns) }
  }

  public let entries: [Entry]

  /// The number of parameters, the height of the Hessian.
  public var count: Int { entries.last?.range.upperBound ?? 0 }

  /// The layout of parameters with these values' shapes, in order.
  public init(_ parameters: [(symbol: Symbol, rows: Int, columns: Int)]) {
    var offset = 0
    entries = parameters.map { parameter in
      defer { offset += parameter.rows * parameter.columns }
      return Entry(symbol: parameter.symbol, rows: parameter.rows, columns: parameter.columns, offset: offset)
    }
  }
}

extension ParameterLayout {
  /// The layout of parameters at these sizes, in order.
  ///
  /// - Errors: a size without a number.
  public init(_ parameters: [Symbol], sizes: [String: Int]) throws(EvaluationError) {
    let environment = Environment<Double>(sizes: sizes)
    var entries: [(symbol: Symbol, rows: Int, columns: Int)] = []
    for symbol in parameters {
      let shape = symbol.shape
      entries.append((symbol, try environment.number(shape.rows), try environment.number(shape.columns)))
    }
    self.init(entries)
  }
}
