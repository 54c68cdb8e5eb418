import Studies
import Transformers
@main struct HessianCommand { static func main() throws {
  let clock = ContinuousClock()
  for _ in 0..<40 { for route in Route.allCases {
    let t = clock.measure { _ = HessianDerivation(Objective(SelfAttention(.softmax)), route: route).blocks() }
    print(route, t)
  } }
} }
