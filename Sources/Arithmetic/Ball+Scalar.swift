import CFLINT

extension Ball: Scalar {
  public static let zero = Ball(0, precision: defaultPrecision)
  public static let one = Ball(1, precision: defaultPrecision)

  /// An integer, exactly, at the working precision.
  public init(_ value: Int) { self.init(value, precision: Self.workingPrecision) }

  public static func + (a: Self, b: Self) -> Self { combined(a, b) { arb_add($0, $1, $2, $3) } }
  public static func - (a: Self, b: Self) -> Self { combined(a, b) { arb_sub($0, $1, $2, $3) } }
  public static func * (a: Self, b: Self) -> Self { combined(a, b) { arb_mul($0, $1, $2, $3) } }
  public static prefix func - (a: Self) -> Self { a.transformed { result, x, _ in arb_neg(result, x) } }

  /// The ball is exactly zero, not merely around it.
  public var isZero: Bool { withPointer { arb_is_zero($0) != 0 } }

  /// `1/x`.
  ///
  /// - Errors: undefined where the ball contains zero.
  public func reciprocal() throws(ArithmeticError) -> Self {
    if isZero { throw .undefined("1/0") }
    if withPointer({ arb_contains_zero($0) != 0 }) {
      throw .undefined("1/x for x in \(self), which contains zero; more bits may tell it from zero")
    }
    return try transformed { arb_inv($0, $1, $2) }.finite("1/\(self)")
  }

  /// `eˣ`.
  ///
  /// - Errors: unsupported where the exponent of the result is beyond what Arb computes.
  public func exponential() throws(ArithmeticError) -> Self {
    try transformed { arb_exp($0, $1, $2) }.finite("exp(\(self))")
  }

  /// `√x`.
  ///
  /// - Errors: undefined where the ball reaches below zero.
  public func squareRoot() throws(ArithmeticError) -> Self {
    if withPointer({ arb_is_negative($0) != 0 }) { throw .undefined("the square root of \(self)") }
    if !isNonnegative {
      throw .undefined("the square root of a number in \(self), which reaches below zero; more bits may decide")
    }
    return try squareRootOfNonnegative().finite("the square root of \(self)")
  }

  /// `√x` for a number known to be at least zero, whatever the ball says.
  func squareRootOfNonnegative() -> Self { transformed { arb_sqrtpos($0, $1, $2) } }

  /// `|x|`.
  public var magnitude: Self { transformed { result, x, _ in arb_abs(result, x) } }

  public func positivePart() throws(ArithmeticError) -> Self {
    isNonnegative ? self : Self.combined(self, .zero) { arb_max($0, $1, $2, $3) }
  }

  /// `1` or `0` where the ball is on one side of zero.
  ///
  /// - Errors: undefined where the ball contains zero and something above it.
  public func step() throws(ArithmeticError) -> Self {
    if withPointer({ arb_is_positive($0) != 0 }) { return .one }
    if withPointer({ arb_is_nonpositive($0) != 0 }) { return .zero }
    throw .undefined("the step function of a number in \(self), which may have either sign; more bits may decide")
  }

  /// `log x`.
  ///
  /// - Errors: undefined where the ball reaches down to zero.
  public func logarithm() throws(ArithmeticError) -> Self {
    guard withPointer({ arb_is_positive($0) != 0 }) else {
      throw .undefined("log x for x in \(self), which is not above zero; more bits may tell")
    }
    return try transformed { arb_log($0, $1, $2) }.finite("log(\(self))")
  }

  public func normalDistribution() throws(ArithmeticError) -> Self {
    try transformed { cflint_ball_normal_distribution($0, $1, Int64($2)) }.finite("Φ(\(self))")
  }

  public func normalDensity() throws(ArithmeticError) -> Self {
    try transformed { cflint_ball_normal_density($0, $1, Int64($2)) }.finite("φ(\(self))")
  }

  public static func maximum(_ a: Self, _ b: Self) throws(ArithmeticError) -> Self {
    combined(a, b) { arb_max($0, $1, $2, $3) }
  }

  /// The largest midpoint: an exact number, so that the shift changes no row-shift invariant function.
  public static func rowShift(_ row: ArraySlice<Self>) -> Self {
    guard var largest = row.first else { return .zero }
    for entry in row.dropFirst() {
      let isLarger = entry.withPointer { x in largest.withPointer { y in cflint_ball_compare_midpoints(x, y) > 0 } }
      if isLarger { largest = entry }
    }
    return largest.midpoint
  }

  /// The ball itself where it is finite.
  private func finite(_ what: @autoclosure () -> String) throws(ArithmeticError) -> Self {
    guard withPointer({ arb_is_finite($0) != 0 }) else {
      throw .unsupported("\(what()), for which no finite enclosure was found")
    }
    return self
  }
}
