/// The base type with `exp` as an uninterpreted function: `e⁰ = 1`, and any other `eˣ` is an unknown named by `x`.
/// Likewise `log`, `Φ`, `φ`, `1/√` and, where the base has no order, the step function, whose values are 0 and 1.
///
/// Equal arguments give the same number and distinct arguments give independently drawn ones, so an identity that holds
/// here at random points uses nothing of these functions but their derivatives, such as `exp′ = exp` or `r′ = −r³/2` for
/// `r = 1/√x`, which `Dual<Formal<…>>` has. Roots of numbers such as `√d_K`, whose squares count, are those of the base.
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

  /// `1` at one, elsewhere a non-zero number determined by the argument.
  ///
  /// - Errors: undefined at zero.
  @inlinable public func reciprocalSquareRoot() throws(ArithmeticError) -> Self {
    if isZero { throw .undefined("1/√0") }
    return base == .one ? .one : Self(Base.symbolic(digest: name(.reciprocalSquareRoot)))
  }

  /// The base's own step where it has one, elsewhere 0 or 1 as determined by the argument.
  @inlinable public func step() throws(ArithmeticError) -> Self {
    do throws(ArithmeticError) {
      return Self(try base.step())
    } catch .unsupported {
      return SplitMix64.mixed(name(.step)) >> 63 == 0 ? .zero : .one
    }
  }

  /// `x step(x)`.
  @inlinable public func positivePart() throws(ArithmeticError) -> Self { self * (try step()) }

  /// `0` at one, elsewhere a number determined by the argument.
  ///
  /// - Errors: undefined at zero.
  @inlinable public func logarithm() throws(ArithmeticError) -> Self {
    if isZero { throw .undefined("log 0") }
    return base == .one ? .zero : Self(Base.symbolic(digest: name(.logarithm)))
  }

  /// A number determined by the argument.
  @inlinable public func normalDistribution() throws(ArithmeticError) -> Self {
    Self(Base.symbolic(digest: name(.normalDistribution)))
  }

  /// A number determined by the argument.
  @inlinable public func normalDensity() throws(ArithmeticError) -> Self {
    Self(Base.symbolic(digest: name(.normalDensity)))
  }

  /// The functions whose values are unknowns, other than the exponential; the raw value tells their names apart.
  @usableFromInline enum Unknown: UInt64 {
    case step = 0x7374_6570
    case logarithm = 0x6C6F_6761
    case normalDistribution = 0x5068_6900
    case normalDensity = 0x7068_6900
    case reciprocalSquareRoot = 0x7273_7172
  }

  /// The name of a function's value at this argument.
  @usableFromInline func name(_ function: Unknown) -> UInt64 { SplitMix64.combined(function.rawValue, base.digest) }

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
