import ArgumentParser
import AttentionHessian

/// Trains a network, goes on with either kernel, and draws the loss over planes through the weights.
struct LandscapeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "landscape",
    abstract: "Draw the loss over planes of query and key weights, softmax and Gaussian side by side.",
    discussion: """
      The configuration is a JSON file, described by Examples/landscape.schema.json. The network is trained, then \
      trained further with each kernel; the mean loss of a batch is evaluated over planes through the final weights, beside its \
      second-order model from the exact Hessian. What is left are contours and surfaces (SVG, pgfplots), the points (CSV), \
      eigenvalues in the plane and the mean deviation from the model. An interrupted run goes on when the same command is given \
      again, to the last bit.

      EXAMPLES:
        hessian landscape Examples/landscape.json
        hessian landscape Examples/pathfinder.json --preview paths.svg
        hessian landscape --rerun report/landscape/digits/manifest.json --output /tmp/again
      """)

  @OptionGroup var study: StudyOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Write the first images of the data as SVG, and do nothing else.", valueName: "file"))
  var preview: String?

  @OptionGroup var general: GeneralOptions

  func validate() throws {
    if preview != nil, study.files.count != 1 || study.output != nil {
      throw ValidationError("Images are those of one configuration, and nothing else is written: leave the rest out.")
    }
  }

  func run() throws {
    if let preview { return try show(try LandscapeConfiguration(path: study.files[0]), preview) }
    let interruption = InterruptionRequest()
    try study.run(general) { (configuration, folder) throws -> LandscapeResult? in
      let progress = TrainingProgress(
        epochs: configuration.plan.epochs, quiet: general.quiet, isSilent: general.json)
      defer { progress.finish() }
      return try LandscapeRun(
        configuration, threads: study.threads, folder: { try folder.create($0) },
        isInterrupted: { interruption.isMade }, report: { report($0, to: progress) }
      ).run()
    }
  }

  private func show(_ configuration: LandscapeConfiguration, _ path: String) throws {
    guard let images = try ExperimentSamples(configuration.task).images else {
      throw CommandError(
        "the data of \(configuration.name) are texts", hint: "images can be shown; leave --preview out", status: .usage)
    }
    try ResultWriter.write(LandscapeResult.imageFigure(images, name: configuration.name).svg(), to: path)
  }

  private func report(_ event: LandscapeRun.Event, to progress: TrainingProgress) {
    switch event {
    case .training(let name, let step, let total, let record, let epochs):
      progress.epochs = epochs
      progress.report(.training(name, step: step, of: total, record))
    case .trained(let network, let seconds, let from):
      progress.report(.trained(network, seconds: seconds, from: from))
    case .evaluating(let plane, let network, let done, let total, let work):
      progress.report("plane \(plane), \(network)", done, of: total, work.rawValue)
    case .evaluated(let plane, let network, let points, let samples, let seconds):
      progress.say(
        "plane \(plane), \(network): \(points) points of \(samples) samples in \(seconds.text(significantDigits: 3)) s")
    }
  }
}
