import CFLINT

/// A real number known to lie in `[m − r, m + r]`, by Arb: the output ball of every operation contains the exact result
/// for any choice of points in the input balls.
///
/// The set of balls is no ring, since `x − x` is a ball around zero; the exact numbers inside obey the ring laws. A ball is
/// always finite: an operation whose result is not throws.
/// - Rounding: outward, to the larger precision of the operands.
/// - Source: F. Johansson, Arb: efficient arbitrary-precision midpoint-radius interval arithmetic, IEEE Trans. Comput. 66
///   (2017).
public struct Ball: @unchecked Sendable {
  let storage: BallStorage
  /// The number of bits that midpoints of results are rounded to.
  public let precision: Int

  /// The precision of numbers that are given without one, outside `withWorkingPrecision`.
  public static let defaultPrecision = 128

  init(storage: BallStorage, precision: Int) { (self.storage, self.precision) = (storage, precision) }

  /// An integer, exactly.
  public init(_ value: Int, precision: Int) {
    Self.check(precision)
    self = Self.make(precision: precision) { arb_set_si($0, value) }
  }

  /// The tightest enclosure of a rational at the precision: exact where it is a dyadic number of so many bits.
  public init(_ value: Rational, precision: Int? = nil) {
    let precision = precision ?? Self.workingPrecision
    Self.check(precision)
    self = value.withPointer { q in
      Self.make(precision: precision) { cflint_ball_set_rational($0, q, Int64(precision)) }
    }
  }

  /// The exact value of a finite `Double`; `nil` for an infinity or a NaN.
  public init?(exactly value: Double, precision: Int? = nil) {
    guard value.isFinite else { return nil }
    let precision = precision ?? Self.workingPrecision
    Self.check(precision)
    self = Self.make(precision: precision) { arb_set_d($0, value) }
  }

  static func check(_ precision: Int) {
    precondition(precision >= 2 && precision <= 1 << 24, "no precision of \(precision) bits")
  }

  /// `r = 0`: the ball is a single number.
  public var isExact: Bool { withPointer { arb_is_exact($0) != 0 } }

  /// Whether every point of the ball is at least zero.
  public var isNonnegative: Bool { withPointer { arb_is_nonnegative($0) != 0 } }

  /// Whether every point of the ball is above zero.
  public var isPositive: Bool { withPointer { arb_is_positive($0) != 0 } }

  /// Whether the number is a point of the ball.
  public func contains(_ value: Rational) -> Bool {
    value.withPointer { q in withPointer { cflint_ball_contains_rational($0, q) } }
  }

  /// Whether every point of the other ball is a point of this one.
  public func contains(_ other: Ball) -> Bool {
    withPointer { x in other.withPointer { y in arb_contains(x, y) != 0 } }
  }

  /// `m − r`, exactly.
  ///
  /// - Errors: unsupported beyond `2^±67108864`.
  public var lower: Rational { get throws(ArithmeticError) { try endpoint(upper: false) } }

  /// `m + r`, exactly.
  ///
  /// - Errors: unsupported beyond `2^±67108864`.
  public var upper: Rational { get throws(ArithmeticError) { try endpoint(upper: true) } }

  /// The largest `Double` that is at most `m − r`; `−∞` below the least finite one.
  public var lowerDouble: Double { withPointer { cflint_ball_rounded_endpoint($0, false) } }

  /// The smallest `Double` that is at least `m + r`; `+∞` above the greatest finite one.
  public var upperDouble: Double { withPointer { cflint_ball_rounded_endpoint($0, true) } }

  /// The smallest ball, up to rounding, that contains both.
  public static func union(_ a: Ball, _ b: Ball) -> Ball { combined(a, b) { arb_union($0, $1, $2, $3) } }

  /// The same midpoint without the radius.
  var midpoint: Ball { transformed { result, x, _ in arb_get_mid_arb(result, x) } }

  /// The ball at another precision; a lower one widens it.
  func rounded(to precision: Int) -> Ball {
    withPointer { x in Self.make(precision: precision) { arb_set_round($0, x, precision) } }
  }

  /// The number of leading bits of the midpoint that the radius does not reach.
  var accuracy: Int { withPointer { arb_rel_accuracy_bits($0) } }

  private func endpoint(upper: Bool) throws(ArithmeticError) -> Rational {
    let isModerate = withPointer { cflint_ball_is_moderate($0, 1 << 26) }
    guard isModerate else { throw .unsupported("an endpoint of \(self) as a fraction of more than 2^26 bits") }
    return withPointer { x in Rational.make { cflint_ball_get_endpoint(x, upper, $0) } }
  }
}

/// Equal means the same midpoint and the same radius, at any precision: two equal balls may enclose different numbers.
extension Ball: Hashable {
  public static func == (a: Self, b: Self) -> Bool {
    a.withPointer { x in b.withPointer { y in arb_equal(x, y) != 0 } }
  }

  public func hash(into hasher: inout Hasher) {
    withPointer {
      hasher.combine(cflint_ball_nearest_midpoint($0))
      hasher.combine(cflint_ball_radius($0))
    }
  }
}
