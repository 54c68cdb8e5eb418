import Arithmetic
import Evaluation
import Formulas
import Transformers

/// `k*` of the printed Theorem 2: the least `k ≥ 1` from which on its bound on `|L_{k+1}(w) − L_k(w)|` is at most `ε`.
///
/// - Holds: `k* = max(1, ⌈N/ε⌉ − 1)` with `N = 2𝓛 + M r²`, exactly, for the bound as printed; the statement itself is a claim.
public struct SampleSize: Hashable, Sendable {
  /// `N`.
  public let numerator: Rational
  /// `ε`.
  public let tolerance: Rational
  /// `k*`, an integer of any size.
  public let count: Rational
  /// `N/(k* + 1)`, at most `ε`.
  public let boundAtCount: Rational
  /// `N/k*`, above `ε`, or `nil` where `k* = 1` because a sample size is at least 1.
  public let boundBefore: Rational?

  /// - Parameters: all exact; `lossBound`, `hessianBound` and `radius` at least zero, `tolerance` above zero.
  /// - Errors: `SampleSizeError` naming the number that is not.
  public init(lossBound: Rational, hessianBound: Rational, radius: Rational, tolerance: Rational) throws {
    for (name, value) in [("loss bound", lossBound), ("Hessian bound", hessianBound), ("radius", radius)]
    where value.sign < 0 { throw SampleSizeError(quantity: name, mustBe: "at least 0", value: value) }
    guard tolerance.sign > 0 else {
      throw SampleSizeError(quantity: "tolerance ε", mustBe: "above 0", value: tolerance)
    }
    let environment = Environment<Rational>(
      sizes: [:],
      values: [
        TheoremTwo.lossBound: Matrix(lossBound), TheoremTwo.hessianBound: Matrix(hessianBound),
        TheoremTwo.radius: Matrix(radius), TheoremTwo.tolerance: Matrix(tolerance),
      ])
    numerator = try TheoremTwo.numerator.value(in: environment).scalar
    self.tolerance = tolerance
    let least = try TheoremTwo.ratio.value(in: environment).scalar.ceiling - 1
    count = least < 1 ? 1 : least
    boundAtCount = numerator * (try (count + 1).reciprocal())
    boundBefore = least < 1 ? nil : numerator * (try count.reciprocal())
  }
}

/// A number outside its range.
public struct SampleSizeError: Error, Hashable, Sendable, CustomStringConvertible {
  public let quantity: String
  public let mustBe: String
  public let value: Rational
  public var description: String { "the \(quantity) must be \(mustBe), but is \(value)" }
}
