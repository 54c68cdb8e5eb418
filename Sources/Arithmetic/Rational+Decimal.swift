import CGMP

extension Rational {
  /// A direction in which a printed number may differ from the true one.
  public enum Rounding: Hashable, Sendable {
    /// Towards `−∞`: how a lower bound is printed.
    case down
    /// Towards `+∞`: how an upper bound is printed.
    case up
    /// To the nearest, ties away from zero.
    case nearest
  }

  /// The number in decimal with `count` significant digits: `0.750`, `12.3`, `1.23e-5`, `4.57e9`.
  ///
  /// Plain notation from `0.0001` up to `10^count`, scientific beyond; zero is `0`.
  /// - Rounding: in the direction asked for, exactly: the printed decimal bounds the number.
  public func decimal(significantDigits count: Int, rounding: Rounding) -> String {
    precondition(count > 0, "a decimal needs at least one digit, not \(count)")
    if isZero { return "0" }
    let isNegative = sign < 0
    let size = magnitude
    var exponent = size.decimalExponent
    var scaled = size * Self.powerOfTen(count - 1 - exponent)
    switch (rounding, isNegative) {
    case (.up, false), (.down, true): scaled = scaled.ceiling
    case (.down, false), (.up, true): scaled = scaled.floor
    case (.nearest, _): scaled = (scaled + Self(unchecked: 1, 2)).floor
    }
    var digits = scaled.description
    if digits.utf8.count > count {
      // 9.99… became 10.0….
      digits.removeLast()
      exponent += 1
    }
    return (isNegative ? "-" : "") + Self.placed(digits, exponent: exponent)
  }

  /// The digits with a point: the first one counts `10^exponent`.
  private static func placed(_ digits: String, exponent: Int) -> String {
    if exponent < -4 || exponent >= digits.utf8.count {
      let rest = digits.dropFirst()
      return "\(digits.prefix(1))\(rest.isEmpty ? "" : ".")\(rest)e\(exponent)"
    }
    if exponent < 0 { return "0." + String(repeating: "0", count: -exponent - 1) + digits }
    let whole = digits.prefix(exponent + 1)
    let part = digits.dropFirst(exponent + 1)
    return part.isEmpty ? String(whole) : "\(whole).\(part)"
  }

  /// `⌊log₁₀ x⌋` for `x > 0`.
  var decimalExponent: Int {
    var estimate = withPointer {
      Int(__gmpz_sizeinbase(cgmp_numerator($0), 10)) - Int(__gmpz_sizeinbase(cgmp_denominator($0), 10))
    }
    while Self.powerOfTen(estimate) > self { estimate -= 1 }
    while Self.powerOfTen(estimate + 1) <= self { estimate += 1 }
    return estimate
  }

  /// Rationals `lower ≤ √x ≤ upper` that agree to at least `digits` significant digits; equal where `√x` is rational.
  ///
  /// - Errors: undefined for a negative number.
  public func squareRootEnclosure(digits: Int) throws(ArithmeticError) -> (lower: Rational, upper: Rational) {
    precondition(digits > 0, "an enclosure needs at least one digit, not \(digits)")
    if sign < 0 { throw .undefined("the square root of \(shortDescription)") }
    if let root = try? squareRoot() { return (root, root) }
    // ⌊√(x·10^{2k})⌋ has at least `digits + 1` digits once k ≥ digits + 1 − ⌊log₁₀ x⌋/2.
    let places = digits + 1 - Int((Double(decimalExponent) / 2).rounded(.down))
    let scaled = (self * Self.powerOfTen(2 * places)).floor
    let root = scaled.withPointer { source in
      Self.make { __gmpz_sqrt(cgmp_numerator($0), cgmp_numerator(source)) }
    }
    let unit = Self.powerOfTen(-places)
    return (root * unit, (root + .one) * unit)
  }
}
