import Arithmetic
import Evaluation
import Formulas
import Transformers

/// The least `k ≥ 1` from which on a bound that falls with `k` is at most `ε`, certified at `k*` and at `k* − 1`.
///
/// - Holds: exactly, for the bound that was given; whether the bound holds is another matter.
public struct SampleSize: Hashable, Sendable {
  /// `ε`.
  public let tolerance: Rational
  /// `k*`, an integer of any size.
  public let count: Rational
  /// The bound at `k*` or a number above it, at most `ε` (for Hoeffding's inequality: `δ`).
  public let boundAtCount: Rational
  /// The bound at `k* − 1` or a number below it, above `ε` (`δ`), or `nil` where a smaller `k` makes no sense.
  public let boundBefore: Rational?
  /// The `N` of a bound `N/(k + 1)`, or `N/(k + 1)²` for a mean square.
  public let numerator: Rational?

  /// The least `k ≥ 1` with `N/(k + 1) ≤ ε`, `max(1, ⌈N/ε⌉ − 1)`.
  ///
  /// - Errors: `SampleSizeError` where `N < 0` or `ε ≤ 0`.
  public init(numerator: Rational, tolerance: Rational) throws {
    try Self.check(numerator, tolerance)
    let least = try numerator.divided(by: tolerance).ceiling - 1
    try self.init(tolerance: tolerance, count: least, numerator: numerator) { k in
      try numerator.divided(by: k + 1)
    }
  }

  /// The least `k ≥ 1` with `N/(k + 1)² ≤ ε`, `max(1, ⌈√(N/ε)⌉ − 1)`.
  ///
  /// - Errors: `SampleSizeError` where `N < 0` or `ε ≤ 0`.
  public init(squareNumerator numerator: Rational, tolerance: Rational) throws {
    try Self.check(numerator, tolerance)
    let square = try numerator.divided(by: tolerance)
    // The roots of the integers around are told apart by their squares.
    var root = try square.squareRootEnclosure(digits: max(20, square.ceiling.description.utf8.count)).lower.floor
    while root * root < square { root = root + 1 }
    try self.init(tolerance: tolerance, count: root - 1, numerator: numerator) { k in
      try numerator.divided(by: (k + 1) * (k + 1))
    }
  }

  /// The printed `k*`: with `N = 2𝓛 + M r²`; the statement itself is a claim.
  ///
  /// - Parameters: all exact; `lossBound`, `hessianBound` and `radius` at least zero, `tolerance` above zero.
  /// - Errors: `SampleSizeError` naming the number that is not.
  public init(lossBound: Rational, hessianBound: Rational, radius: Rational, tolerance: Rational) throws {
    for (name, value) in [("loss bound", lossBound), ("Hessian bound", hessianBound), ("radius", radius)]
    where value.sign < 0 { throw SampleSizeError(quantity: name, mustBe: "at least 0", value: value) }
    let environment = Environment<Rational>(
      sizes: [:],
      values: [
        TheoremTwo.lossBound: Matrix(lossBound), TheoremTwo.hessianBound: Matrix(hessianBound),
        TheoremTwo.radius: Matrix(radius),
      ])
    try self.init(numerator: try TheoremTwo.numerator.value(in: environment).scalar, tolerance: tolerance)
  }

  private static func check(_ numerator: Rational, _ tolerance: Rational) throws(SampleSizeError) {
    guard numerator.sign >= 0 else {
      throw SampleSizeError(quantity: "numerator N", mustBe: "at least 0", value: numerator)
    }
    try check(tolerance: tolerance)
  }

  static func check(tolerance: Rational) throws(SampleSizeError) {
    guard tolerance.sign > 0 else {
      throw SampleSizeError(quantity: "tolerance ε", mustBe: "above 0", value: tolerance)
    }
  }

  private init(
    tolerance: Rational, count: Rational, numerator: Rational, _ bound: (Rational) throws -> Rational
  ) throws {
    let least: Rational = count < 1 ? 1 : count
    try self.init(
      tolerance: tolerance, count: least, at: bound(least), before: least == 1 ? nil : bound(least - 1),
      limit: tolerance, numerator: numerator)
  }

  /// A sample size that was found, certified by the bound's values.
  ///
  /// - Errors: `SampleSizeError` where the values do not certify it.
  init(
    tolerance: Rational, count: Rational, at value: Rational, before: Rational?, limit: Rational,
    numerator: Rational? = nil
  ) throws(SampleSizeError) {
    guard value <= limit, before.map({ $0 > limit }) ?? true else {
      throw SampleSizeError(
        quantity: "bound at k* = \(count)", mustBe: "the first that is at most \(limit)", value: value)
    }
    (self.tolerance, self.count, boundAtCount) = (tolerance, count, value)
    (boundBefore, self.numerator) = (before, numerator)
  }
}

/// A number outside its range.
public struct SampleSizeError: Error, Hashable, Sendable, CustomStringConvertible {
  public let quantity: String
  public let mustBe: String
  public let value: Rational
  public var description: String { "the \(quantity) must be \(mustBe), but is \(value)" }
}
