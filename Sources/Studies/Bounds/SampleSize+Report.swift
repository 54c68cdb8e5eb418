import Arithmetic
import TensorFiles

extension SampleSize {
  static let status = "the bound as printed; a claim"

  /// The result for a person.
  public var text: String {
    var text = "k* = \(number(count))   (Theorem 2: \(Self.status))\n"
    text += "N = \(number(numerator)), ε = \(number(tolerance))\n"
    text += "at k = k*:     N/(k + 1) = \(number(boundAtCount)) ≤ ε\n"
    if let boundBefore { text += "at k = k* − 1: N/(k + 1) = \(number(boundBefore)) > ε\n" }
    return text
  }

  /// The result as one object; all numbers are exact.
  public var json: JSONValue {
    [
      "schema": "hessian.kstar/1", "status": .string(Self.status), "k_star": .string(count.description),
      "numerator": .string(numerator.description), "epsilon": .string(tolerance.description),
      "bound_at_k_star": .string(boundAtCount.description),
      "bound_before": boundBefore.map { .string($0.description) } ?? .null,
    ]
  }

  /// A fraction with its decimal, or the decimal alone where the fraction is too long to read.
  private func number(_ value: Rational) -> String {
    let fraction = value.description
    if value.isInteger, fraction.utf8.count <= 400 { return fraction }
    let decimal = value.decimal(significantDigits: 6, rounding: .nearest)
    return fraction.utf8.count <= 40 ? "\(fraction) ≈ \(decimal)" : "about \(decimal)"
  }
}
