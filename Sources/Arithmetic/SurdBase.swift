/// A field whose missing square roots ``Surd`` adjoins.
public protocol SurdBase: Scalar {
  /// A factor `f` and a number `n` with `x = f² n`, and `n` the same for numbers whose quotient is a square as far as
  /// this is found out cheaply.
  ///
  /// - Errors: undefined where no root is to be adjoined.
  func squareFactor() throws(ArithmeticError) -> (factor: Self, radicand: Self)
}

extension Modular: SurdBase {
  /// `−1` is no square, so every other non-square is `−1` times one: the radicand is always `−1`.
  @inlinable public func squareFactor() throws(ArithmeticError) -> (factor: Self, radicand: Self) {
    (try (-self).squareRoot(), -.one)
  }
}

extension Rational: SurdBase {
  /// `a/b = ab/b²`, with the squares of small primes taken out of `ab`.
  public func squareFactor() throws(ArithmeticError) -> (factor: Self, radicand: Self) {
    if sign < 0 { throw .undefined("the square root of \(shortDescription)") }
    var radicand = numerator * denominator
    var factor = Self.inverse(denominator)
    guard let word = radicand.integer else { return (factor, radicand) }
    var remaining = word
    var root = 1
    var prime = 2
    while prime <= 2_000 && prime * prime <= remaining {
      while remaining.isMultiple(of: prime * prime) {
        remaining /= prime * prime
        root *= prime
      }
      prime += 1
    }
    factor = factor * Self(root)
    radicand = Self(remaining)
    return (factor, radicand)
  }
}
