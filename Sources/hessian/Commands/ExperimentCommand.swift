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
      "The folder for everything; with several configurations each has a folder NAME in it. (default: report/experiment/NAME)",
      valueName: "folder"))
  var output: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The most threads; results do not depend on it.", valueName: "n"),
    transform: PositiveSize.parse)
  var threads: Int = Processors.count

  @Flag(help: "Train only; measure nothing.")
  var trainOnly = false

  @OptionGroup var general: GeneralOptions

  func validate() throws {
    guard files.isEmpty == (rerun != nil) else {
      throw ValidationError("Give a configuration, or a manifest (--rerun MANIFEST).")
    }
    if rerun != nil, output == nil {
      throw ValidationError("Give a folder for the repeated run (--output FOLDER), so that the first one stays.")
    }
    if rerun != nil, trainOnly {
      throw ValidationError("A manifest is compared with what is measured: leave --train-only out.")
    }
  }

  func run() throws {
    if let rerun {
      let manifest = try ExperimentManifest(path: rerun)
      let configuration = try ExperimentConfiguration(manifest.configuration, folder: manifest.folder, path: rerun)
      try repeated(manifest, try perform(configuration, in: try GeneratedFolder(output ?? "")))
      return
    }
    let configurations = try files.map { try ExperimentConfiguration(path: $0) }
    if let name = configurations.map(\.name).firstRepeated {
      throw ValidationError("Two configurations are called \(name): give each its own name.")
    }
    let parent = output ?? "report/experiment", isSingle = configurations.count == 1
    let folders = try configurations.map {
      try GeneratedFolder(isSingle && output != nil ? parent : "\(parent)/\($0.name)")
    }
    let results = try zip(configurations, folders).compactMap { try perform($0, in: $1) }
    guard !isSingle, !results.isEmpty else { return }
    let document = ExperimentResult.document(of: results).latex
    _ = try GeneratedFolder(parent).write([GeneratedFile(path: "experiment.tex", text: document)])
  }

  /// Runs an experiment; `nil` where nothing is measured.
  private func perform(
    _ configuration: ExperimentConfiguration, in folder: GeneratedFolder
  ) throws -> ExperimentResult? {
    let interruption = InterruptionRequest()
    let progress = ExperimentProgress(epochs: configuration.plan.epochs, quiet: general.quiet, isSilent: general.json)
    defer { progress.finish() }
    let run = ExperimentRun(
      configuration, threads: threads, folder: { try folder.create($0) }, isInterrupted: { interruption.isMade },
      report: { progress.report($0) })
    do {
      if trainOnly {
        _ = try run.train(try ExperimentSamples(configuration))
        return nil
      }
      let result = try run.run()
      progress.finish()
      try write(result, to: folder)
      return result
    } catch let error as StudyInterruption {
      throw CommandError(
        "interrupted; what is trained so far is in \(error.place)", hint: "the same command goes on from there",
        status: .interrupted)
    } catch let error as Divergence {
      throw CommandError(
        error.description, hint: "checkpoints of the epochs before stay in \(folder.path)", status: .undecided)
    }
  }

  private func write(_ result: ExperimentResult, to folder: GeneratedFolder) throws {
    let manifest = ExperimentManifest(result, version: HessianCommand.version)
    let files = result.files() + [GeneratedFile(path: "manifest.json", text: manifest.json.prettyDescription + "\n")]
    let paths = try folder.write(files)
    if general.json {
      try StandardOutput.write(result.results)
    } else {
      try StandardOutput.write(result.text + "\nWritten: \(paths.count) files to \(folder.path)\n")
    }
  }

  /// Compares a repeated run with the first.
  private func repeated(_ manifest: ExperimentManifest, _ result: ExperimentResult?) throws {
    guard let result else { return }
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
