import Transformers
import Formulas
import MatrixCalculus
import Studies
import Evaluation
import Arithmetic
@main struct HessianCommand { static func main() throws {
  let clock = ContinuousClock()
  for heads in [nil, 2] { for kernel in AttentionKernel.allCases { for route in Route.allCases {
    let o = Objective(heads.map { SelfAttention(kernel, heads: $0) } ?? SelfAttention(kernel))
    let d = HessianDerivation(o, route: route); let blocks = d.blocks()
    for sizes in LayerSizes.standard.prefix(heads == nil ? 9 : 1) {
      var bad = 0, steps = 0
      let t = try clock.measure {
        for seed in UInt64(0)..<2 {
        let c = try BlockCheck(d, at: d.randomPoint(sizes, as: Formal<Modular>.self, seed: seed))
        for b in blocks { if try !c.holds(b) { bad += 1; print("BAD", b.row, b.column) } } } }
      let t2 = try clock.measure {
        let c = try BlockCheck(d, at: d.randomPoint(sizes, as: Formal<Modular>.self, seed: 1))
        for b in blocks { do { steps += try c.checkSteps(b) } catch { print("STEP", error) } } }
      let t3 = try clock.measure {
        let c = try BlockCheck(d, at: d.randomPoint(sizes, as: Formal<Rational>.self, seed: 3))
        for b in blocks { if try !c.holds(b) { bad += 1; print("BADQ", b.row, b.column) } } }
      print(kernel, route, heads ?? 0, sizes, "bad", bad, "2 points", t, "steps", steps, t2, "Q", t3)
    }
  } } }
} }
