import Arithmetic
import TensorFiles
import Training
import Transformers

/// Makes a landscape: trains the network, goes on with each kernel, and evaluates every plane for each.
public struct LandscapeRun {
  /// What a plane needs.
  public enum Work: String, Sendable {
    case products, points
  }

  /// How far the work has come.
  public enum Event: Sendable {
    case training(String, step: Int, of: Int, EpochRecord?, epochs: Int)
    /// A network is trained; the seconds count this run alone.
    case trained(ExperimentResult.Trained, seconds: Double, from: Int)
    /// Points of a plane, or products with a Hessian, of an unknown number then.
    case evaluating(plane: String, network: String, done: Int, of: Int, Work)
    /// A plane is evaluated; points that were kept from before count as none.
    case evaluated(plane: String, network: String, points: Int, samples: Int, seconds: Double)
  }

  /// The name of the first training.
  public static let start = "start"

  public let configuration: LandscapeConfiguration
  public let threads: Int
  /// Gives the folder of a network, which exists.
  public let folder: (_ network: String) throws -> String
  public let isInterrupted: () -> Bool
  public let report: (Event) -> Void

  public init(
    _ configuration: LandscapeConfiguration, threads: Int, folder: @escaping (String) throws -> String,
    isInterrupted: @escaping () -> Bool = { false }, report: @escaping (Event) -> Void = { _ in }
  ) {
    (self.configuration, self.threads, self.folder) = (configuration, threads, folder)
    (self.isInterrupted, self.report) = (isInterrupted, report)
  }

  /// Trains and evaluates.
  ///
  /// - Errors: those of the configuration and the files, `Divergence`, `StudyInterruption`, those of evaluation.
  public func run() throws -> LandscapeResult {
    let samples = try ExperimentSamples(configuration.task)
    let first = variant(Self.start, configuration.layers, from: nil)
    // What does not fit together is said before the first is trained.
    _ = try samples.objective(first)
    let start = try trained(first, configuration.task, samples)
    var networks = [start]
    if let continuation = configuration.continuation {
      let task = configuration.continued(continuation)
      let checkpoint = try folder(Self.start) + "/" + NetworkTraining.checkpoint
      networks += try continuation.kernels.map { kernel in
        try trained(
          variant(kernel.rawValue, configuration.layers.map { $0.with(kernel) }, from: checkpoint), task, samples)
      }
    }
    let shown = configuration.continuation == nil ? networks : Array(networks.dropFirst())
    var planes: [LossPlane] = []
    for plane in configuration.planes {
      for network in shown { planes.append(try evaluated(plane, network.training, samples)) }
    }
    return LandscapeResult(
      configuration: configuration, digest: samples.digest, samples: start.training.training.samples.count,
      heldOut: start.training.heldOut?.samples.count ?? 0, networks: networks.map(\.result), planes: planes,
      images: samples.images)
  }

  private func variant(_ name: String, _ layers: [Layer], from start: String?) -> ExperimentConfiguration.Variant {
    ExperimentConfiguration.Variant(name: name, layers: layers, training: .all, start: start)
  }

  private func trained(
    _ variant: ExperimentConfiguration.Variant, _ task: TrainingTask, _ samples: ExperimentSamples
  ) throws -> (training: NetworkTraining, result: ExperimentResult.Trained) {
    let clock = ContinuousClock.now, place = try folder(variant.name)
    let training = try NetworkTraining(variant, of: task, samples, folder: place, threads: threads)
    let isFinished = try training.run(isInterrupted: isInterrupted) {
      report(.training(variant.name, step: $0, of: $1, $2, epochs: task.plan.epochs))
    }
    guard isFinished else { throw StudyInterruption(place: place) }
    let result = try ExperimentResult.Trained(training, at: training.weights)
    report(.trained(result, seconds: (ContinuousClock.now - clock).seconds, from: training.resumedStep))
    return (training, result)
  }

  private func evaluated(
    _ plane: LandscapeConfiguration.Plane, _ network: NetworkTraining, _ samples: ExperimentSamples
  ) throws -> LossPlane {
    let clock = ContinuousClock.now, name = network.variant.name, place = try folder(name)
    let evaluation = PlaneEvaluation(
      plane, network, digest: samples.digest, path: "\(place)/plane-\(plane.name).jsonl", threads: threads)
    var kept: Int?
    let result = try evaluation.run { done, total, work in
      if work == .points, kept == nil { kept = done }
      report(.evaluating(plane: plane.name, network: name, done: done, of: total, work))
      if isInterrupted() { throw StudyInterruption(place: place) }
    }
    report(
      .evaluated(
        plane: plane.name, network: name, points: plane.points * plane.points - (kept ?? 0), samples: result.samples,
        seconds: (ContinuousClock.now - clock).seconds))
    return result
  }
}
