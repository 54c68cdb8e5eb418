import Testing

@testable import Training

@Suite struct TrainingPlanTests {
  @Test func rateRisesAndFalls() {
    let plan = TrainingPlan(epochs: 5, batch: 10, rate: 0.5, finalRate: 0.25, warmUp: 1)
    #expect(plan.steps(of: 31) == 4 && plan.steps(of: 40) == 4 && plan.steps(of: 41) == 5)
    let rates = (0...20).map { plan.rate(step: $0, perEpoch: 4) }
    #expect(Array(rates[0..<5]) == [0.125, 0.25, 0.375, 0.5, 0.5])
    // Half way, and at the end of the cosine, 16 steps after the warm-up.
    #expect(abs(rates[12] - 0.5 * 0.625) < 1e-15)
    #expect(abs(rates[20] - 0.125) < 1e-15)
    // A quarter of the way: cos 45°.
    #expect(abs(rates[8] - 0.5 * (0.25 + 0.75 * (1 + 0.7071067811865476) / 2)) < 1e-15)
    for step in 4..<20 { #expect(rates[step] > rates[step + 1]) }
    #expect(plan.rate(step: 1000, perEpoch: 4) == rates[20])
  }

  @Test func withoutWarmUpItBeginsAtTheTop() {
    let plan = TrainingPlan(epochs: 2, batch: 1, rate: 3)
    #expect(plan.rate(step: 0, perEpoch: 4) == 3)
    #expect(plan.rate(step: 8, perEpoch: 4) == 0)
    // A warm-up of less than a step, and one as long as the training.
    #expect(TrainingPlan(epochs: 2, batch: 1, rate: 3, warmUp: 0.1).rate(step: 0, perEpoch: 4) <= 3)
    #expect(TrainingPlan(epochs: 2, batch: 1, rate: 3, warmUp: 2).rate(step: 7, perEpoch: 4) == 3)
  }
}
