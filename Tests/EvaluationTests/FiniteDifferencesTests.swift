import Arithmetic
import Evaluation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct FiniteDifferencesTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let exact: Double
    let function: @Sendable (Double, Double) -> Double
    init(_ name: String, _ exact: Double, _ function: @escaping @Sendable (Double, Double) -> Double) {
      (testDescription, self.exact, self.function) = (name, exact, function)
    }
  }

  /// Functions with `∂²f/∂s∂t` at the origin known.
  static let cases = [
    Case("exp(s + 2t)", 2) { exp($0 + 2 * $1) }, Case("sin(s) cos(t) + st", 1) { sin($0) * cos($1) + $0 * $1 },
    Case("1/(1 + s + t)", 2) { 1 / (1 + $0 + $1) },
    Case("1000 s t + s⁴ t³", 1000) { 1000 * $0 * $1 + $0 * $0 * $0 * $0 * $1 * $1 * $1 },
    Case("exp(−10(s + t))", 100) { exp(-10 * ($0 + $1)) }, Case("s² + t²", 0) { $0 * $0 + $1 * $1 },
    Case("1e6 + sin(st)", 1) { 1e6 + sin($0 * $1) }, Case("tanh(s − t)(s + t)", 0) { tanh($0 - $1) * ($0 + $1) },
    Case("exp(s)/(1 + exp(t))", -0.25) { exp($0) / (1 + exp($1)) },
  ]

  @Test(arguments: cases) func isAccurateAndKnowsItsError(example: Case) {
    for step in [0.25, 0.05] {
      let estimate = FiniteDifferences.mixedSecondDerivative(step: step, example.function)
      let error = abs(estimate.value - example.exact)
      let scale = max(1, abs(example.exact))
      let noise = abs(example.function(0, 0)) * 0x1p-52 / (step * step)
      #expect(error <= 1e-8 * scale + 100 * noise, "\(estimate), exact \(example.exact)")
      #expect(error <= 30 * estimate.error + 1e-11 * scale + 30 * noise, "\(estimate), exact \(example.exact)")
      #expect(estimate.error <= 1e-6 * scale + 1000 * noise)
    }
  }

  @Test func polynomialsOfDegreeThreeAreExact() {
    let estimate = FiniteDifferences.mixedSecondDerivative(step: 0.5) { s, t in 3 * s * t + 2 * s * s * s - t }
    #expect(abs(estimate.value - 3) <= 1e-13)
    #expect(estimate.error <= 1e-12)
  }

  @Test func errorsOfTheFunctionPassThrough() {
    #expect(throws: ArithmeticError.self) {
      _ = try FiniteDifferences.mixedSecondDerivative(step: 1) {
        (_: Double, _: Double) throws(ArithmeticError) -> Double in
        throw .undefined("f")
      }
    }
  }

  /// Values whose differences are lost in rounding give no derivative, and must not look as if they gave zero.
  @Test func whatIsLostInRoundingIsNoticed() {
    for (size, step) in [(1e16, 0.25), (1e14, 0.05), (1e13, 0.01)] {
      let estimate = FiniteDifferences.mixedSecondDerivative(step: step) { size + $0 * $1 }
      #expect(abs(estimate.value - 1) <= estimate.error && estimate.error > 0.1, "\(size): \(estimate)")
    }
  }

  /// What has no second derivative must not look as if it had one.
  @Test func aKinkIsNoticed() {
    let estimate = FiniteDifferences.mixedSecondDerivative(step: 0.25) { abs($0 + $1) }
    #expect(!(estimate.error < 1e-3))
  }
}
