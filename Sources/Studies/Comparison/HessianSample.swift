import Arithmetic
import Evaluation
import Formulas
import Transformers

/// The two parts of a Hessian at a point, measured in floating point.
struct HessianSample {
  /// A block on or above the diagonal.
  struct Block {
    let outerNorm: Double
    let functionalNorm: Double
    let outerTrace: Double
    let functionalTrace: Double
    /// Of both parts together, in ascending order, for a block on the diagonal.
    let eigenvalues: [Double]

    /// Whether an eigenvalue is below zero, or above, by more than rounding.
    var hasNegative: Bool { (eigenvalues.first ?? 0) < -rounding }
    var hasPositive: Bool { (eigenvalues.last ?? 0) > rounding }
    /// `‖H_ii‖₂`.
    var norm: Double { eigenvalues.reduce(0) { max($0, abs($1)) } }
    private var rounding: Double { 1e-10 * norm }
  }

  let blocks: [Block]
  let outer: Matrix<Double>
  let functional: Matrix<Double>
  /// Where the entries of each parameter stand.
  let ranges: [Range<Int>]

  /// - Parameter blocks: those on and above the diagonal.
  init(_ derivation: HessianDerivation, _ blocks: [HessianBlock], at point: Environment<Double>) throws {
    let evaluator = Evaluator(point), parameters = derivation.objective.model.parameters
    var start = 0
    let ranges = parameters.map { parameter in
      let count = point[parameter]?.entries.count ?? 0
      defer { start += count }
      return start..<(start + count)
    }
    var whole = [[Double]](repeating: [Double](repeating: 0, count: start * start), count: 2)
    self.blocks = try blocks.map { block in
      let rows = ranges[parameters.firstIndex(of: block.row) ?? 0]
      let columns = ranges[parameters.firstIndex(of: block.column) ?? 0]
      let parts = [try evaluator.value(of: block.outerProduct), try evaluator.value(of: block.functional)]
      for (index, part) in parts.enumerated() {
        for (i, row) in rows.enumerated() {
          for (j, column) in columns.enumerated() {
            whole[index][row * start + column] = part[i, j]
            whole[index][column * start + row] = part[i, j]
          }
        }
      }
      let isDiagonal = block.row == block.column
      return Block(
        outerNorm: try LinearAlgebra.largestSingularValue(of: parts[0]),
        functionalNorm: try LinearAlgebra.largestSingularValue(of: parts[1]),
        outerTrace: isDiagonal ? parts[0].trace : 0, functionalTrace: isDiagonal ? parts[1].trace : 0,
        eigenvalues: isDiagonal ? try LinearAlgebra.symmetricEigenvalues(of: parts[0] + parts[1]).sorted() : [])
    }
    outer = Matrix(rows: start, columns: start, entries: whole[0])
    functional = Matrix(rows: start, columns: start, entries: whole[1])
    self.ranges = ranges
  }

  /// The number of singular values of the part of some parameters that are not lost in rounding, `1e-10 σ_max`.
  func rank(of parameters: [Int]) throws -> Int {
    let places = parameters.flatMap { Array(ranges[$0]) }
    let part = Matrix<Double>(rows: places.count, columns: places.count) { i, j in
      outer[places[i], places[j]] + functional[places[i], places[j]]
    }
    let values = try LinearAlgebra.singularValues(of: part)
    return values.count { $0 > (values.first ?? 0) * 1e-10 }
  }
}

extension Matrix<Double> {
  /// `Σ_i m_ii`.
  var trace: Double { (0..<Swift.min(rows, columns)).reduce(0) { $0 + self[$1, $1] } }
}
