import Arithmetic
import Evaluation
import Formulas
import Testing
import Transformers

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct RatioMaximizationTests {
  @Test func theoremOne() throws {
    let claim = TheoremOne.claim.statement
    print(claim.left.sharedNodeCount, claim.left.containsSubformula { $0.kind == .jacobian || $0.kind == .pullback })
    for L in 2...4 {
      let maximization = try RatioMaximization(claim, sizes: ["L": L, "d_V": 2, "d_K": 2])
      let clock = ContinuousClock()
      let begin = clock.now
      let outcome = try #require(try maximization.maximum(starts: 16, seed: 1))
      let time = clock.now - begin
      print(L, outcome.ratio, outcome.evaluations, time, maximization.symbols)
      for s in 0..<16 {
        let o = try #require(try maximization.ascend(from: maximization.start(s, seed: 1)))
        print(s, o.ratio, o.evaluations)
      }
    }
  }
}
