import Arithmetic
import Evaluation
import Formulas
import Testing
import Transformers

@Suite struct AttentionKernelTests {
  private let Q = Formula.symbol("Q", "L", "w"), K = Formula.symbol("K", "L", "w")

  /// Logits and weights entry by entry from their definitions.
  @Test(arguments: AttentionKernel.allCases) func definitions(kernel: AttentionKernel) throws {
    var generator = SplitMix64(seed: 8)
    var point = Environment<Double>(sizes: ["L": 3, "w": 2])
    try point.draw(Q.symbols + K.symbols, using: &generator)
    let q = try Q.value(in: point), k = try K.value(in: point)
    let T = grid(3, 3) { i, j in
      let a = Array(q.row(i)), b = Array(k.row(j))
      let squared = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      return kernel == .gaussian ? -squared / (2 * root(2.0)) : dot(a, b) / root(2.0)
    }
    let logits = try kernel.logits(query: Q, key: K).value(in: point),
      weights = try kernel.weights(query: Q, key: K).value(in: point)
    for i in 0..<3 {
      let total = T[i].map(exponential).reduce(0, +)
      for j in 0..<3 {
        #expect(abs(logits[i, j] - T[i][j]) <= 1e-14)
        let expected =
          switch kernel {
          case .softmax: exponential(T[i][j]) / total
          case .gaussian: exponential(T[i][j])
          case .linear: T[i][j]
          }
        #expect(abs(weights[i, j] - expected) <= 1e-14, "\(kernel) at \(i), \(j)")
      }
    }
  }

  @Test func shapesAreSymbolic() {
    for kernel in AttentionKernel.allCases {
      #expect(kernel.weights(query: Q, key: K).shape == Shape("L", "L"))
    }
  }
}
