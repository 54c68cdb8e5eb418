import CGMP

extension Rational {
  /// The exact value of a finite `Double`; `nil` for an infinity or a NaN.
  public init?(exactly value: Double) {
    guard value.isFinite else { return nil }
    if let integer = Int64(exactly: value), integer != .min {
      self.init(unchecked: integer, 1)
    } else {
      self = Self.make { __gmpq_set_d($0, value) }
    }
  }

  /// The largest `Double` that is at most `x`; `−∞` below the least finite one.
  public var roundedDown: Double { sign < 0 ? -(-self).magnitudeRounded(up: true) : magnitudeRounded(up: false) }

  /// The smallest `Double` that is at least `x`; `+∞` above the greatest finite one.
  public var roundedUp: Double { sign < 0 ? -(-self).magnitudeRounded(up: false) : magnitudeRounded(up: true) }

  /// `2^exponent`.
  static func powerOfTwo(_ exponent: Int) -> Rational {
    let power = make {
      __gmpz_mul_2exp(cgmp_numerator($0), cgmp_denominator($0), exponent.magnitude)
    }
    return exponent < 0 ? inverse(power) : power
  }

  /// For `x ≥ 0`, the neighbouring `Double` on one side, or `x` itself where it is one.
  private func magnitudeRounded(up: Bool) -> Double {
    if isZero { return 0 }
    if let exact = exactDouble { return exact }
    let (numeratorBits, denominatorBits) = withPointer {
      (Int(__gmpz_sizeinbase(cgmp_numerator($0), 2)), Int(__gmpz_sizeinbase(cgmp_denominator($0), 2)))
    }
    // x is in [2^(k−1), 2^(k+1)) for the difference k of the lengths.
    let length = numeratorBits - denominatorBits
    if length > 1_025 { return up ? .infinity : .greatestFiniteMagnitude }
    var exponent = max(length, -1_021) - 53
    var steps = (self * Self.powerOfTwo(-exponent)).floor
    if steps >= Self.powerOfTwo(53) {
      exponent += 1
      steps = (self * Self.powerOfTwo(-exponent)).floor
    }
    // Below 2⁵³ the steps are exact; k − 53 may leave 52 bits, one fewer than the precision where numbers are normal.
    if steps < Self.powerOfTwo(52) && exponent > -1_074 {
      exponent -= 1
      steps = (self * Self.powerOfTwo(-exponent)).floor
    }
    guard let count = steps.integer else { return up ? .infinity : .greatestFiniteMagnitude }
    let lower = Double(sign: .plus, exponent: exponent, significand: Double(count))
    if lower == .infinity { return up ? .infinity : .greatestFiniteMagnitude }
    return up && steps != self * Self.powerOfTwo(-exponent) ? lower.nextUp : lower
  }

  /// The value where a word and a small power of two hold it exactly.
  private var exactDouble: Double? {
    guard case .small(let numerator, let denominator) = storage, numerator.magnitude <= 1 << 53,
      denominator & (denominator - 1) == 0
    else { return nil }
    return Double(numerator) / Double(denominator)
  }
}

extension Double {
  /// The nearest `Double`, ties to the even significand; infinite from `2¹⁰²⁴ − 2⁹⁷⁰` on.
  public init(_ value: Rational) {
    let lower = value.roundedDown
    let upper = value.roundedUp
    if lower == upper {
      self = lower
      return
    }
    // Where one neighbour is infinite, it stands for ±2¹⁰²⁴ in the comparison with the middle.
    let beyond = Rational.powerOfTwo(1_024)
    let below = Rational(exactly: lower) ?? -beyond
    let above = Rational(exactly: upper) ?? beyond
    let middle = (below + above) * Rational(unchecked: 1, 2)
    if value == middle {
      self = lower.significandBitPattern.isMultiple(of: 2) ? lower : upper
    } else {
      self = value < middle ? lower : upper
    }
  }
}
