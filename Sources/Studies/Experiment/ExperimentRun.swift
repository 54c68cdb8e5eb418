import Arithmetic
import TensorFiles
import Training

/// Runs an experiment: trains every network, then measures and bounds the first.
public struct ExperimentRun {
  /// How far the work has come.
  public enum Event: Sendable {
    case training(String, step: Int, of: Int, EpochRecord?)
    /// A network is trained; the seconds count this run alone.
    case trained(ExperimentResult.Trained, seconds: Double, from: Int)
    case minimizing(String)
    case measuring(String, done: Int, of: Int)
  }

  public let configuration: ExperimentConfiguration
  public let threads: Int
  /// Gives the folder of a network, which exists.
  public let folder: (_ network: String) throws -> String
  public let isInterrupted: () -> Bool
  public let report: (Event) -> Void

  public init(
    _ configuration: ExperimentConfiguration, threads: Int, folder: @escaping (String) throws -> String,
    isInterrupted: @escaping () -> Bool = { false }, report: @escaping (Event) -> Void = { _ in }
  ) {
    (self.configuration, self.threads, self.folder) = (configuration, threads, folder)
    (self.isInterrupted, self.report) = (isInterrupted, report)
  }

  /// Trains all networks.
  ///
  /// - Returns: each with its final weights.
  /// - Errors: those of the configuration and the files, `Divergence`, `StudyInterruption`.
  public func train(
    _ samples: ExperimentSamples
  ) throws -> [(training: NetworkTraining, weights: [Double], result: ExperimentResult.Trained)] {
    // What does not fit together is said before the first is trained.
    let variants = [configuration.network] + configuration.ablations
    for variant in variants { _ = try samples.objective(variant) }
    return try variants.map { variant in
      let start = ContinuousClock.now, place = try folder(variant.name)
      let training = try NetworkTraining(variant, of: configuration.task, samples, folder: place, threads: threads)
      let isFinished = try training.run(isInterrupted: isInterrupted) {
        report(.training(variant.name, step: $0, of: $1, $2))
      }
      guard isFinished else { throw StudyInterruption(place: place) }
      let weights = try minimized(training)
      let result = try ExperimentResult.Trained(training, at: weights)
      let time = ContinuousClock.now - start
      report(
        .trained(
          result, seconds: time.seconds, from: training.resumedStep))
      return (training, weights, result)
    }
  }

  /// Trains, measures and bounds.
  ///
  /// - Errors: as for ``train(_:)``; those of evaluation.
  public func run() throws -> ExperimentResult {
    let samples = try ExperimentSamples(configuration)
    let trained = try train(samples)
    let (training, weights, _) = trained[0]
    let measurement = try ExperimentMeasurement(
      training.training, at: weights, configuration.measurements, seed: configuration.plan.seed
    ) { done, total, what in
      if isInterrupted() { throw StudyInterruption(place: try folder(configuration.network.name)) }
      report(.measuring(what, done: done, of: total))
    }
    report(.measuring("bounds", done: 0, of: 0))
    let bounds = try ExperimentBounds(training, at: weights, measurement, configuration.measurements)
    return ExperimentResult(
      configuration: configuration, digest: samples.digest, samples: training.training.samples.count,
      heldOut: training.heldOut?.samples.count ?? 0, networks: trained.map(\.result), measurement: measurement,
      bounds: bounds)
  }

  private func minimized(_ training: NetworkTraining) throws -> [Double] {
    guard configuration.minimization > 0 else { return training.weights }
    guard training.weights.count <= SampleLosses.largestMinimization else {
      throw FileError(
        .badData, path: configuration.name,
        reason: "minimization of \(training.weights.count) weights needs too much memory",
        advice: "leave \"minimization\" out, or train at most \(SampleLosses.largestMinimization) weights")
    }
    report(.minimizing(training.variant.name))
    let weights = try training.training.minimum(
      from: training.weights, iterations: configuration.minimization, isStopped: isInterrupted)
    if isInterrupted() { throw StudyInterruption(place: try folder(training.variant.name)) }
    return weights
  }
}
