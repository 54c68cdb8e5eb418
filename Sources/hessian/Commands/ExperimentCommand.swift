import ArgumentParser
import AttentionHessian

/// Trains networks on images and measures what the theory is about.
struct ExperimentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experiment",
    abstract: "Train networks on images; measure losses, Hessians and k* at the trained weights.",
    discussion: """
      The configuration is a JSON file, described by Examples/experiment.schema.json. Each network is trained by Adam with \
      a warm-up and a cosine decay; after each epoch a checkpoint and the log (one JSON object in each line) are \
      written. An interrupted run goes on when the same command is given again, to the last bit. The layers of a network \
      are \(Layer.words.joined(separator: ", ")); names of weights are such as W_Q^{3,1}, W_Q or layer 3.

      EXAMPLES:
        hessian experiment Examples/vit.json
        hessian experiment Examples/theory.json --output /tmp/theory
        hessian experiment --rerun report/experiment/vit/manifest.json --output /tmp/again
      """)

  @Argument(help: ArgumentHelp("The configuration.", valueName: "config"))
  var file: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Repeat the run that a manifest describes, and compare the numbers.", valueName: "manifest"))
  var rerun: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The folder for everything. (default: report/experiment/NAME)", valueName: "folder"))
  var output: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The most threads; results do not depend on it.", valueName: "n"),
    transform: PositiveSize.parse)
  var threads: Int = Processors.count

  @Flag(help: "Train only; measure nothing.")
  var trainOnly = false

  @OptionGroup var general: GeneralOptions

  func validate() throws {
    guard (file == nil) != (rerun == nil) else {
      throw ValidationError("Give a configuration, or a manifest (--rerun MANIFEST).")
    }
  }

  func run() throws {
    guard let file else { return }
    let configuration = try ExperimentConfiguration(path: file)
    let samples = try ExperimentSamples(configuration)
    let path = output ?? "report/experiment/\(configuration.name)"
    let folder = try GeneratedFolder(path)
    let interruption = InterruptionRequest()
    for variant in [configuration.network] + configuration.ablations {
      let place = try folder.create(variant.name)
      let start = ContinuousClock.now
      let training = try NetworkTraining(variant, of: configuration, samples, folder: place, threads: threads)
      var progress = TrainingProgress(variant.name, epochs: configuration.plan.epochs, quiet: general.quiet)
      let isFinished = try training.run(isInterrupted: { interruption.isMade }) { progress.update($0, of: $1, $2) }
      progress.finish()
      guard isFinished else { throw CommandError(
          "interrupted after \(training.records.count) epochs", hint: "the same command goes on from there",
          status: .interrupted) }
      let time = ContinuousClock.now - start
      let last = training.records.last
      try StandardOutput.write("\(variant.name): \(training.problem.layout.count) weights, \(time), \(last?.heldOutAccuracy ?? 0) \(last?.loss ?? 0) \(last?.accuracy ?? 0) \(last?.heldOutLoss ?? 0)\n")
      if configuration.minimization > 0 {
        let w = try training.training.minimum(from: training.weights, iterations: configuration.minimization, isStopped: { interruption.isMade })
        try StandardOutput.write("minimised: \(try training.training.gradientNorm(at: training.weights)) -> \(try training.training.gradientNorm(at: w)) loss \(try training.training.total(at: w)) \(try training.heldOut!.total(at: w)) \(ContinuousClock.now - start)\n")
      }
    }
  }
}
