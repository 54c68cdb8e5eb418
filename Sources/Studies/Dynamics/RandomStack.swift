import Arithmetic
import Evaluation
import Formulas
import Transformers

/// Random data and weights for layers in sequence, the same for the same seed: entries of `X` are standard normal, of a
/// weight with `p` rows normal with standard deviation `1/√p`, times a scale for queries and keys; biases and shifts are zero,
/// scales of layer normalisation one.
struct RandomStack {
  /// Of sizes that are numbers.
  let network: Network
  /// Of `W_Q` and `W_K`.
  var scale = 1.0
  var seed: UInt64 = 1

  /// The matrices of a draw.
  ///
  /// What a weight is drawn from depends on its name alone: layers with and without residual connections, and all scales,
  /// have the same matrices but for a factor.
  /// - Parameter layer: draws weights by the names that they have as this layer of a longer network.
  func environment(
    draw: Int, sample: Int = 0, layer: Int? = nil
  ) throws(EvaluationError) -> Environment<Double> {
    var point = Environment<Double>(sizes: [:])
    point[network.input] = try matrix(network.input, draw, 1, stream: UInt64(sample))
    for symbol in network.parameters + network.constants {
      let name = layer.map { Symbol("\(symbol.baseName)^\($0)", symbol.shape) } ?? symbol
      let rows = try point.number(symbol.shape.rows), columns = try point.number(symbol.shape.columns)
      switch symbol.baseName {
      case "b", "beta": point[symbol] = .zero(rows: rows, columns: columns)
      case "gamma": point[symbol] = Matrix(repeating: 1, rows: rows, columns: columns)
      case "W_Q", "W_K", "W_QK": point[symbol] = try matrix(name, draw, scale / root(Double(rows)), stream: 0)
      default: point[symbol] = try matrix(name, draw, 1 / root(Double(rows)), stream: 0)
      }
    }
    return point
  }

  /// The number of entries.
  func count(of symbol: Symbol) throws(EvaluationError) -> Int {
    let point = Environment<Double>(sizes: [:])
    let (rows, columns) = (try point.number(symbol.shape.rows), try point.number(symbol.shape.columns))
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    return overflow ? .max : count
  }

  func matrix(_ symbol: Symbol, _ draw: Int, _ scale: Double, stream: UInt64) throws(EvaluationError) -> Matrix<Double>
  {
    let point = Environment<Double>(sizes: [:])
    let start = SplitMix64.combined(SplitMix64.combined(seed, UInt64(draw)), stream)
    var generator = SplitMix64(seed: symbol.name.utf8.reduce(start) { SplitMix64.combined($0, UInt64($1)) })
    return Matrix(rows: try point.number(symbol.shape.rows), columns: try point.number(symbol.shape.columns)) { _, _ in
      scale * generator.standardNormal()
    }
  }
}
