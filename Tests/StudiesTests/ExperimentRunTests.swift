import AttentionHessian
import Foundation
import Testing

@Suite struct ExperimentRunTests {
  let experiment: SampleExperiment
  let result: ExperimentResult
  let training: NetworkTraining
  let weights: [Double]

  init() throws {
    experiment = try SampleExperiment()
    let configuration = try experiment.configuration()
    result = try experiment.run(configuration, in: "first").run()
    let trained = try experiment.run(configuration, in: "first").train(ExperimentSamples(configuration))
    (training, weights) = (trained[0].training, trained[0].weights)
  }

  @Test func numbersDependNeitherOnThreadsNorOnTheRun() throws {
    let again = try experiment.run(result.configuration, in: "second", threads: 3).run()
    #expect(StudyManifest.digest(again) == StudyManifest.digest(result))
    #expect(result.networks.map(\.name) == ["network", "frozen"])
    #expect(result.networks.map(\.weights) == [2 * 8 * 2 + 8 * 2, 8 * 2])
    let other = try experiment.configuration(SampleExperiment.text(("\"clip\": 1", "\"clip\": 1, \"seed\": 2")))
    let different = try experiment.run(other, in: "third").run()
    #expect(StudyManifest.digest(different) != StudyManifest.digest(result))
  }

  @Test func anInterruptedTrainingGoesOnToTheSameBits() throws {
    var steps = 0
    let configuration = result.configuration
    let interrupted = experiment.run(
      configuration, in: "interrupted",
      isInterrupted: {
        steps += 1
        return steps == 7
      })
    #expect(throws: StudyInterruption.self) { try interrupted.run() }
    let trained = try experiment.run(configuration, in: "interrupted").train(ExperimentSamples(configuration))
    #expect(trained[0].training.resumedStep == 7)
    #expect(trained[0].weights == weights)
    #expect(trained[0].training.records == training.records)
  }

