/// The base type with `exp` as an uninterpreted function: `e⁰ = 1`, and any other `eˣ` is an unknown named by `x`.
///
/// Equal arguments give the same number and distinct arguments give independently drawn ones, so an identity that holds
/// here at random points uses nothing of the exponential but its derivative, `exp′ = exp`, which `Dual<Formal<…>>` has.
/// In particular `eˣ⁺ʸ = eˣ eʸ` does *not* hold.
@frozen
public struct Formal<Base: FormalBase>: Hashable, Sendable {
  /// The number in the base type.
  public let base: Base

  /// The number `base`.
  @inlinable public init(_ base: Base) { self.base = base }
}

extension Formal: CustomStringConvertible {
  public var description: String { base.description }
}

extension Formal: Scalar {
  @inlinable public static var zero: Self { Self(Base.zero) }
  @inlinable public static var one: Self { Self(Base.one) }
  @inlinable public init(_ value: Int) { base = Base(value) }
  @inlinable public var isZero: Bool { base.isZero }
  @inlinable public static func + (a: Self, b: Self) -> Self { Self(a.base + b.base) }
  @inlinable public static func - (a: Self, b: Self) -> Self { Self(a.base - b.base) }
  @inlinable public static func * (a: Self, b: Self) -> Self { Self(a.base * b.base) }
  @inlinable public static prefix func - (a: Self) -> Self { Self(-a.base) }

  @inlinable public func reciprocal() throws(ArithmeticError) -> Self { Self(try base.reciprocal()) }

  /// `1` at zero, elsewhere a non-zero number determined by the argument.
  @inlinable public func exponential() throws(ArithmeticError) -> Self {
    isZero ? .one : Self(Base.symbolic(digest: base.digest))
  }

  @inlinable public func squareRoot() throws(ArithmeticError) -> Self { Self(try base.squareRoot()) }
  @inlinable public func positivePart() throws(ArithmeticError) -> Self { Self(try base.positivePart()) }

  @inlinable public static func maximum(_ a: Self, _ b: Self) throws(ArithmeticError) -> Self {
    Self(try Base.maximum(a.base, b.base))
  }

  @inlinable public static func spectralNorm(of m: Matrix<Self>) throws(ArithmeticError) -> Self {
    Self(try Base.spectralNorm(of: m.map { $0.base }))
  }

  /// The product over the base.
  @inlinable public static func product(_ a: Matrix<Self>, _ b: Matrix<Self>) -> Matrix<Self> {
    if a.entries.count * b.columns < 64 { return loopProduct(a, b) }
    return Base.product(a.map { $0.base }, b.map { $0.base }).map { Self($0) }
  }
}

extension Formal: RandomScalar where Base: RandomScalar {
  /// A sample of the base type.
  @inlinable public static func random<Generator: RandomNumberGenerator>(using generator: inout Generator) -> Self {
    Self(Base.random(using: &generator))
  }
}
