/// Why a number could not be produced.
public enum ArithmeticError: Error, Hashable, Sendable {
  /// Mathematically undefined, such as `1/0`.
  case undefined(String)
  /// Defined, but not representable in this type, such as `exp` over the rationals.
  case unsupported(String)
}

/// A commutative ring with honestly partial further operations: what a formula can be evaluated over.
public protocol Scalar: Hashable, Sendable, CustomStringConvertible {
  static var zero: Self { get }
  static var one: Self { get }
  init(_ value: Int)
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static prefix func - (a: Self) -> Self
  /// `1/x`.
  func reciprocal() throws(ArithmeticError) -> Self
  /// `eˣ`.
  func exponential() throws(ArithmeticError) -> Self
  /// The non-negative square root.
  func squareRoot() throws(ArithmeticError) -> Self
  /// `max(x, 0)`.
  func positivePart() throws(ArithmeticError) -> Self
  /// The larger of two.
  static func maximum(_ a: Self, _ b: Self) throws(ArithmeticError) -> Self
  /// A number that may be subtracted from every entry of a row of logits before the exponential: the row's largest
  /// entry where the type is ordered and rounds, zero elsewhere. It is a constant: its tangent is zero.
  static func rowShift(_ row: ArraySlice<Self>) -> Self
  /// `‖m‖₂`, the largest singular value (a float estimate for `Double`; unsupported where it is not computable).
  static func spectralNorm(of m: Matrix<Self>) throws(ArithmeticError) -> Self
}