  @Test func aCheckpointOfAnotherConfigurationIsRefused() throws {
    let other = try experiment.configuration(SampleExperiment.text(("\"rate\": 0.05", "\"rate\": 0.04")))
    #expect { try experiment.run(other, in: "first").run() } throws: {
      "\($0)".contains("another configuration")
    }
  }

  @Test func gradientsAndHessiansAreDerivativesOfTheLosses() throws {
    let samples = training.training, h = 1e-5
    let direction = LayerSampleSizes.directions(1, weights.count, seed: 3)[0]
    func moved(_ t: Double) -> [Double] { zip(weights, direction).map { $0 + t * $1 } }
    let (up, down, here) = (
      try samples.losses(at: moved(h)), try samples.losses(at: moved(-h)), result.measurement.losses
    )
    let curvatures = try samples.curvatures(of: Array(here.indices), at: weights, along: direction)
    try samples.forEachGradient(of: Array(here.indices), at: weights) { sample, gradient in
      let slope = zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs((up[sample] - down[sample]) / (2 * h) - slope) <= 1e-8 * (1 + abs(slope)))
      #expect(abs((up[sample] + down[sample] - 2 * here[sample]) / (h * h) - curvatures[sample]) <= 1e-4)
    }
  }

  @Test func theExpansionLeavesARemainderOfThirdOrder() throws {
    let byRadius = Dictionary(grouping: result.measurement.expansions, by: \.direction)
    for (direction, some) in byRadius {
      let near = try #require(some.min { $0.radius < $1.radius }),
        far = try #require(some.max { $0.radius < $1.radius })
      #expect(abs(far.gradient - 100 * near.gradient) <= 1e-9 * far.gradient, "\(direction)")
      #expect(abs(far.hessian - 10_000 * near.hessian) <= 1e-6 * far.hessian, "\(direction)")
      #expect(near.remainder <= 2e-3 * max(near.hessian, 1e-9), "\(direction)")
      #expect(far.constant == near.constant)
    }
  }

  @Test func distancesFromTheOthersAreWhatTheySay() throws {
    let losses = result.measurement.losses
    let direct = losses.indices.map { i -> Double in
      let others = losses.indices.filter { $0 != i }.map { losses[$0] }
      return abs(losses[i] - others.reduce(0, +) / Double(others.count))
    }
    let mean = direct.reduce(0, +) / Double(direct.count)
    #expect(abs(try #require(result.measurement.expansions.first).constant - mean) <= 1e-14)
    // The gaps of the gradients, for the first sample.
    var all: [[Double]] = []
    try training.training.forEachGradient(of: Array(losses.indices), at: weights) { _, gradient in
      all.append(Array(gradient))
    }
    let rest = all.dropFirst()
    let gap = weights.indices.reduce(0.0) { sum, k in
      let difference = all[0][k] - rest.reduce(0) { $0 + $1[k] } / Double(rest.count)
      return sum + difference * difference
    }
    #expect(abs(result.measurement.gradientGaps[0] - sqrt(gap)) <= 1e-12)
  }

  @Test func hessianGapsAreNormsOfDifferences() throws {
    let count = result.measurement.count
    for gap in result.measurement.hessianGaps.filter({ $0.order == 1 }) {
      let order = SampleExperimentOrder.order(of: count, seed: 1, index: 1)
      // The matrix, column by column, from products with unit vectors.
      let columns = try weights.indices.map { k -> [Double] in
        var unit = [Double](repeating: 0, count: weights.count)
        unit[k] = 1
        return try training.training.hessianSum(
          of: Array(order[...gap.count]),
          coefficients: [Double](repeating: -1 / Double(gap.count), count: gap.count) + [1],
          at: weights, times: unit)
      }
      let matrix = Matrix(rows: weights.count, columns: weights.count) { columns[$1][$0] }
      let norm = try Double.spectralNorm(of: matrix)
      #expect(gap.isConverged && abs(gap.norm - norm) <= 1e-3 * norm, "k = \(gap.count)")
    }
  }

  @Test func derivedBoundsHoldForWhatIsMeasured() throws {
    let center = try #require(result.bounds.center)
    let largest = try #require(result.measurement.largestHessianNorm)
    #expect(Double(center.hessianBound) >= largest)
    for distance in result.bounds.distances {
      let ball = try #require(distance.ball)
      #expect(ball.radius == distance.radius && ball.hessianBound > center.hessianBound)
      let measured = try #require(result.measurement.increments.first { $0.radius == distance.radius })
      #expect(Double(ball.lossBound) >= measured.means.losses.largest)
      let steps = result.hessianSteps(distance)
      #expect(steps.count == 5 && zip(steps, steps.dropFirst()).allSatisfy { $0.value <= $1.value * (1 + 1e-9) })
      // The rigorous bound on the increments holds for every order, at every k.
      let outcome = try #require(distance.study.rows[0].outcome(.rigorous)?.found)
      let numerator = Double(outcome.terms.reduce(Rational.zero) { $0 + $1.value })
      for one in result.measurement.increments where one.radius == distance.radius {
        #expect(one.means.increments.allSatisfy { ($0.quantiles.last ?? 0) <= numerator / Double($0.count + 1) })
      }
    }
  }

  @Test func aNetworkWithoutDerivedBoundsSaysSo() throws {
    let text = SampleExperiment.text(
      ("[\"head(softmax, key: 2, value: 2)\"]", "[\"linear(3, bias)\", \"gelu\", \"mean\", \"linear(2, bias)\"]"),
      ("mean-square", "cross-entropy"),
      ("\"ablations\": [{ \"name\": \"frozen\", \"train\": { \"only\": [\"W_V\"] } }],", ""))
    let other = try experiment.run(try experiment.configuration(text), in: "mlp").run()
    #expect(other.bounds.center == nil && !other.bounds.limitation.isEmpty)
    for distance in other.bounds.distances {
      #expect(distance.study.rows[0].outcome(.rigorous)?.found == nil)
      for outcome in distance.study.rows[0].outcomes { #expect(outcome.found.map { $0.origin == .measured } ?? true) }
    }
  }

  @Test func theReportHasItsFiles() throws {
    let names = Set(result.files().map(\.path))
    for name in [
      "networks.tex", "networks.csv", "slopes.tex", "increments.svg", "increments-figure.tex", "sample-size-2.svg",
      "results.json", "experiment.tex",
    ] { #expect(names.contains(name), "\(name)") }
    let manifest = StudyManifest(result, version: "1")
    #expect(manifest.data == SHA256.hexadecimal(of: Array(SampleExperiment.images.utf8)))
  }

  @Test func adaptersBeginAtTheWeightsTheyAdapt() throws {
    let text = SampleExperiment.text(
      ("\"only\": [\"W_V\"]", "\"low_rank\": { \"rank\": 1 }, \"from\": \"first/network/checkpoint.safetensors\""))
    let configuration = try experiment.configuration(text)
    let trained = try experiment.run(configuration, in: "adapted").train(ExperimentSamples(configuration))
    let adapted = trained[1].training
    #expect(adapted.network.parameters.map(\.name) == ["A_Q^1", "B_Q^1", "A_V^1", "B_V^1"])
    #expect(adapted.constants.sorted() == weights.sorted())
    // With the second factors zero the network is the one that was adapted.
    let start = try InitialWeights(
      adapted.problem, seed: 1, from: experiment.folder + "/first/network/checkpoint.safetensors")
    #expect(try adapted.training.losses(at: start.weights) == training.training.losses(at: weights))
    #expect(adapted.weights != start.weights)
  }
}

/// The orders in which the samples are gone through.
enum SampleExperimentOrder {
  static func order(of count: Int, seed: UInt64, index: Int) -> [Int] {
    Permutation.random(of: count, seed: SplitMix64.combined(seed, UInt64(index)))
  }
}
