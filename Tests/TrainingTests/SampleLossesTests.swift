import Arithmetic
import Testing
import Transformers

@testable import Training

@Suite struct SampleLossesTests {
  private func setUp(threads: Int = 2) throws -> (losses: SampleLosses, weights: [Double]) {
    let problem = try SampleProblem.transformer()
    var draw = SplitMix64(seed: 11)
    let weights = try InitialWeights(problem, seed: 4).weights.map { $0 + 0.1 * Double.random(using: &draw) }
    return (SampleLosses(problem, SampleProblem.samples(SampleProblem.images(13)), threads: threads), weights)
  }

  @Test func gradientsAreDifferencesOfLosses() throws {
    let (losses, weights) = try setUp()
    let all = Array(0..<13), (sum, gradient) = try losses.gradientSum(of: all, at: weights)
    #expect(sum == (try losses.total(at: weights)))
    let h = 1e-4
    for k in weights.indices {
      func loss(_ step: Double) throws -> Double {
        var moved = weights
        moved[k] += step * h
        return try losses.total(at: moved).loss
      }
      // Of fourth order.
      let difference = try (8 * (loss(1) - loss(-1)) - (loss(2) - loss(-2))) / (12 * h)
      #expect(abs(difference - gradient[k]) < 1e-9 * (1 + abs(gradient[k])), "weight \(k)")
    }
  }

  @Test func productsAreDifferencesOfGradients() throws {
    let (losses, weights) = try setUp()
    var draw = SplitMix64(seed: 2)
    let vector = weights.map { _ in Double.random(using: &draw) }
    let indices = [3, 0, 12, 7], coefficients = [1, -0.5, 2, 0.25]
    let product = try losses.hessianSum(of: indices, coefficients: coefficients, at: weights, times: vector)
    let h = 1e-5
    func gradient(_ step: Double) throws -> [Double] {
      let moved = zip(weights, vector).map { $0 + step * h * $1 }
      var sum = [Double](repeating: 0, count: weights.count)
      for (index, coefficient) in zip(indices, coefficients) {
        for (k, g) in try losses.gradientSum(of: [index], at: moved).gradient.enumerated() { sum[k] += coefficient * g }
      }
      return sum
    }
    let (ahead, behind) = (try gradient(1), try gradient(-1))
    for k in weights.indices { #expect(abs((ahead[k] - behind[k]) / (2 * h) - product[k]) < 1e-6, "weight \(k)") }
    let curvatures = try losses.curvatures(of: indices, at: weights, along: vector)
    let total = zip(curvatures, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(total - zip(vector, product).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-11)
  }

  @Test func sumsAreOfTheSamplesOneByOne() throws {
    let (losses, weights) = try setUp()
    let each = try losses.losses(at: weights)
    #expect(each.count == 13)
    var gradients: [[Double]] = []
    try losses.forEachGradient(of: Array(0..<13), at: weights) { place, gradient in
      #expect(place == gradients.count)
      gradients.append(Array(gradient))
    }
    // Less and more than the number of parts; repeated ones count as often.
    for indices in [[], [5], [1, 2, 3], Array(0..<13), [4, 4, 4, 4, 4, 4, 4, 4, 4, 4]] {
      let (sum, gradient) = try losses.gradientSum(of: indices, at: weights)
      #expect(abs(sum.loss - indices.reduce(0) { $0 + each[$1] }) < 1e-13)
      for k in weights.indices {
        #expect(abs(gradient[k] - indices.reduce(0) { $0 + gradients[$1][k] }) < 1e-13, "\(indices), weight \(k)")
      }
    }
  }

  @Test func threadsDoNotMatter() throws {
    let (one, weights) = try setUp(threads: 1), indices = Array(0..<13), ones = [Double](repeating: 1, count: 13)
    for threads in [2, 3, 8] {
      let other = try setUp(threads: threads).losses
      #expect(try other.gradientSum(of: indices, at: weights) == one.gradientSum(of: indices, at: weights))
      #expect(try other.total(at: weights) == one.total(at: weights))
      #expect(
        try other.hessianSum(of: indices, coefficients: ones, at: weights, times: weights)
          == one.hessianSum(of: indices, coefficients: ones, at: weights, times: weights))
    }
  }

  @Test func lossIsTheCrossEntropyOfTheOutput() throws {
    // One linear layer on one pixel: the logits are x w.
    let network = try Network([.linear(width: 2, bias: false)], tokens: 1, width: 1)
    let problem = try TrainingProblem(Objective(network, measuredBy: .crossEntropy))
    let images = LabelledImages(side: 1, pixels: [[2], [1], [2]], labels: [1, 0, 0])
    let samples = SampleSet(images, tokens: ImageTokens(patch: 1), targetRows: 1, brightest: 2, classCount: 2)
    let losses = SampleLosses(problem, samples, threads: 1)
    // Logits (1, −1), (½, −½), (1, −1) of samples of classes 1, 0 and 0; log(1 + e^t) with t = 2, −1 and −2.
    let expected = [2.126928011042972, 0.3132616875182229, 0.1269280110429725]
    for (loss, value) in zip(try losses.losses(at: [1, -1]), expected) { #expect(abs(loss - value) < 1e-14) }
    #expect(try losses.total(at: [1, -1]).correct == 2)
    #expect(try losses.total(at: [-1, 1]).correct == 1)
    // Of equal entries the first is predicted.
    #expect(try losses.total(at: [0, 0]).correct == 2)
  }

  @Test func minimumIsFlat() throws {
    let (losses, weights) = try setUp()
    let before = try losses.gradientNorm(at: weights)
    let best = try losses.minimum(from: weights, iterations: 30)
    #expect(try losses.total(at: best).loss < 0.3 * losses.total(at: weights).loss)
    #expect(before > 0.01)
  }
}
