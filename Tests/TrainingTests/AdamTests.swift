import Arithmetic
import Testing

@testable import Training

@Suite struct AdamTests {
  /// As long as needs vectors and a rest.
  private let count = 19

  private func step(_ adam: inout Adam, _ weights: inout [Double], _ g: Double, rate: Double, _ plan: TrainingPlan) {
    [Double](repeating: g, count: count).withUnsafeBufferPointer { adam.step(&weights, $0, rate: rate, plan) }
  }

  @Test func stepsByHand() {
    let plan = TrainingPlan(
      epochs: 1, batch: 1, rate: 1, beta1: 0.5, beta2: 0.5, epsilon: 2, weightDecay: 0.5)
    var adam = Adam(count: count), weights = [Double](repeating: 8, count: count)
    // mean 1, corrected 2; square 2, corrected 4; 8 · (1 − ¼ · ½) − ¼ · 2 / (2 + 2).
    step(&adam, &weights, 2, rate: 0.25, plan)
    #expect(adam.mean == [Double](repeating: 1, count: count) && adam.square == [Double](repeating: 2, count: count))
    #expect(weights == [Double](repeating: 6.875, count: count))
    // mean 3/2, corrected by 3/4 to 2; square 3, corrected by 3/4 to 4; 6.875 · (1 − ½ · ½) − ½ · 2 / (2 + 2).
    step(&adam, &weights, 2, rate: 0.5, plan)
    #expect(weights == [Double](repeating: 4.90625, count: count))
    // mean 3/4 − 1 = −1/4, corrected by 7/8 to −2/7; square 7/2, corrected by 7/8 to 4; 4.90625 · ½ + 2/7 / (2 + 2).
    step(&adam, &weights, -2, rate: 1, plan)
    #expect(adam.mean == [Double](repeating: -0.25, count: count))
    #expect(adam.square == [Double](repeating: 3.5, count: count) && adam.steps == 3)
    #expect(weights == [Double](repeating: 2.453125 + 1 * (0.25 / 0.875) / 4, count: count))
  }

  @Test func theFirstStepIsTheRate() {
    // Whatever the gradient, up to ε.
    let plan = TrainingPlan(epochs: 1, batch: 1, rate: 1, epsilon: 0)
    for g in [1e-5, 3, -7e8] {
      var adam = Adam(count: count), weights = [Double](repeating: 0, count: count)
      step(&adam, &weights, g, rate: 0.125, plan)
      #expect(weights.allSatisfy { abs($0 + (g > 0 ? 0.125 : -0.125)) < 1e-15 })
    }
  }

  @Test func agreesWithTheFormulaNumberByNumber() {
    var draw = SplitMix64(seed: 3)
    let plan = TrainingPlan(epochs: 1, batch: 1, rate: 1, weightDecay: 0.1)
    for count in [1, 7, 8, 9, 40] {
      var adam = Adam(count: count), weights = (0..<count).map { _ in Double.random(using: &draw) }
      var (m, v, w) = (adam.mean, adam.square, weights)
      var (power1, power2) = (1.0, 1.0)
      for _ in 1...5 {
        let g = (0..<count).map { _ in Double.random(using: &draw) }, scale = 0.25, rate = 0.01
        g.withUnsafeBufferPointer { adam.step(&weights, $0, scale: scale, rate: rate, plan) }
        (power1, power2) = (power1 * 0.9, power2 * 0.999)
        for k in 0..<count {
          let gradient = scale * g[k]
          m[k] = 0.9 * m[k] + (1 - 0.9) * gradient
          v[k] = 0.999 * v[k] + (1 - 0.999) * gradient * gradient
          w[k] -= rate * 0.1 * w[k] + rate * (m[k] / (1 - power1)) / (root(v[k] / (1 - power2)) + 1e-8)
        }
      }
      #expect(adam.mean == m && adam.square == v)
      for k in 0..<count { #expect(abs(weights[k] - w[k]) < 1e-15, "\(count) weights") }
    }
  }

  @Test func noWeightsAreNoStep() {
    var adam = Adam(count: 0), weights: [Double] = []
    let plan = TrainingPlan(epochs: 1, batch: 1, rate: 1)
    adam.step(&weights, UnsafeBufferPointer(start: nil, count: 0), rate: 1, plan)
    [Double]().withUnsafeBufferPointer { adam.step(&weights, $0, rate: 1, plan) }
    #expect(weights.isEmpty && adam.mean.isEmpty)
  }
}

@Suite struct VectorsTests {
  @Test func agreeWithLoops() {
    var draw = SplitMix64(seed: 1)
    for count in [1, 7, 8, 31, 32, 33, 100] {
      let x = (0..<count).map { _ in Double.random(using: &draw) }
      let parts = (0..<(3 * count)).map { _ in Double.random(using: &draw) }
      var (sum, scaled, total) = (x, x, x)
      x.withUnsafeBufferPointer { x in
        parts.withUnsafeBufferPointer { parts in
          sum.withUnsafeMutableBufferPointer { Vectors.add(.init(rebasing: parts[..<count]), times: 3, to: $0) }
          scaled.withUnsafeMutableBufferPointer { Vectors.add(x, times: -0.1, to: $0, overwriting: true) }
          total.withUnsafeMutableBufferPointer { Vectors.sum(parts, into: $0) }
        }
      }
      #expect(sum == (0..<count).map { x[$0] + 3 * parts[$0] })
      #expect(scaled == x.map { -0.1 * $0 })
      #expect(total == (0..<count).map { parts[$0] + parts[count + $0] + parts[2 * count + $0] })
      let squares = x.withUnsafeBufferPointer { Vectors.sumOfSquares($0) }
      #expect(abs(squares - x.reduce(0) { $0 + $1 * $1 }) < 1e-15 * Double(count))
      let integers = (1...count).map(Double.init)
      let exact = Double(count * (count + 1) * (2 * count + 1) / 6)
      #expect(integers.withUnsafeBufferPointer { Vectors.sumOfSquares($0) } == exact)
    }
  }
}
