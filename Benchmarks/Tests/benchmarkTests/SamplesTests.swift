import Testing

@testable import benchmark

@Suite struct SamplesTests {
  private func samples(_ seconds: Double...) -> Samples {
    var samples = Samples()
    samples.append(seconds)
    return samples
  }

  @Test func theMedianIsTheMiddleOneInWhateverOrder() {
    #expect(samples(5, 1, 2).median == 2)
    #expect(samples(8, 1, 2, 4).median == 3)
    #expect(samples(7).median == 7)
    #expect(samples().median == nil)
  }

  @Test func quantilesAreLinearBetweenSamples() {
    let some = samples(4, 1, 3, 2, 5)
    #expect(some.quantile(0) == 1)
    #expect(some.quantile(1) == 5)
    #expect(some.quantile(0.25) == 2)
    #expect(some.quantile(0.375) == 2.5)
  }
}
