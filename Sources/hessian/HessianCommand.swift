import Transformers
import Formulas
import MatrixCalculus
@main struct HessianCommand { static func main() {
  let clock = ContinuousClock()
  for kernel in AttentionKernel.allCases { for route in Route.allCases {
    let o = Objective(SelfAttention(kernel))
    var blocks: [HessianBlock] = []
    var derivation: HessianDerivation?
    let t = clock.measure { let d = HessianDerivation(o, route: route); blocks = d.blocks(); derivation = d }
    print("=====", kernel, route, t, "steps", blocks.reduce(0) { $0 + $1.proof.totalSteps })
    for b in blocks { print(b.row, b.column, "\n   o:", b.outerProduct, "\n   f:", b.functional)
      do { try b.proof.replay(derivation!.rules) } catch { print("REPLAY", error) } }
  } }
} }
