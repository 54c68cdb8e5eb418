import Arithmetic
import Evaluation
import Formulas

/// A norm of a given matrix, rigorously enclosed: what may stand for the norm where a bound is evaluated.
///
/// An upper bound at norms that were rounded to nearest is no upper bound; at the upper ends of these it is one.
public struct NormEnclosure: Hashable, Sendable {
  public let ball: Ball
  /// A number that is at most the norm.
  public let lower: Rational
  /// A number that is at least the norm.
  public let upper: Rational

  /// The norm of an exact matrix.
  ///
  /// - Errors: an enclosure whose ends are too long to write down.
  public init(
    of matrix: Matrix<Rational>, _ norm: Norm = .spectral, precision: Int = Ball.defaultPrecision
  ) throws(ArithmeticError) {
    try self.init(of: matrix.map { Ball($0, precision: precision) }, norm)
  }

  /// The norm of a matrix of floating-point numbers, which are taken exactly.
  ///
  /// - Errors: unsupported where an entry is infinite or not a number.
  public init(
    of matrix: Matrix<Double>, _ norm: Norm = .spectral, precision: Int = Ball.defaultPrecision
  ) throws(ArithmeticError) {
    let balls = try matrix.mapThrowing { entry throws(ArithmeticError) -> Ball in
      guard let ball = Ball(exactly: entry, precision: precision) else {
        throw .unsupported("the norm of a matrix with an entry that is not finite")
      }
      return ball
    }
    try self.init(of: balls, norm)
  }

  /// The norm of every matrix in the balls.
  public init(of matrix: Matrix<Ball>, _ norm: Norm = .spectral) throws(ArithmeticError) {
    let symbol = Symbol("B", Shape(Size(matrix.rows), Size(matrix.columns)))
    let point = Environment<Ball>(sizes: [:], values: [symbol: matrix])
    do throws(EvaluationError) {
      ball = try Formula.symbol(symbol).norm(norm).value(in: point).scalar
    } catch {
      if case .arithmetic(let reason, _) = error { throw reason }
      throw .unsupported(error.description)
    }
    lower = max(try ball.lower, .zero)
    upper = try ball.upper
  }
}
