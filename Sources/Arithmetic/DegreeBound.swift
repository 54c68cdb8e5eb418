/// Upper bounds of the degrees of numerator and denominator of a rational function of the sample point, the quantities
/// that bound how often two different formulas agree at a random point.
///
/// Evaluate a formula with every variable replaced by ``variable``. Each exponential counts as one more variable.
/// - Rounding: upwards; a sum that cancels is not noticed, and degrees saturate at `Int.max`.
/// - Source: J. T. Schwartz, Fast probabilistic algorithms for verification of polynomial identities, J. ACM 27 (1980).
@frozen
public struct DegreeBound: Hashable, Sendable {
  /// The degree of the numerator, `−1` for the function that is identically zero.
  public let numerator: Int
  /// The degree of the denominator.
  public let denominator: Int

  /// A function with these degrees.
  @inlinable public init(numerator: Int, denominator: Int) {
    precondition(numerator >= -1 && denominator >= 0, "no function has degrees \(numerator)/\(denominator)")
    self.numerator = numerator
    self.denominator = numerator < 0 ? 0 : denominator
  }

  /// A coordinate of the sample point: degree 1.
  @inlinable public static var variable: Self { Self(numerator: 1, denominator: 0) }

  /// `a + b`, at most `Int.max`.
  @inlinable static func sum(_ a: Int, _ b: Int) -> Int {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : sum
  }

  /// The larger of the two degrees: over `F_p` and uniform samples, a zero or a pole that is not everywhere is met with
  /// probability at most `degree/p` each.
  @inlinable public var degree: Int { Swift.max(numerator, denominator) }
}

extension DegreeBound: CustomStringConvertible {
  public var description: String { numerator < 0 ? "0" : "\(numerator)/\(denominator)" }
}

extension DegreeBound: Scalar {
  @inlinable public static var zero: Self { Self(numerator: -1, denominator: 0) }
  @inlinable public static var one: Self { Self(numerator: 0, denominator: 0) }
  @inlinable public init(_ value: Int) { self = value == 0 ? .zero : .one }
  @inlinable public var isZero: Bool { numerator < 0 }

  /// `n/d + m/e = (ne + md)/(de)`.
  @inlinable public static func + (a: Self, b: Self) -> Self {
    if a.isZero { return b }
    if b.isZero { return a }
    return Self(
      numerator: Swift.max(sum(a.numerator, b.denominator), sum(b.numerator, a.denominator)),
      denominator: sum(a.denominator, b.denominator))
  }

  @inlinable public static func - (a: Self, b: Self) -> Self { a + b }

  @inlinable public static func * (a: Self, b: Self) -> Self {
    if a.isZero || b.isZero { return .zero }
    return Self(numerator: sum(a.numerator, b.numerator), denominator: sum(a.denominator, b.denominator))
  }

  @inlinable public static prefix func - (a: Self) -> Self { a }

  @inlinable public func reciprocal() throws(ArithmeticError) -> Self {
    if isZero { throw .undefined("1/0") }
    return Self(numerator: denominator, denominator: numerator)
  }

  /// `1` at zero, one more variable elsewhere.
  @inlinable public func exponential() throws(ArithmeticError) -> Self { isZero ? .one : .variable }

  /// A constant: what is bounded is the degree where the steps, each 0 or 1, are held.
  @inlinable public func step() throws(ArithmeticError) -> Self { isZero ? .zero : .one }
  @inlinable public func positivePart() throws(ArithmeticError) -> Self { self }

  /// One more variable, like the normal distribution and its density.
  @inlinable public func logarithm() throws(ArithmeticError) -> Self {
    if isZero { throw .undefined("log 0") }
    return .variable
  }
  @inlinable public func normalDistribution() throws(ArithmeticError) -> Self { .variable }
  @inlinable public func normalDensity() throws(ArithmeticError) -> Self { .variable }

  /// One more variable, and a constant for a constant.
  @inlinable public func reciprocalSquareRoot() throws(ArithmeticError) -> Self {
    if isZero { throw .undefined("1/√0") }
    return numerator == 0 && denominator == 0 ? self : .variable
  }

  /// A constant for a constant.
  @inlinable public func squareRoot() throws(ArithmeticError) -> Self {
    if numerator <= 0 && denominator == 0 { return self }
    throw .unsupported("the degree of a square root, which is no rational function")
  }
}

extension DegreeBound: RandomScalar {
  /// Always ``variable``, so that what is sampled elsewhere is a coordinate here.
  @inlinable public static func random<Generator: RandomNumberGenerator>(using generator: inout Generator) -> Self {
    .variable
  }
}
