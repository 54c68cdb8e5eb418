import Arithmetic
import Evaluation
import Formulas

/// The value of a number-valued formula: exact where the arithmetic stays rational, rigorously enclosed elsewhere.
public enum Quantity: Hashable, Sendable {
  case exact(Rational)
  case enclosure(Ball)

  /// Evaluates over ℚ and, where a root or a spectral norm is no rational number, over balls.
  public init(_ formula: Formula, sizes: [String: Int], values: [Symbol: Rational]) throws(EvaluationError) {
    do throws(EvaluationError) {
      self = .exact(
        try formula.value(in: Environment<Rational>(sizes: sizes, values: values.mapValues { Matrix($0) })).scalar)
    } catch {
      guard case .arithmetic(.unsupported, _) = error else { throw error }
      let balls = values.mapValues { Matrix(Ball($0)) }
      self = .enclosure(try formula.value(in: Environment<Ball>(sizes: sizes, values: balls)).scalar)
    }
  }

  /// A rational number that is at least the value.
  public var upper: Rational {
    get throws(ArithmeticError) {
      switch self {
      case .exact(let value): value
      case .enclosure(let ball): try ball.upper
      }
    }
  }

  /// A rational number that is at most the value.
  public var lower: Rational {
    get throws(ArithmeticError) {
      switch self {
      case .exact(let value): value
      case .enclosure(let ball): try ball.lower
      }
    }
  }

  /// The value as a ball.
  public var ball: Ball {
    switch self {
    case .exact(let value): Ball(value)
    case .enclosure(let ball): ball
    }
  }
}
