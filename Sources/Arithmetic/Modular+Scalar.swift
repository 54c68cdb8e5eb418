extension Modular: Scalar {
  @inlinable public static var zero: Self { Self(unchecked: 0) }
  @inlinable public static var one: Self { Self(unchecked: 1) }

  @inlinable public init(_ value: Int) {
    let magnitude = Self(reducing: UInt64(value.magnitude))
    self = value < 0 ? -magnitude : magnitude
  }

  @inlinable public var isZero: Bool { residue == 0 }

  @inlinable public static func + (a: Self, b: Self) -> Self {
    let sum = a.residue &+ b.residue
    return Self(unchecked: sum >= modulus ? sum &- modulus : sum)
  }

  @inlinable public static func - (a: Self, b: Self) -> Self {
    let difference = a.residue &- b.residue
    return Self(unchecked: a.residue < b.residue ? difference &+ modulus : difference)
  }

  @inlinable public static func * (a: Self, b: Self) -> Self {
    let (high, low) = a.residue.multipliedFullWidth(by: b.residue)
    let sum = (low & modulus) &+ ((high << 3) | (low >> 61))
    return Self(unchecked: sum >= modulus ? sum &- modulus : sum)
  }

  @inlinable public static prefix func - (a: Self) -> Self {
    Self(unchecked: a.residue == 0 ? 0 : modulus &- a.residue)
  }

  /// `1/x = x^(p−2)`, by Fermat.
  @inlinable public func reciprocal() throws(ArithmeticError) -> Self {
    if isZero { throw .undefined("1/0 in F_p") }
    // p − 2 = 2⁶¹ − 3 is 59 ones, a zero and a one in binary: runs of ones are built by doubling their length.
    let ones2 = squared(times: 1) * self
    let ones3 = ones2.squared(times: 1) * self
    let ones6 = ones3.squared(times: 3) * ones3
    let ones7 = ones6.squared(times: 1) * self
    let ones14 = ones7.squared(times: 7) * ones7
    let ones28 = ones14.squared(times: 14) * ones14
    let ones56 = ones28.squared(times: 28) * ones28
    let ones59 = ones56.squared(times: 3) * ones3
    return ones59.squared(times: 2) * self
  }

  /// `1` for `x = 0`; an exponential of anything else needs ``Formal``.
  @inlinable public func exponential() throws(ArithmeticError) -> Self {
    if isZero { return .one }
    throw .unsupported("exp in F_p; use Formal<Modular>")
  }

  /// The square root that is itself a square, `x^((p+1)/4)`: unique, and multiplicative, because `p ≡ 3 (mod 4)`.
  ///
  /// - Errors: unsupported for a non-residue, whose root ``Surd`` can carry.
  @inlinable public func squareRoot() throws(ArithmeticError) -> Self {
    let root = squared(times: 59)
    if root * root == self { return root }
    throw .unsupported("the square root of a non-residue in F_p; use Surd<Modular>")
  }
}

extension Modular: RandomScalar {
  /// Uniform over the field.
  @inlinable public static func random<Generator: RandomNumberGenerator>(using generator: inout Generator) -> Self {
    while true {
      let word: UInt64 = generator.next() >> 3
      if word < modulus { return Self(unchecked: word) }
    }
  }
}
