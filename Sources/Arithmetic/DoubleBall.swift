import CFLINT

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A real number within `r` of the `Double` `m`: the contract of ``Ball`` at the fixed precision of floating point, and, for
/// matrix products, at the speed of BLAS.
///
/// The output ball of every operation contains the exact result for any choice of points in the input balls. A number about
/// which nothing is known, as after an overflow, has an infinite radius.
/// - Source: S. M. Rump, Verification methods, Acta Numerica 19 (2010).
@frozen
public struct DoubleBall: Hashable, Sendable {
  /// The midpoint, finite.
  public let midpoint: Double
  /// At least zero; infinite where nothing is known.
  public let radius: Double

  /// The exact value of a finite number; for any other, nothing is known.
  @inlinable public init(_ value: Double) { self.init(value, radius: 0) }

  /// The numbers within `radius` of `midpoint`; all numbers where that makes no sense.
  @inlinable public init(_ midpoint: Double, radius: Double) {
    let isKnown = midpoint.isFinite && radius >= 0
    self.midpoint = isKnown ? midpoint : 0
    self.radius = isKnown ? radius : .infinity
  }

  /// An enclosure of a ball.
  public init(_ ball: Ball) {
    let middle = ball.withPointer { cflint_ball_nearest_midpoint($0) }
    guard let center = Ball(exactly: middle, precision: 64) else {
      self.init(0, radius: .infinity)
      return
    }
    self.init(middle, radius: (ball - center).magnitude.upperDouble)
  }

  /// The same set as a ball of higher precision.
  ///
  /// - Errors: unsupported where nothing is known.
  public func ball(precision: Int) throws(ArithmeticError) -> Ball {
    guard let center = Ball(exactly: midpoint, precision: precision),
      let error = Ball(exactly: radius, precision: precision)
    else { throw .unsupported("a number of which nothing is known in floating point") }
    return Ball.combined(center, error) { result, x, e, _ in
      arb_set(result, x)
      arb_add_error(result, e)
    }
  }

  /// The greatest of all magnitudes in the ball, rounded up.
  @inlinable public var magnitudeBound: Double { Self.up(midpoint.magnitude + radius) }

  /// Raises the result of a few roundings of non-negative numbers above the exact one.
  @inlinable static func up(_ value: Double) -> Double { value == 0 ? 0 : (value * (1 + 0x1p-48)).nextUp }
}

extension DoubleBall: CustomStringConvertible {
  public var description: String { "[\(midpoint) ± \(radius)]" }
}
