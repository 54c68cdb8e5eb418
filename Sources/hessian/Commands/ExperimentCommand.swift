import ArgumentParser
import AttentionHessian

/// Trains networks on images or texts and measures what the theory is about.
struct ExperimentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experiment",
    abstract: "Train networks on images or texts; measure losses, gradients, Hessians and k* at the trained weights.",
    discussion: """
      The configuration is a JSON file, described by Examples/experiment.schema.json. Each network is trained by Adam with \
      a warm-up and a cosine decay; after each epoch a checkpoint and the log (one JSON object in each line) are \
      written. An interrupted run goes on when the same command is given again, to the last bit. The layers of a network \
      are \(Layer.words.joined(separator: ", ")); names of weights are such as W_Q^{3,1}, W_Q or layer 3.

      EXAMPLES:
        hessian experiment Examples/vit.json
        hessian experiment Examples/theory.json Examples/vit.json
        hessian experiment my.json --output /tmp/mine --train-only
        hessian experiment --rerun report/experiment/vit/manifest.json --output /tmp/again
      """)

  @OptionGroup var study: StudyOptions

  @Flag(help: "Train only; measure nothing.")
  var trainOnly = false

  @OptionGroup var general: GeneralOptions

  func validate() throws {
    if study.rerun != nil, trainOnly {
      throw ValidationError("A manifest is compared with what is measured: leave --train-only out.")
    }
  }

  func run() throws {
    let interruption = InterruptionRequest()
    try study.run(general) { (configuration, folder) throws -> ExperimentResult? in
      let progress = TrainingProgress(
        epochs: configuration.plan.epochs, quiet: general.quiet, isSilent: general.json)
      defer { progress.finish() }
      let run = ExperimentRun(
        configuration, threads: study.threads, folder: { try folder.create($0) },
        isInterrupted: { interruption.isMade }, report: { progress.report($0) })
      guard trainOnly else { return try run.run() }
      _ = try run.train(try ExperimentSamples(configuration))
      return nil
    }
  }
}
