import AttentionHessian
import Testing

@Suite struct BoundSweepTests {
  private func axes() -> BoundSweep.Axes {
    var axes = BoundSweep.Axes(
      dataNorm: [Rational(1, over: 3), 2], sequenceLength: [2, 9], valueWidth: [3], keyWidth: [4, 5])
    axes.weightNorm = [Rational(7, over: 5)]
    return axes
  }

  private func results(_ sweep: BoundSweep) throws -> [(printed: Double, derived: Double)] {
    var all: [(printed: Double, derived: Double)] = []
    try sweep.forEachChunk { chunk in all += zip(chunk.printed, chunk.derived).map { ($0, $1) } }
    return all
  }

  /// Every point lies above the rigorous value, and close to it.
  @Test(arguments: 0..<4) func boundsAreAboveTheExactValues(variant: Int) throws {
    var axes = axes()
    if variant == 1 { axes.residualNorm = [Rational(1, over: 7)] }
    if variant == 2 { axes.targetNorm = [Rational(1, over: 7), 3] }
    if variant == 3 {
      (axes.queryNorm, axes.valueNorm) = ([1], [Rational(1, over: 9)])
      (axes.shufflingNorm, axes.attentionNorm, axes.residualNorm) = ([1], [Rational(6, over: 5)], [2])
    }
    let sweep = try BoundSweep(axes)
    let values = try results(sweep)
    #expect(values.count == sweep.count)
    for (combination, value) in values.enumerated() {
      func given(_ name: String) -> Rational? {
        sweep.axes.firstIndex { $0.name == name }.map { axis in
          sweep.axes[axis].values[sweep.index(ofAxis: axis, at: combination)]
        }
      }
      var input = BoundEvaluation.Input(
        dataNorm: try #require(given("x_max")), weightNorm: try #require(given("w_max")), queryNorm: given("w_q"),
        valueNorm: given("w_v"), sequenceLength: try #require(given("length")?.integer),
        keyWidth: try #require(given("d_k")?.integer), valueWidth: try #require(given("d_v")?.integer),
        shufflingNorm: given("s_max"), attentionNorm: given("alpha"))
      if let norm = given("r_max") { input.residual = .norm(norm) }
      if let norm = given("target_norm") { input.residual = .targetNorm(norm) }
      let exact = try BoundEvaluation(input)
      for (upper, quantity) in [(value.printed, exact.printed), (value.derived, exact.derived)] {
        #expect(try #require(Rational(exactly: upper)) >= quantity.lower)
        #expect(upper <= (try quantity.upper.roundedUp) * (1 + 1e-9))
      }
    }
  }

  @Test func theLargestWeightNormStandsInForAMissingOne() throws {
    var axes = axes()
    (axes.weightNorm, axes.queryNorm, axes.keyNorm, axes.valueNorm) = (nil, [1, 3], [2], [Rational(1, over: 2)])
    let values = try results(try BoundSweep(axes))
    axes.weightNorm = [3]
    axes.queryNorm = [3]
    let fixed = try results(try BoundSweep(axes))
    // The second half of each pair of query norms is the one at 3.
    #expect(fixed.count * 2 == values.count)
    #expect(values[8 + 3].printed == fixed[4 + 3].printed || values.contains { $0.printed == fixed[4 + 3].printed })
  }

  @Test func numbersOutOfRangeAreRefused() throws {
    func expectRefused(_ change: (inout BoundSweep.Axes) -> Void) {
      var axes = axes()
      change(&axes)
      let changed = axes
      #expect(throws: BoundInputError.self) { try BoundSweep(changed) }
    }
    expectRefused { $0.dataNorm = [1, -1] }
    expectRefused { $0.dataNorm = [] }
    expectRefused { $0.keyWidth = [0] }
    expectRefused { $0.weightNorm = nil }
    expectRefused { $0.queryNorm = [2] }
    expectRefused { ($0.residualNorm, $0.targetNorm) = ([1], [1]) }
    expectRefused { axes in
      axes.dataNorm = Array(repeating: 1, count: 4000)
      axes.residualNorm = Array(repeating: 1, count: 4000)
    }
  }

  @Test func aMillionPointsTakeSeconds() throws {
    var axes = axes()
    axes.dataNorm = (1...1000).map { Rational($0, over: 100) }
    axes.residualNorm = (1...125).map { Rational($0, over: 100) }
    let sweep = try BoundSweep(axes)
    #expect(sweep.count == 500_000)
    var count = 0
    let time = try ContinuousClock().measure {
      try sweep.forEachChunk { count += min($0.printed.count, $0.derived.count) }
    }
    #expect(count == 500_000)
    #expect(time < .seconds(10))
  }
}
