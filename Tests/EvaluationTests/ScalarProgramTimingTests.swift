import Evaluation
import Testing
@Suite struct TimingTests {
  @Test(arguments: SampledBound.all) func timing(b: SampledBound) throws {
    for mode in [ScalarProgram.Mode.nearest, .upperBound] {
      let p = try ScalarProgram(b.formula, inputs: b.inputs, sizeInputs: SampledBound.sizes, mode: mode)
      let q = try ScalarProgram(b.formula, inputs: b.inputs, sizes: ["L": 128, "d_V": 64, "d_K": 32], mode: mode)
      let c = b.columns(count: 1_000_000, seed: 9, zeros: false)
      let clock = ContinuousClock()
      for _ in 0..<3 {
        let t = try clock.measure { _ = try p.evaluate(c) }
        let u = try clock.measure { _ = try q.evaluate(Array(c.dropLast(3))) }
        print(b.name, mode, p.instructionCount, t, q.instructionCount, u)
      }
    }
  }
}
