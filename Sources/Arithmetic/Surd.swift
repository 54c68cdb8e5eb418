/// The numbers `a + b√n` of a quadratic extension, so that `√d_K` exists exactly where `d_K` is no square.
///
/// The radicand travels with a number that needs one and is zero elsewhere. One computation adjoins one root: two numbers
/// with different radicands cannot be combined, which is a precondition.
@frozen
public struct Surd<Base: SurdBase>: Hashable, Sendable {
  /// `a`.
  public let rational: Base
  /// `b`.
  public let coefficient: Base
  /// `n`, zero exactly where `b` is.
  public let radicand: Base

  /// `a`.
  @inlinable public init(_ rational: Base) {
    self.rational = rational
    coefficient = .zero
    radicand = .zero
  }

  /// `a + b√n`, for `n` without a root in the base.
  @inlinable public init(_ rational: Base, coefficient: Base, radicand: Base) {
    self.rational = rational
    self.coefficient = coefficient
    self.radicand = coefficient.isZero ? .zero : radicand
  }

  /// The radicand of a result that combines the two.
  @inlinable static func common(_ a: Base, _ b: Base) -> Base {
    if a.isZero { return b }
    precondition(
      b.isZero || a == b, "√\(a) and √\(b) cannot be combined in Surd<\(Base.self)>, which adjoins one root")
    return a
  }
}

extension Surd: CustomStringConvertible {
  public var description: String {
    coefficient.isZero ? rational.description : "(\(rational) + \(coefficient)·√\(radicand))"
  }
}

extension Surd: Scalar {
  @inlinable public static var zero: Self { Self(Base.zero) }
  @inlinable public static var one: Self { Self(Base.one) }
  @inlinable public init(_ value: Int) { self.init(Base(value)) }
  @inlinable public var isZero: Bool { rational.isZero && coefficient.isZero }

  @inlinable public static func + (a: Self, b: Self) -> Self {
    Self(
      a.rational + b.rational, coefficient: a.coefficient + b.coefficient, radicand: common(a.radicand, b.radicand))
  }

  @inlinable public static func - (a: Self, b: Self) -> Self {
    Self(
      a.rational - b.rational, coefficient: a.coefficient - b.coefficient, radicand: common(a.radicand, b.radicand))
  }

  /// `(a + b√n)(c + d√n) = (ac + bdn) + (ad + bc)√n`.
  @inlinable public static func * (a: Self, b: Self) -> Self {
    if a.coefficient.isZero && b.coefficient.isZero { return Self(a.rational * b.rational) }
    let radicand = common(a.radicand, b.radicand)
    return Self(
      a.rational * b.rational + a.coefficient * b.coefficient * radicand,
      coefficient: a.rational * b.coefficient + a.coefficient * b.rational, radicand: radicand)
  }

  @inlinable public static prefix func - (a: Self) -> Self {
    Self(-a.rational, coefficient: -a.coefficient, radicand: a.radicand)
  }

  /// `(a − b√n)/(a² − n b²)`.
  @inlinable public func reciprocal() throws(ArithmeticError) -> Self {
    if coefficient.isZero { return Self(try rational.reciprocal()) }
    let inverse = try (rational * rational - radicand * coefficient * coefficient).reciprocal()
    return Self(rational * inverse, coefficient: -(coefficient * inverse), radicand: radicand)
  }

  /// The base's exponential where there is no root.
  @inlinable public func exponential() throws(ArithmeticError) -> Self {
    if coefficient.isZero { return Self(try rational.exponential()) }
    throw .unsupported("exp(\(self))")
  }

  /// The base's root where it has one, `f√n` for `x = f² n` where it has none.
  ///
  /// - Errors: unsupported for `a + b√n` with `b ≠ 0`, which would need a second root.
  @inlinable public func squareRoot() throws(ArithmeticError) -> Self {
    if !coefficient.isZero { throw .unsupported("the square root of \(self)") }
    do throws(ArithmeticError) {
      return Self(try rational.squareRoot())
    } catch .unsupported {
      let (factor, radicand) = try rational.squareFactor()
      return Self(.zero, coefficient: factor, radicand: radicand)
    }
  }

  @inlinable public func positivePart() throws(ArithmeticError) -> Self {
    if coefficient.isZero { return Self(try rational.positivePart()) }
    throw .unsupported("max(x, 0) of \(self)")
  }

  @inlinable public func step() throws(ArithmeticError) -> Self {
    if coefficient.isZero { return Self(try rational.step()) }
    throw .unsupported("the step function of \(self)")
  }

  @inlinable public func logarithm() throws(ArithmeticError) -> Self {
    if coefficient.isZero { return Self(try rational.logarithm()) }
    throw .unsupported("log(\(self))")
  }

  @inlinable public func normalDistribution() throws(ArithmeticError) -> Self {
    if coefficient.isZero { return Self(try rational.normalDistribution()) }
    throw .unsupported("Φ(\(self))")
  }

  @inlinable public func normalDensity() throws(ArithmeticError) -> Self {
    if coefficient.isZero { return Self(try rational.normalDensity()) }
    throw .unsupported("φ(\(self))")
  }

  @inlinable public static func maximum(_ a: Self, _ b: Self) throws(ArithmeticError) -> Self {
    if a == b { return a }
    if a.coefficient.isZero && b.coefficient.isZero { return Self(try Base.maximum(a.rational, b.rational)) }
    throw .unsupported("the larger of \(a) and \(b)")
  }

  /// `(A + B√n)(C + D√n)` by up to four products over the base.
  @inlinable public static func product(_ a: Matrix<Self>, _ b: Matrix<Self>) -> Matrix<Self> {
    if a.entries.count * b.columns < 64 { return loopProduct(a, b) }
    let left = a.entries.reduce(Base.zero) { common($0, $1.radicand) }
    let right = b.entries.reduce(Base.zero) { common($0, $1.radicand) }
    let radicand = common(left, right)
    let a0 = a.map { $0.rational }
    let b0 = b.map { $0.rational }
    var rational = Base.product(a0, b0)
    if radicand.isZero { return rational.map { Self($0) } }
    let a1 = a.map { $0.coefficient }
    let b1 = b.map { $0.coefficient }
    var coefficient = Matrix<Base>(repeating: .zero, rows: a.rows, columns: b.columns)
    if !right.isZero { coefficient = Base.product(a0, b1) }
    if !left.isZero { coefficient = coefficient + Base.product(a1, b0) }
    if !left.isZero && !right.isZero { rational = rational + Base.product(a1, b1).scaled(by: radicand) }
    return Matrix(rows: a.rows, columns: b.columns) { i, j in
      Self(rational[i, j], coefficient: coefficient[i, j], radicand: radicand)
    }
  }
}

extension Surd: RandomScalar where Base: RandomScalar {
  /// A sample of the base, without a root.
  @inlinable public static func random<Generator: RandomNumberGenerator>(using generator: inout Generator) -> Self {
    Self(Base.random(using: &generator))
  }
}

extension Surd: FormalBase where Base: FormalBase {
  @inlinable public static func symbolic(digest: UInt64) -> Self { Self(Base.symbolic(digest: digest)) }

  /// The base's digest where there is no root.
  @inlinable public var digest: UInt64 {
    if coefficient.isZero { return rational.digest }
    return SplitMix64.combined(SplitMix64.combined(rational.digest, coefficient.digest), radicand.digest)
  }
}
