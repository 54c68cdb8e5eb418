import CGMP

extension Rational: Scalar {
  @inlinable public static var zero: Self { Self(unchecked: 0, 1) }
  @inlinable public static var one: Self { Self(unchecked: 1, 1) }

  @inlinable public init(_ value: Int) {
    self = value == .min ? Self.leastInteger : Self(unchecked: Int64(value), 1)
  }

  /// `−2⁶³`, the one `Int` that is not small.
  @usableFromInline static var leastInteger: Self { make { __gmpz_set_si(cgmp_numerator($0), .min) } }

  @inlinable public var isZero: Bool {
    if case .small(0, _) = storage { true } else { false }
  }

  @inlinable public static func + (a: Self, b: Self) -> Self {
    if case .small(let n, let d) = a.storage, case .small(let m, let e) = b.storage,
      let sum = smallSum(n, d, m, e)
    {
      return sum
    }
    return bigSum(a, b)
  }

  @inlinable public static func - (a: Self, b: Self) -> Self {
    if case .small(let n, let d) = a.storage, case .small(let m, let e) = b.storage,
      let difference = smallSum(n, d, 0 &- m, e)
    {
      return difference
    }
    return bigDifference(a, b)
  }

  @inlinable public static func * (a: Self, b: Self) -> Self {
    if case .small(let n, let d) = a.storage, case .small(let m, let e) = b.storage,
      let product = smallProduct(n, d, m, e)
    {
      return product
    }
    return bigProduct(a, b)
  }

  @inlinable public static prefix func - (a: Self) -> Self {
    if case .small(let n, let d) = a.storage { return Self(unchecked: 0 &- n, d) }
    return bigNegative(a)
  }

  /// `1/x`, exactly.
  public func reciprocal() throws(ArithmeticError) -> Self {
    if isZero { throw .undefined("1/0") }
    return Self.inverse(self)
  }

  /// `1` for `x = 0`; `eˣ` of any other rational is irrational.
  public func exponential() throws(ArithmeticError) -> Self {
    if isZero { return .one }
    throw .unsupported("exp(\(shortDescription)), which is irrational")
  }

  /// `√x` where it is rational.
  ///
  /// - Errors: undefined for a negative number, unsupported where the root is irrational.
  public func squareRoot() throws(ArithmeticError) -> Self {
    if sign < 0 { throw .undefined("the square root of \(shortDescription)") }
    let isSquare = withPointer {
      __gmpz_perfect_square_p(cgmp_numerator($0)) != 0 && __gmpz_perfect_square_p(cgmp_denominator($0)) != 0
    }
    if !isSquare { throw .unsupported("the square root of \(shortDescription), which is irrational") }
    return withPointer { source in
      Self.make {
        __gmpz_sqrt(cgmp_numerator($0), cgmp_numerator(source))
        __gmpz_sqrt(cgmp_denominator($0), cgmp_denominator(source))
      }
    }
  }

  public func positivePart() throws(ArithmeticError) -> Self { sign > 0 ? self : .zero }

  public func step() throws(ArithmeticError) -> Self { sign > 0 ? .one : .zero }

  /// `0` for `x = 1`; any other logarithm of a positive fraction is irrational.
  public func logarithm() throws(ArithmeticError) -> Self {
    if sign <= 0 { throw .undefined("log(\(shortDescription))") }
    if self == .one { return .zero }
    throw .unsupported("log(\(shortDescription)), which is irrational")
  }

  /// `1/2` at zero.
  public func normalDistribution() throws(ArithmeticError) -> Self {
    if isZero { return Self(1, over: 2) }
    throw .unsupported("Φ(\(shortDescription)), which is a known fraction at zero only")
  }

  public func normalDensity() throws(ArithmeticError) -> Self {
    throw .unsupported("φ(\(shortDescription)), which is no fraction")
  }

  public static func maximum(_ a: Self, _ b: Self) throws(ArithmeticError) -> Self { a < b ? b : a }
}

extension Rational {
  /// `n/d + m/e`, unless an intermediate result is beyond a word.
  @inlinable static func smallSum(_ n: Int64, _ d: Int64, _ m: Int64, _ e: Int64) -> Self? {
    if d == e {
      let (sum, overflow) = n.addingReportingOverflow(m)
      if overflow || sum == .min { return nil }
      return d == 1 ? Self(unchecked: sum, 1) : lowest(sum, d)
    }
    let (left, overflowLeft) = n.multipliedReportingOverflow(by: e)
    let (right, overflowRight) = m.multipliedReportingOverflow(by: d)
    let (sum, overflowSum) = left.addingReportingOverflow(right)
    let (below, overflowBelow) = d.multipliedReportingOverflow(by: e)
    if overflowLeft || overflowRight || overflowSum || overflowBelow || sum == .min { return nil }
    return lowest(sum, below)
  }

