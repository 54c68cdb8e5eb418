import Arithmetic
import Evaluation
import Formulas

/// Numbers made of norms at a point, in floating point: matrices with Kronecker products are applied, never formed.
///
/// Every value is an estimate, a spectral norm of a large matrix one from below.
final class PointEvaluation {
  private let point: Environment<Double>
  private let evaluator: Evaluator<Double>
  /// What stands for matrices that are only defined by derivatives.
  private let closedForms: [Formula: Formula]
  private let seed: UInt64
  private var norms: [Formula: Double] = [:]
  private var bodies: [Formula: Formula] = [:]

  /// Matrices of more entries are not formed.
  private static let largestCount = 1 << 17
  private static let largestNormCount = 1 << 22

  init(_ point: Environment<Double>, closedForms: [Formula: Formula], seed: UInt64) {
    (self.point, self.closedForms, self.seed) = (point, closedForms, seed)
    evaluator = Evaluator(point)
  }

  // MARK: Numbers

  /// The value of a number.
  ///
  /// - Parameter holes: the values of numbers that the point does not bind.
  /// - Errors: a norm other than the spectral one of a matrix too large to be formed; what evaluation throws.
  func value(of number: Formula, _ holes: [Symbol: Double] = [:]) throws -> Double {
    let operands = number.operands
    switch number.operator {
    case .symbol(let symbol):
      if let value = holes[symbol] { return value }
      return try evaluator.value(of: number).scalar
    case .norm(let norm): return try self.norm(norm, number, holes)
    case .sum: return try operands.reduce(0) { $0 + (try value(of: $1, holes)) }
    case .product, .scale:
      guard operands.allSatisfy({ $0.shape == .scalar }) else { return try evaluator.value(of: number).scalar }
      return try operands.reduce(1) { $0 * (try value(of: $1, holes)) }
    case .maximum: return try operands.map { try value(of: $0, holes) }.reduce(-.infinity, max)
    case .minimum: return try operands.map { try value(of: $0, holes) }.reduce(.infinity, min)
    case .map(.reciprocal): return 1 / (try value(of: operands[0], holes))
    case .map(.squareRoot): return root(try value(of: operands[0], holes))
    default: return try evaluator.value(of: number).scalar
    }
  }

  private func norm(_ norm: Norm, _ number: Formula, _ holes: [Symbol: Double]) throws -> Double {
    let argument = number.operands[0]
    if argument.shape == .scalar, norm == .spectral { return abs(try value(of: argument, holes)) }
    if case .blocks(let rows) = argument.operator, norm == .spectral,
      argument.operands.allSatisfy({ $0.shape == .scalar })
    {
      let entries = try argument.operands.map { try value(of: $0, holes) }
      return try Self.largestSingularValue(Matrix(rows: rows, columns: entries.count / rows, entries: entries))
    }
    if let known = norms[number] { return known }
    let computed: Double
    if norm == .spectral {
      computed = try self.spectralNorm(of: argument)
    } else {
      guard try largestCount(in: argument) <= Self.largestNormCount else {
        throw MeasurementError("\(number) is the norm of a matrix too large to be formed")
      }
      computed = try evaluator.value(of: number).scalar
    }
    norms[number] = computed
    return computed
  }

  private static func largestSingularValue(_ matrix: Matrix<Double>) throws -> Double {
    guard matrix.entries.allSatisfy(\.isFinite) else { return .infinity }
    return try LinearAlgebra.largestSingularValue(of: matrix)
  }

  /// `‖F‖₂`, by LAPACK where the matrix is small and by Lanczos iteration with `FᵀF` or `FFᵀ` elsewhere.
  private func spectralNorm(of matrix: Formula) throws -> Double {
    let rows = try point.number(matrix.shape.rows), columns = try point.number(matrix.shape.columns)
    if closedForms[matrix] == nil, matrix.kind != .blocks, try largestCount(in: matrix) <= Self.largestCount {
      return try Self.largestSingularValue(try evaluator.value(of: matrix))
    }
    let isWide = columns > rows
    let square = try Lanczos.spectralNorm(dimension: min(rows, columns), tolerance: 1e-7, seed: seed) { v in
      let once = try image(of: matrix, Matrix(rows: v.count, columns: 1, entries: v), transposed: isWide)
      return try image(of: matrix, once, transposed: !isWide).entries
    }
    return root(square.norm)
  }

