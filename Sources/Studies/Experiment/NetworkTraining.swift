import Arithmetic
import Evaluation
import Formulas
import TensorFiles
import Training
import Transformers

/// The training of one network of an experiment: it goes on where a checkpoint was left, and leaves checkpoints.
public final class NetworkTraining {
  public let variant: ExperimentConfiguration.Variant
  public let network: Network
  public let objective: Objective
  public let problem: TrainingProblem
  public let training: SampleLosses
  public let heldOut: SampleLosses?
  /// The weights that are not trained.
  public let constants: [Double]
  /// The epochs so far.
  public private(set) var records: [EpochRecord] = []
  /// The step that training was taken up at; zero for one from the beginning.
  public private(set) var resumedStep = 0
  private let trainer: Trainer
  private let folder: String
  private let identity: String

  /// The file of the state, and of the epochs.
  public static let checkpoint = "checkpoint.safetensors", log = "log.jsonl"

  /// - Parameters:
  ///   - folder: where checkpoint and log are, if there are any, and are written; it must exist.
  ///   - threads: what comes out does not depend on them.
  /// - Errors: `badData` for what does not fit together, and for a checkpoint of another configuration.
  public init(
    _ variant: ExperimentConfiguration.Variant, of task: TrainingTask, _ samples: ExperimentSamples, folder: String,
    threads: Int
  ) throws {
    (self.variant, self.folder) = (variant, folder)
    (network, objective) = try samples.objective(variant)
    problem = try TrainingProblem(objective)
    let rows = try Environment<Double>(sizes: [:]).number(network.output.shape.rows)
    let (train, moved, rest) = samples.split(targetRows: rows)
    let start = try InitialWeights(
      problem, seed: task.plan.seed, from: variant.start.map { task.path($0) })
    constants = start.constants
    training = SampleLosses(problem, train, constants: constants, threads: threads)
    let isMoved = moved.count > train.count
    let batches = isMoved ? SampleLosses(problem, moved, constants: constants, threads: threads) : training
    heldOut = rest.count > 0 ? SampleLosses(problem, rest, constants: constants, threads: threads) : nil
    identity = try Self.identity(variant, task, samples, network)
    var state = TrainingState(weights: start.weights)
    let path = "\(folder)/\(Self.checkpoint)"
    if FileInput.exists(path) {
      state = try Checkpoint.read(path, identity: identity, layout: problem.layout)
      records = try TrainingLog.read("\(folder)/\(Self.log)", upTo: state.step)
      resumedStep = state.step
    }
    trainer = Trainer(
      task.plan, batches, heldOut: heldOut, copies: moved.count / train.count, from: state)
  }

  public var weights: [Double] { trainer.state.weights }
  public var isFinished: Bool { trainer.isFinished }
  public var stepsPerEpoch: Int { trainer.stepsPerEpoch }

  /// Trains to the end of the plan.
  ///
  /// - Parameters:
  ///   - isInterrupted: asked after each step; then the state is saved.
  ///   - progress: told after each step, and given the record of an epoch that has ended.
  /// - Returns: whether the plan is finished.
  /// - Errors: `Divergence`, those of the files; the last checkpoint stays.
  public func run(
    isInterrupted: () -> Bool, progress: (_ step: Int, _ of: Int, EpochRecord?) -> Void
  ) throws -> Bool {
    while !trainer.isFinished {
      let record = try trainer.advance()
      if let record {
        records.append(record)
        try save()
      }
      progress(trainer.state.step, trainer.totalSteps, record)
      if isInterrupted() {
        if record == nil { try save() }
        return false
      }
    }
    return true
  }

  /// The log first: a checkpoint without its epochs could not be taken up.
  private func save() throws(FileError) {
    try AtomicFile.write(TrainingLog.text(records), to: "\(folder)/\(Self.log)")
    try Checkpoint.write(
      trainer.state, layout: problem.layout, constants: (constants, problem.constantLayout), identity: identity,
      to: "\(folder)/\(Self.checkpoint)")
  }

  /// All that decides the course of the training.
  private static func identity(
    _ variant: ExperimentConfiguration.Variant, _ task: TrainingTask, _ samples: ExperimentSamples, _ network: Network
  ) throws(FileError) -> String {
    var text = network.text + "\n\(task.loss.rawValue)\n\(samples.digest)\n"
    text += network.parameters.map(\.name).joined(separator: " ") + "\n"
    for description in task.descriptions { text += description + "\n" }
    if let start = variant.start { text += SHA256.hexadecimal(of: try FileInput.read(task.path(start))) }
    return SHA256.hexadecimal(of: Array(text.utf8))
  }
}