  /// `(n/d)(m/e)`, unless it is beyond a word; the crosswise divisors go first, so that the result is in lowest terms.
  @inlinable static func smallProduct(_ n: Int64, _ d: Int64, _ m: Int64, _ e: Int64) -> Self? {
    if n == 0 || m == 0 { return .zero }
    var (n, d, m, e) = (n, d, m, e)
    if e != 1 {
      let divisor = Int64(bitPattern: greatestCommonDivisor(n.magnitude, UInt64(bitPattern: e)))
      if divisor != 1 {
        n /= divisor
        e /= divisor
      }
    }
    if d != 1 {
      let divisor = Int64(bitPattern: greatestCommonDivisor(m.magnitude, UInt64(bitPattern: d)))
      if divisor != 1 {
        m /= divisor
        d /= divisor
      }
    }
    let (numerator, overflowNumerator) = n.multipliedReportingOverflow(by: m)
    let (denominator, overflowDenominator) = d.multipliedReportingOverflow(by: e)
    if overflowNumerator || overflowDenominator || numerator == .min { return nil }
    return Self(unchecked: numerator, denominator)
  }

  /// `n/d` in lowest terms, `d > 0`.
  @inlinable static func lowest(_ n: Int64, _ d: Int64) -> Self {
    let divisor = Int64(bitPattern: greatestCommonDivisor(n.magnitude, UInt64(bitPattern: d)))
    return divisor == 1 ? Self(unchecked: n, d) : Self(unchecked: n / divisor, d / divisor)
  }

  @usableFromInline static func bigSum(_ a: Self, _ b: Self) -> Self {
    a.withPointer { p in b.withPointer { q in make { __gmpq_add($0, p, q) } } }
  }

  @usableFromInline static func bigDifference(_ a: Self, _ b: Self) -> Self {
    a.withPointer { p in b.withPointer { q in make { __gmpq_sub($0, p, q) } } }
  }

  @usableFromInline static func bigProduct(_ a: Self, _ b: Self) -> Self {
    a.withPointer { p in b.withPointer { q in make { __gmpq_mul($0, p, q) } } }
  }

  @usableFromInline static func bigNegative(_ a: Self) -> Self {
    a.withPointer { p in make { __gmpq_neg($0, p) } }
  }

  /// `1/x` for `x ≠ 0`.
  static func inverse(_ x: Self) -> Self {
    if case .small(let n, let d) = x.storage { return n < 0 ? Self(unchecked: -d, -n) : Self(unchecked: d, n) }
    return x.withPointer { p in make { __gmpq_inv($0, p) } }
  }

  /// `xⁿ` for any integer `n`.
  ///
  /// - Errors: undefined for a negative power of zero, unsupported where the result would need more than 2²⁶ bits.
  public func power(_ exponent: Int) throws(ArithmeticError) -> Self {
    if exponent < 0 && isZero { throw .undefined("a negative power of zero") }
    if exponent == 0 || self == .one { return .one }
    if isZero { return .zero }
    if self == -1 { return exponent.isMultiple(of: 2) ? .one : self }
    let bits = withPointer {
      max(__gmpz_sizeinbase(cgmp_numerator($0), 2), __gmpz_sizeinbase(cgmp_denominator($0), 2))
    }
    let (size, overflow) = UInt(bits).multipliedReportingOverflow(by: exponent.magnitude)
    if overflow || size > 1 << 26 {
      throw .unsupported("\(shortDescription) to the power \(exponent), a number of more than 2^26 bits")
    }
    let result = withPointer { source in
      Self.make {
        __gmpz_pow_ui(cgmp_numerator($0), cgmp_numerator(source), exponent.magnitude)
        __gmpz_pow_ui(cgmp_denominator($0), cgmp_denominator(source), exponent.magnitude)
      }
    }
    return exponent < 0 ? Self.inverse(result) : result
  }
}

extension Rational: RandomScalar {
  /// One of `−4, −63/16, …, 4`: dyadic, so that sums of products keep small denominators.
  public static func random<Generator: RandomNumberGenerator>(using generator: inout Generator) -> Self {
    lowest(Int64(generator.uniform(below: 129) - 64), 16)
  }
}

extension Rational: FormalBase {
  /// One of `1/16, …, 64/16`: positive like an exponential, and dyadic.
  public static func symbolic(digest: UInt64) -> Self {
    lowest(Int64(SplitMix64.mixed(digest) >> 58) + 1, 16)
  }

  public var digest: UInt64 {
    let seed: UInt64 = 0x5261_7469_6F6E_616C
    switch storage {
    case .small(let numerator, let denominator):
      return SplitMix64.combined(
        SplitMix64.combined(seed, UInt64(bitPattern: numerator)), UInt64(bitPattern: denominator))
    case .big:
      return withPointer { q in
        var digest = SplitMix64.combined(seed, UInt64(bitPattern: Int64(cgmp_sign(q))))
        for part in [cgmp_numerator(q), cgmp_denominator(q)] {
          let count = __gmpz_size(part)
          digest = SplitMix64.combined(digest, UInt64(count))
          for index in 0..<count { digest = SplitMix64.combined(digest, UInt64(__gmpz_getlimbn(part, Int(index)))) }
        }
        return digest
      }
    }
  }
}
