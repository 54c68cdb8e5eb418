import Studies
import Transformers
@main struct HessianCommand { static func main() throws {
  let clock = ContinuousClock()
  for kernel in AttentionKernel.allCases { for sizes in LayerSizes.standard + [LayerSizes(sequenceLength: 2, width: 4, keyWidth: 3, valueWidth: 1)] {
    var v: BlockVerification?
    let t = try clock.measure { v = try BlockVerification(.init(kernel, sizes: sizes)) }
    print(kernel, sizes, v!.holds, t); for r in v!.rows { print("  ", r.row, r.column, r.failures, r.failureExponent, r.finiteDifference, r.steps[.jacobianFirst]!) }
  } }
} }
