import Arithmetic
import Evaluation
import Formulas

/// A number that can be enclosed as tightly as wanted, and in lucky cases computed exactly.
struct ComputableNumber {
  /// An enclosure by computing at so many bits.
  let enclosure: (Int) throws -> Ball
  /// The number itself, where exact arithmetic reaches it.
  let exactValue: () throws -> RadicalSum?
  /// Where the number is the spectral norm of a matrix: the matrix, where exact arithmetic reaches it.
  let exactMatrix: () throws -> Matrix<RadicalSum>?
  /// The order of that matrix; 0 for a number that is no norm.
  let order: Int
  /// Whether more bits may give a tighter enclosure.
  var isRefinable = true
  /// Whether it comes from so many digits that exact arithmetic is slow, and comes after balls.
  var hasManyDigits = false

  /// A known number.
  init(_ value: Rational) {
    self.init(enclosure: { Ball(value, precision: $0) }, exactValue: { RadicalSum(value) })
  }

  /// A number with one enclosure.
  init(fixed enclosure: @escaping (Int) throws -> Ball) {
    self.init(enclosure: enclosure, exactValue: { nil })
    isRefinable = false
  }

  /// `‖m‖₂`.
  init(
    normOf exactMatrix: @escaping () throws -> Matrix<RadicalSum>?, order: Int,
    enclosedBy balls: @escaping (Int) throws -> Matrix<Ball>
  ) {
    enclosure = { precision in
      let matrix = try balls(precision)
      return try Ball.withWorkingPrecision(precision) { try Ball.spectralNorm(of: matrix) }
    }
    exactValue = {
      guard order <= Self.exactOrder, let matrix = try exactMatrix() else { return nil }
      return try? RadicalSum.spectralNorm(of: matrix)
    }
    self.exactMatrix = exactMatrix
    self.order = order
  }

  /// The value of a 1×1 formula at a point.
  init(_ formula: Formula, at point: Environment<Rational>) throws(EvaluationError) {
    if case .norm(.spectral) = formula.operator {
      let matrix = formula.operands[0]
      let (rows, columns) = (try point.number(matrix.shape.rows), try point.number(matrix.shape.columns))
      self.init(normOf: { try Self.exact(matrix, at: point) }, order: max(rows, columns)) {
        try Self.balls(matrix, at: point, precision: $0)
      }
    } else {
      self.init(
        enclosure: { try Self.balls(formula, at: point, precision: $0).scalar },
        exactValue: { try Self.exact(formula, at: point)?.scalar })
    }
    hasManyDigits = Self.haveManyDigits(Array(point.values.values))
  }

  private init(enclosure: @escaping (Int) throws -> Ball, exactValue: @escaping () throws -> RadicalSum?) {
    (self.enclosure, self.exactValue, exactMatrix, order) = (enclosure, exactValue, { nil }, 0)
  }

  /// Up to this order exact elimination takes a fraction of a second, and comes before balls.
  static let exactOrder = 32

  /// Whether the entries have more digits in all than exact elimination can take along.
  static func haveManyDigits(_ matrices: [Matrix<Rational>]) -> Bool {
    matrices.reduce(0) { $1.entries.reduce($0) { $0 + $1.description.utf8.count } } > digitLimit
  }

  private static let digitLimit = 20_000

  /// The value over ℚ, or with square roots adjoined; `nil` where that is not enough.
  private static func exact(
    _ formula: Formula, at point: Environment<Rational>
  ) throws(EvaluationError) -> Matrix<RadicalSum>? {
    if let value = try reached({ () throws(EvaluationError) in try formula.value(in: point) }) {
      return value.map { RadicalSum($0) }
    }
    let values = point.values.mapValues { $0.map { RadicalSum($0) } }
    return try reached { () throws(EvaluationError) in
      try formula.value(in: Environment<RadicalSum>(sizes: point.sizes, values: values))
    }
  }

  /// The value; `nil` where the arithmetic does not reach it.
  private static func reached<Value>(
    _ value: () throws(EvaluationError) -> Value
  ) throws(EvaluationError) -> Value? {
    do throws(EvaluationError) { return try value() } catch {
      if case .arithmetic(.unsupported, _) = error { return nil }
      throw error
    }
  }

  private static func balls(
    _ formula: Formula, at point: Environment<Rational>, precision: Int
  ) throws -> Matrix<Ball> {
    try Ball.withWorkingPrecision(precision) {
      let values = point.values.mapValues { $0.map { Ball($0) } }
      return try formula.value(in: Environment<Ball>(sizes: point.sizes, values: values))
    }
  }
}
