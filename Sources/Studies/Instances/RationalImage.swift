import Arithmetic

/// A type of numbers in which a rational number has an image: what an exact instance can be evaluated over.
///
/// The image is exact for every conforming type but `Double`, where it is the nearest.
public protocol RationalImage: Scalar {
  /// The image of a rational number.
  ///
  /// - Errors: a number that has none, such as `1/p` in `F_p`, or one beyond the range of `Double`.
  init(image value: Rational) throws(ArithmeticError)
}

extension Rational: RationalImage {
  public init(image value: Rational) { self = value }
}

extension Double: RationalImage {
  public init(image value: Rational) throws(ArithmeticError) {
    self.init(value)
    if isInfinite { throw .unsupported("a number beyond the range of floating point, 1.8e308") }
  }
}

extension Modular: RationalImage {
  public init(image value: Rational) throws(ArithmeticError) {
    if let integer = value.integer {
      self.init(integer)
    } else {
      self = try Self.residue(of: value.numerator).divided(by: Self.residue(of: value.denominator))
    }
  }

  private static func residue(of integer: Rational) throws(ArithmeticError) -> Modular {
    let p = Rational(Int(modulus))
    let remainder = integer - p * (try integer.divided(by: p)).floor
    guard let word = remainder.integer else { throw .unsupported("an integer without a residue") }
    return Modular(word)
  }
}

extension Formal: RationalImage where Base: RationalImage {
  public init(image value: Rational) throws(ArithmeticError) { self.init(try Base(image: value)) }
}

extension Dual: RationalImage where Base: RationalImage {
  public init(image value: Rational) throws(ArithmeticError) { self.init(constant: try Base(image: value)) }
}

extension Surd: RationalImage where Base: RationalImage {
  public init(image value: Rational) throws(ArithmeticError) { self.init(try Base(image: value)) }
}
