/// The prime field `F_p` with `p = 2⁶¹ − 1`, in which an identity of rational functions is tested at random points.
@frozen
public struct Modular: Hashable, Sendable {
  /// The representative in `0..<p`.
  public let residue: UInt64

  /// `p = 2⁶¹ − 1`, a Mersenne prime.
  @inlinable public static var modulus: UInt64 { 0x1FFF_FFFF_FFFF_FFFF }

  @inlinable init(unchecked residue: UInt64) { self.residue = residue }

  /// The class of any 64-bit word.
  @inlinable public init(reducing word: UInt64) {
    let folded = (word & Self.modulus) &+ (word >> 61)
    residue = folded >= Self.modulus ? folded &- Self.modulus : folded
  }

  /// `xⁿ`, with `x⁰ = 1`.
  @inlinable public func power(_ exponent: UInt64) -> Self {
    var result = Self.one
    var base = self
    var remaining = exponent
    while remaining > 0 {
      if remaining & 1 == 1 { result = result * base }
      base = base * base
      remaining >>= 1
    }
    return result
  }

  /// `x^(2ⁿ)`.
  @inlinable func squared(times n: Int) -> Self {
    var result = self
    for _ in 0..<n { result = result * result }
    return result
  }

  /// The class of `high·2⁶⁴ + low`, by `2⁶¹ ≡ 1`.
  @inlinable init(high: UInt64, low: UInt64) {
    let middle = ((high << 3) | (low >> 61)) & Self.modulus
    self.init(reducing: (low & Self.modulus) &+ middle &+ (high >> 58))
  }
}

extension Modular: CustomStringConvertible {
  public var description: String { String(residue) }
}

extension Modular: ExpressibleByIntegerLiteral {
  @inlinable public init(integerLiteral value: Int) { self.init(value) }
}
