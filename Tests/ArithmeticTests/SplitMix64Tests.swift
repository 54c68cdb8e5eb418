import Arithmetic
import Testing

@Suite struct SplitMix64Tests {
  @Test func publishedSequence() {
    // The first outputs for the seed 1234567, as the reference implementation in C gives them.
    var generator = SplitMix64(seed: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
      16_408_922_859_458_223_821,
    ]
    #expect(expected == (0..<5).map { _ in generator.next() })
  }

  @Test func uniformIntegersStayBelowTheirBound() {
    var generator = SplitMix64(seed: 1)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<7_000 { counts[generator.uniform(below: 7)] += 1 }
    #expect(counts.allSatisfy { $0 > 850 && $0 < 1_150 })
    #expect(generator.uniform(below: 1) == 0)
    #expect(generator.uniform(below: .max) >= 0)
  }

  @Test func digestsDependOnOrder() {
    let a = SplitMix64.combined(SplitMix64.combined(0, 1), 2)
    let b = SplitMix64.combined(SplitMix64.combined(0, 2), 1)
    #expect(a != b)
  }

  @Test func doublesAreUniformOnTheUnitInterval() {
    var generator = SplitMix64(seed: 2)
    let draws = (0..<4_000).map { _ in Double.random(using: &generator) }
    #expect(draws.allSatisfy { $0 >= -1 && $0 < 1 })
    #expect(abs(draws.reduce(0, +) / 4_000) < 0.05)
    #expect(draws.contains { $0 < -0.99 } && draws.contains { $0 > 0.99 })
  }
}
