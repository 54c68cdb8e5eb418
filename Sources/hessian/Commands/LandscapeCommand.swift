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

  @Argument(help: ArgumentHelp("The configurations, one or several.", valueName: "config"))
  var files: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Repeat the run that a manifest describes; exit status 1 says that numbers differ.", valueName: "manifest"))
  var rerun: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The folder for everything; with several configurations each has a folder NAME in it. (default: report/landscape/NAME)",
      valueName: "folder"))
  var output: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Write the first images of the data as SVG, and do nothing else.", valueName: "file"))
  var preview: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The most threads; results do not depend on it.", valueName: "n"),
    transform: PositiveSize.parse)
  var threads: Int = Processors.count

  @OptionGroup var general: GeneralOptions

  func validate() throws {
    guard files.isEmpty == (rerun != nil) else {
      throw ValidationError("Give a configuration, or a manifest (--rerun MANIFEST).")
    }
    if rerun != nil, output == nil {
      throw ValidationError("Give a folder for the repeated run (--output FOLDER), so that the first one stays.")
    }
    if preview != nil, files.count != 1 || output != nil {
      throw ValidationError("Images are those of one configuration, and nothing else is written: leave the rest out.")
    }
  }

  func run() throws {
    if let rerun {
      let manifest = try ExperimentManifest(path: rerun, command: LandscapeResult.command)
      let configuration = try LandscapeConfiguration(manifest.configuration, folder: manifest.folder, path: rerun)
      try compare(manifest, try perform(configuration, in: try GeneratedFolder(output ?? "")))
      return
    }
    let configurations = try files.map { try LandscapeConfiguration(path: $0) }
    if let preview { return try show(configurations[0], preview) }
    if let name = configurations.map(\.name).firstRepeated {
      throw ValidationError("Two configurations are called \(name): give each its own name.")
    }
    let parent = output ?? "report/landscape", isSingle = configurations.count == 1
    let folders = try configurations.map {
      try GeneratedFolder(isSingle && output != nil ? parent : "\(parent)/\($0.name)")
    }
    let results = try zip(configurations, folders).map { try perform($0, in: $1) }
    guard !isSingle else { return }
    let document = LandscapeResult.document(of: results).latex
    _ = try GeneratedFolder(parent).write([GeneratedFile(path: "landscape.tex", text: document)])
  }

  private func show(_ configuration: LandscapeConfiguration, _ path: String) throws {
    guard let images = try ExperimentSamples(configuration.task).images else {
      throw CommandError(
        "the data of \(configuration.name) are texts", hint: "images can be shown; leave --preview out", status: .usage)
    }
    try ResultWriter.write(LandscapeResult.imageFigure(images, name: configuration.name).svg(), to: path)
  }

  private func perform(
    _ configuration: LandscapeConfiguration, in folder: GeneratedFolder
  ) throws -> LandscapeResult {
    let interruption = InterruptionRequest()
    let progress = ExperimentProgress(epochs: configuration.plan.epochs, quiet: general.quiet, isSilent: general.json)
    defer { progress.finish() }
    let run = LandscapeRun(
      configuration, threads: threads, folder: { try folder.create($0) }, isInterrupted: { interruption.isMade },
      report: { report($0, to: progress) })
    do {
      let result = try run.run()
      progress.finish()
      try write(result, to: folder)
      return result
    } catch let error as StudyInterruption {
      throw CommandError(
        "interrupted; what is done so far is in \(error.place)", hint: "the same command goes on from there",
        status: .interrupted)
    } catch let error as Divergence {
      throw CommandError(
        error.description, hint: "checkpoints of the epochs before stay in \(folder.path)", status: .undecided)
    }
  }

  private func report(_ event: LandscapeRun.Event, to progress: ExperimentProgress) {
    switch event {
    case .training(let name, let step, let total, let record, let epochs):
      progress.epochs = epochs
      progress.report(.training(name, step: step, of: total, record))
    case .trained(let network, let seconds, let from):
      progress.report(.trained(network, seconds: seconds, from: from))
    case .evaluating(let plane, let network, let done, let total, let what):
      progress.report("plane \(plane), \(network)", done, of: total, what)
    case .evaluated(let plane, let network, let points, let samples, let seconds):
      progress.say(
        "plane \(plane), \(network): \(points) points of \(samples) samples in \(seconds.text(significantDigits: 3)) s")
    }
  }

  private func write(_ result: LandscapeResult, to folder: GeneratedFolder) throws {
    let manifest = ExperimentManifest(result, version: HessianCommand.version)
    let files = result.files() + [GeneratedFile(path: "manifest.json", text: manifest.json.prettyDescription + "\n")]
    let paths = try folder.write(files)
    if general.json {
      try StandardOutput.write(result.json.prettyDescription + "\n")
    } else {
      try StandardOutput.write(result.text + "\nWritten: \(paths.count) files to \(folder.path)\n")
    }
  }

  /// Compares a repeated run with the first.
  private func compare(_ manifest: ExperimentManifest, _ result: LandscapeResult) throws {
    guard manifest.data == result.digest else {
      throw FileError(
        .badData, path: result.configuration.data.file.map { result.configuration.task.path($0) } ?? manifest.folder,
        reason: "the data are not those of the first run", advice: "their SHA-256 must be \(manifest.data)")
    }
    guard manifest.results == ExperimentManifest.digest(result) else {
      throw CommandError(
        "the numbers differ from those of the first run",
        hint: "that was made by version \(manifest.version), this is \(HessianCommand.version); compare results.json",
        status: .failed)
    }
    if !general.json { try StandardOutput.write("The numbers are those of the first run, to the last digit.\n") }
  }
}