  /// The most entries of a matrix that an evaluation would form.
  private func largestCount(in formula: Formula) throws -> Int {
    var largest = 0
    var seen: Set<Formula> = []
    func visit(_ f: Formula) throws {
      guard seen.insert(f).inserted else { return }
      let count = Double(try point.number(f.shape.rows)) * Double(try point.number(f.shape.columns))
      largest = max(largest, count < 1e15 ? Int(count) : .max)
      try f.operands.forEach(visit)
    }
    try visit(formula)
    return largest
  }

  // MARK: Matrices

  /// `F V`, or `FᵀV`.
  func image(of matrix: Formula, _ v: Matrix<Double>, transposed: Bool) throws -> Matrix<Double> {
    if let closed = closedForms[matrix] { return try image(of: closed, v, transposed: transposed) }
    let operands = matrix.operands
    switch matrix.operator {
    case .identity: return v
    case .zero:
      return .zero(
        rows: try point.number(transposed ? matrix.shape.columns : matrix.shape.rows), columns: v.columns)
    case .sum:
      return try operands.dropFirst().reduce(image(of: operands[0], v, transposed: transposed)) {
        $0 + (try image(of: $1, v, transposed: transposed))
      }
    case .product:
      return try (transposed ? operands : operands.reversed()).reduce(v) {
        try image(of: $1, $0, transposed: transposed)
      }
    case .scale:
      return try image(of: operands[1], v, transposed: transposed).scaled(by: try value(of: operands[0]))
    case .transpose: return try image(of: operands[0], v, transposed: !transposed)
    case .kronecker: return try byColumns(v) { try kronecker(operands[...], $0, transposed) }
    case .commutation(let m, let n):
      let (rows, columns) = transposed ? (n, m) : (m, n)
      let shape = (rows: try point.number(rows), columns: try point.number(columns))
      return byColumns(v) { $0.reshaped(rows: shape.rows, columns: shape.columns).transposed.vectorized }
    case .diagonal:
      let entries = try evaluator.value(of: operands[0]).entries
      return Matrix(rows: v.rows, columns: v.columns) { entries[$0] * v[$0, $1] }
    case .blocks(let rows): return try blocks(operands, rows: rows, v, transposed)
    case .call(let function) where matrix.shape.rows != operands[0].shape.rows:
      let body = bodies[matrix] ?? function.body(operands)
      bodies[matrix] = body
      return try image(of: body, v, transposed: transposed)
    default:
      let dense = try evaluator.value(of: matrix)
      return (transposed ? dense.transposed : dense) * v
    }
  }

  private func byColumns(_ v: Matrix<Double>, _ map: (Matrix<Double>) throws -> Matrix<Double>) rethrows -> Matrix<
    Double
  > {
    if v.columns == 1 { return try map(v) }
    let images = try (0..<v.columns).map { j in
      try map(Matrix(rows: v.rows, columns: 1) { i, _ in v[i, j] })
    }
    return Matrix(rows: images.first?.rows ?? 0, columns: v.columns) { images[$1].entries[$0] }
  }

  /// `(A ⊗ B) vec_r(V) = vec_r(A V Bᵀ)`.
  private func kronecker(
    _ factors: ArraySlice<Formula>, _ v: Matrix<Double>, _ transposed: Bool
  ) throws -> Matrix<Double> {
    guard let first = factors.first else { return v }
    let width = try point.number(transposed ? first.shape.rows : first.shape.columns)
    let left = try image(of: first, v.reshaped(rows: width, columns: v.rows / width), transposed: transposed)
    let rest = factors.dropFirst()
    if rest.count == 1, let last = rest.first {
      return try image(of: last, left.transposed, transposed: transposed).transposed.vectorized
    }
    return try byColumns(left.transposed) { try kronecker(rest, $0, transposed) }.transposed.vectorized
  }

  private func blocks(
    _ operands: [Formula], rows: Int, _ v: Matrix<Double>, _ transposed: Bool
  ) throws -> Matrix<Double> {
    let columns = operands.count / rows
    var parts: [Matrix<Double>] = []
    var start = 0
    for k in 0..<(transposed ? rows : columns) {
      let shape = transposed ? operands[k * columns].shape.rows : operands[k].shape.columns
      let height = try point.number(shape)
      parts.append(v.submatrix(rows: start..<(start + height), columns: 0..<v.columns))
      start += height
    }
    var images: [Matrix<Double>] = []
    for k in 0..<(transposed ? columns : rows) {
      let terms = try parts.indices.map { l in
        try image(of: operands[transposed ? l * columns + k : k * columns + l], parts[l], transposed: transposed)
      }
      images.append(terms.dropFirst().reduce(terms[0], +))
    }
    return .blocks(images.map { [$0] })
  }
}
