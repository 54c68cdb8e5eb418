/// A commutative ring with honestly partial further operations: what a formula can be evaluated over.
///
/// Ring laws hold exactly for every conforming type but `Double`, `DegreeBound` and, as inclusions, `Ball`; an operation a type cannot carry
/// out throws instead of answering nearly.
public protocol Scalar: Hashable, Sendable, CustomStringConvertible {
  /// The neutral element of `+`.
  static var zero: Self { get }
  /// The neutral element of `*`.
  static var one: Self { get }
  /// The image of an integer under the ring homomorphism from ℤ.
  init(_ value: Int)
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static prefix func - (a: Self) -> Self
  /// `x = 0`.
  var isZero: Bool { get }
  /// `1/x`.
  func reciprocal() throws(ArithmeticError) -> Self
  /// `eˣ`.
  func exponential() throws(ArithmeticError) -> Self
  /// The non-negative square root.
  func squareRoot() throws(ArithmeticError) -> Self
  /// `1/√x`.
  func reciprocalSquareRoot() throws(ArithmeticError) -> Self
  /// `max(x, 0)`.
  func positivePart() throws(ArithmeticError) -> Self
  /// `1` for `x > 0`, `0` elsewhere.
  func step() throws(ArithmeticError) -> Self
  /// `log x`.
  func logarithm() throws(ArithmeticError) -> Self
  /// `Φ(x)`, the distribution function of the standard normal distribution.
  func normalDistribution() throws(ArithmeticError) -> Self
  /// `φ(x) = exp(−x²/2)/√(2π)`.
  func normalDensity() throws(ArithmeticError) -> Self
  /// The larger of two.
  static func maximum(_ a: Self, _ b: Self) throws(ArithmeticError) -> Self
  /// A number that may be subtracted from every entry of a row of logits before the exponential: the row's largest
  /// entry where the type is ordered and rounds, zero elsewhere. It is a constant: its tangent is zero.
  static func rowShift(_ row: ArraySlice<Self>) -> Self
  /// `‖m‖₂`, the largest singular value (a float estimate for `Double`; unsupported where it is not computable).
  static func spectralNorm(of m: Matrix<Self>) throws(ArithmeticError) -> Self
  /// `a b`, the matrix product, by whatever is fastest for the type.
  ///
  /// - Shapes: `a : m×n`, `b : n×r`; the caller has checked them.
  static func product(_ a: Matrix<Self>, _ b: Matrix<Self>) -> Matrix<Self>
}

extension Scalar {
  @inlinable public var isZero: Bool { self == .zero }

  /// The reciprocal of the root.
  @inlinable public func reciprocalSquareRoot() throws(ArithmeticError) -> Self {
    if isZero { throw .undefined("1/√0") }
    return try (try squareRoot()).reciprocal()
  }

  @inlinable public func positivePart() throws(ArithmeticError) -> Self {
    throw .unsupported("max(x, 0) over \(Self.self), which is not ordered")
  }

  @inlinable public func step() throws(ArithmeticError) -> Self {
    if isZero { return .zero }
    throw .unsupported("the step function over \(Self.self), which is not ordered")
  }

  /// `0` for one; any other logarithm is left to the types that have it.
  @inlinable public func logarithm() throws(ArithmeticError) -> Self {
    if isZero { throw .undefined("log 0") }
    if self == .one { return .zero }
    throw .unsupported("log(\(self)) over \(Self.self)")
  }

  @inlinable public func normalDistribution() throws(ArithmeticError) -> Self {
    throw .unsupported("Φ(\(self)) over \(Self.self)")
  }

  @inlinable public func normalDensity() throws(ArithmeticError) -> Self {
    throw .unsupported("φ(\(self)) over \(Self.self)")
  }

  @inlinable public static func maximum(_ a: Self, _ b: Self) throws(ArithmeticError) -> Self {
    if a == b { return a }
    throw .unsupported("a maximum over \(Self.self), which is not ordered")
  }

  @inlinable public static func rowShift(_ row: ArraySlice<Self>) -> Self { .zero }

  @inlinable public static func spectralNorm(of m: Matrix<Self>) throws(ArithmeticError) -> Self {
    throw .unsupported("the spectral norm over \(Self.self)")
  }

  @inlinable public static func product(_ a: Matrix<Self>, _ b: Matrix<Self>) -> Matrix<Self> {
    loopProduct(a, b)
  }

  /// `x / y`.
  ///
  /// - Errors: those of `y.reciprocal()`.
  @inlinable public func divided(by divisor: Self) throws(ArithmeticError) -> Self {
    self * (try divisor.reciprocal())
  }
}
