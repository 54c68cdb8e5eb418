import CGMP

/// The field ℚ, exact: two machine words while they suffice, a GMP rational beyond.
///
/// The form is canonical (lowest terms, positive denominator, words wherever they suffice), so that `==` compares forms.
/// - Source: GMP, https://gmplib.org.
@frozen
public struct Rational: Sendable {
  @frozen @usableFromInline
  enum Storage: @unchecked Sendable {
    /// Lowest terms, both at most `2⁶³ − 1` in magnitude, the denominator positive.
    case small(Int64, Int64)
    /// Lowest terms, and one of them beyond a word. The object is immutable once stored here.
    case big(RationalStorage)
  }

  @usableFromInline let storage: Storage

  @inlinable init(storage: Storage) { self.storage = storage }

  /// A fraction known to be canonical.
  @inlinable init(unchecked numerator: Int64, _ denominator: Int64) { storage = .small(numerator, denominator) }

  /// `numerator/denominator`, in any terms.
  public init(_ numerator: Int, over denominator: Int) {
    precondition(denominator != 0, "the fraction \(numerator)/0")
    let (n, d) = (Int64(numerator), Int64(denominator))
    if n != .min && d != .min {
      let divisor = Int64(Self.greatestCommonDivisor(n.magnitude, d.magnitude)) * (d < 0 ? -1 : 1)
      self.init(unchecked: n / divisor, d / divisor)
    } else {
      self = Self(numerator) * Self.inverse(Self(denominator))
    }
  }

  /// The greatest common divisor, by Stein's shifts and subtractions; `gcd(0, n) = n`.
  @inlinable static func greatestCommonDivisor(_ a: UInt64, _ b: UInt64) -> UInt64 {
    if a == 0 { return b }
    if b == 0 { return a }
    let shift = min(a.trailingZeroBitCount, b.trailingZeroBitCount)
    var x = a >> UInt64(a.trailingZeroBitCount)
    var y = b >> UInt64(b.trailingZeroBitCount)
    while x != y {
      if x == 1 || y == 1 { return 1 << UInt64(shift) }
      if x > y { swap(&x, &y) }
      y &-= x
      y >>= UInt64(y.trailingZeroBitCount)
    }
    return x << UInt64(shift)
  }

  /// `−1`, `0` or `1`.
  public var sign: Int {
    switch storage {
    case .small(let numerator, _): Int(numerator.signum())
    case .big: withPointer { Int(cgmp_sign($0)) }
    }
  }

  /// `|x|`.
  public var magnitude: Rational { sign < 0 ? -self : self }

  /// The numerator in lowest terms.
  public var numerator: Rational {
    switch storage {
    case .small(let numerator, _): Rational(unchecked: numerator, 1)
    case .big: withPointer { source in Self.make { __gmpz_set(cgmp_numerator($0), cgmp_numerator(source)) } }
    }
  }

  /// The positive denominator in lowest terms.
  public var denominator: Rational {
    switch storage {
    case .small(_, let denominator): Rational(unchecked: denominator, 1)
    case .big: withPointer { source in Self.make { __gmpz_set(cgmp_numerator($0), cgmp_denominator(source)) } }
    }
  }

  /// `x ∈ ℤ`.
  public var isInteger: Bool {
    switch storage {
    case .small(_, let denominator): denominator == 1
    case .big: withPointer { __gmpz_cmp_ui(cgmp_denominator($0), 1) == 0 }
    }
  }

  /// The value as an `Int`, where it is one.
  public var integer: Int? {
    switch storage {
    case .small(let numerator, 1): return Int(numerator)
    case .small: return nil
    case .big:
      // The one Int whose magnitude is beyond the small form.
      return self == Rational(Int.min) ? Int.min : nil
    }
  }

  /// The largest integer `≤ x`.
  public var floor: Rational {
    withPointer { source in
      Self.make { __gmpz_fdiv_q(cgmp_numerator($0), cgmp_numerator(source), cgmp_denominator(source)) }
    }
  }

  /// The smallest integer `≥ x`.
  public var ceiling: Rational {
    withPointer { source in
      Self.make { __gmpz_cdiv_q(cgmp_numerator($0), cgmp_numerator(source), cgmp_denominator(source)) }
    }
  }
}

extension Rational: Hashable {
  @inlinable public static func == (a: Self, b: Self) -> Bool {
    switch (a.storage, b.storage) {
    case (.small(let n, let d), .small(let m, let e)): n == m && d == e
    case (.big, .big): equalBig(a, b)
    default: false
    }
  }

  @usableFromInline static func equalBig(_ a: Self, _ b: Self) -> Bool {
    a.withPointer { p in b.withPointer { q in __gmpq_equal(p, q) != 0 } }
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}

extension Rational: Comparable {
  public static func < (a: Self, b: Self) -> Bool {
    if case .small(let n, let d) = a.storage, case .small(let m, let e) = b.storage {
      if d == e { return n < m }
      let left = n.multipliedFullWidth(by: e)
      let right = m.multipliedFullWidth(by: d)
      return left.high == right.high ? left.low < right.low : left.high < right.high
    }
    return a.withPointer { p in b.withPointer { q in __gmpq_cmp(p, q) < 0 } }
  }
}

extension Rational: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int) { self.init(value) }
}
