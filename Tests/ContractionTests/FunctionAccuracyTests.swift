import Arithmetic
import CContraction
import Testing

/// The functions of one number against enclosures of 192 bits.
@Suite struct FunctionAccuracyTests {
  /// One function and where it is tried.
  struct Case: Sendable, CustomTestStringConvertible {
    let function: contraction_function
    let name: String
    /// The most that it may be wrong, in units in the last place of the true value; less with fused multiplication.
    let fused: Double
    let plain: Double
    let points: @Sendable (inout SplitMix64) -> Double
    let value: @Sendable (Ball) throws -> Ball

    var testDescription: String { name }
  }

  private static func uniform(_ range: ClosedRange<Double>, _ draw: inout SplitMix64) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * Double(draw.next() >> 11) * 0x1p-53
  }

  /// Any number above zero but infinity, denormal ones included.
  private static func anyPositive(_ draw: inout SplitMix64) -> Double {
    Double(bitPattern: 1 + draw.next() % (Double.infinity.bitPattern - 1))
  }

  static let cases: [Case] = [
    Case(
      function: contraction_exponential, name: "exp", fused: 1, plain: 1,
      points: { draw in draw.uniform(below: 2) == 0 ? uniform(-745...709, &draw) : uniform(-1...1, &draw) },
      value: { x in try x.exponential() }),
    Case(
      function: contraction_logarithm, name: "log", fused: 0.85, plain: 0.85,
      points: { draw in
        switch draw.uniform(below: 4) {
        case 0: anyPositive(&draw)
        case 1: max(anyPositive(&draw) * 0x1p-1022, .leastNonzeroMagnitude)
        case 2: 1 + uniform(-0.5...0.5, &draw) * (draw.uniform(below: 2) == 0 ? 1 : 0x1p-40)
        default: uniform(0.3...3, &draw)
        }
      }, value: { x in try x.logarithm() }),
    Case(
      function: contraction_normal_density, name: "φ", fused: 1.6, plain: 1.6,
      points: { draw in draw.uniform(below: 2) == 0 ? uniform(-38.6...38.6, &draw) : uniform(-3...3, &draw) },
      value: { x in try x.normalDensity() }),
    Case(
      function: contraction_normal_distribution, name: "Φ", fused: 5, plain: 8,
      points: { draw in
        switch draw.uniform(below: 4) {
        case 0: uniform(-38.6...0, &draw)
        case 1: uniform(-9...9, &draw)
        case 2: uniform(-1...1, &draw) * Double(sign: .plus, exponent: -draw.uniform(below: 60), significand: 1)
        default: uniform(-3...3, &draw)
        }
      }, value: { x in try x.normalDistribution() }),
  ]

  /// The function of some numbers, with one of the instruction sets.
  private func values(_ function: contraction_function, _ numbers: [Double], _ instructions: Int32) -> [Double] {
    var map = contraction_operation(contraction_map, extents: [numbers.count])
    map.detail = Int32(function.rawValue)
    map.setStrides(target: [1], [[1]])
    var program = RandomProgram([map], length: numbers.count)
    program.source = numbers
    return program.result(instructions: instructions, isPrepared: false)
  }

  @Test(arguments: cases) func isWithinItsBound(_ item: Case) throws {
    var draw = SplitMix64(seed: 5)
    let numbers = (0..<20_000).map { _ in item.points(&draw) }
    let expected = try numbers.map { x in try item.value(#require(Ball(exactly: x, precision: 192))) }
    for instructions in 0..<contraction_instruction_sets() {
      #if arch(x86_64)
        let bound = instructions == 0 ? item.plain : item.fused
      #else
        let bound = item.plain
      #endif
      var worst = (error: 0.0, at: 0.0)
      for (index, result) in values(item.function, numbers, instructions).enumerated() {
        let truth = expected[index]
        let unit = max(truth.magnitude.lowerDouble.ulp, .leastNonzeroMagnitude)
        // A tiny difference is not to be rounded up to the next denormal number.
        let scale = unit < 0x1p-900 ? 0x1p600 : 1
        let difference = try #require(Ball(exactly: result, precision: 192)) - truth
        let error = (difference * (try #require(Ball(exactly: scale)))).magnitude.upperDouble / (unit * scale)
        if !(error <= worst.error) { worst = (error, numbers[index]) }
      }
      #expect(
        worst.error <= bound, "\(item.name), instructions \(instructions): \(worst.error) ulps at \(worst.at)")
      // The bound says something: what is tried is not all exact.
      #expect(worst.error > 0.45, "\(item.name), instructions \(instructions)")
    }
  }

  @Test func valuesThatAreExact() {
    let infinity = Double.infinity,
      exact: [(contraction_function, Double, Double)] = [
        (contraction_exponential, 0, 1), (contraction_exponential, -infinity, 0),
        (contraction_exponential, infinity, infinity), (contraction_exponential, 710, infinity),
        (contraction_logarithm, 1, 0), (contraction_logarithm, 0, -infinity), (contraction_logarithm, -0.0, -infinity),
        (contraction_logarithm, infinity, infinity), (contraction_logarithm, -1, .nan),
        (contraction_logarithm, -.leastNonzeroMagnitude, .nan), (contraction_logarithm, -infinity, .nan),
        (contraction_normal_distribution, 0, 0.5), (contraction_normal_distribution, -0.0, 0.5),
        (contraction_normal_distribution, 0x1p-60, 0.5), (contraction_normal_distribution, 9, 1),
        (contraction_normal_distribution, 1e300, 1), (contraction_normal_distribution, infinity, 1),
        (contraction_normal_distribution, -39, 0), (contraction_normal_distribution, -1e300, 0),
        (contraction_normal_distribution, -infinity, 0), (contraction_normal_density, 0, 0x1.9884533d43651p-2),
        (contraction_normal_density, 39, 0), (contraction_normal_density, -1e300, 0),
        (contraction_normal_density, infinity, 0), (contraction_normal_density, -infinity, 0),
      ]
    let functions = [
      contraction_exponential, contraction_logarithm, contraction_normal_distribution, contraction_normal_density,
    ]
    for instructions in 0..<contraction_instruction_sets() {
      for (function, x, value) in exact + functions.map({ ($0, .nan, .nan) }) {
        // As many as fill vectors and leave a rest.
        for result in values(function, [Double](repeating: x, count: 11), instructions) {
          #expect(
            result == value || (result.isNaN && value.isNaN),
            "function \(function.rawValue) at \(x), instructions \(instructions): \(result)")
        }
      }
    }
  }

  @Test func densityIsEvenAndTailsAddUp() {
    var draw = SplitMix64(seed: 9)
    let numbers = (0..<1000).map { _ in Self.uniform(0...20, &draw) }, negatives = numbers.map { -$0 }
    for instructions in 0..<contraction_instruction_sets() {
      let density = values(contraction_normal_density, numbers, instructions)
      #expect(density == values(contraction_normal_density, negatives, instructions))
      let right = values(contraction_normal_distribution, numbers, instructions)
      let left = values(contraction_normal_distribution, negatives, instructions)
      #expect(right == left.map { 1 - $0 })
    }
  }
}
