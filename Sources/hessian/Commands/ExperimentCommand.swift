import ArgumentParser
import AttentionHessian

/// Trains networks on images and measures what the theory is about.
struct ExperimentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experiment",
    abstract: "Train networks on images; measure losses, gradients, Hessians and k* at the trained weights.",
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
    help: ArgumentHelp("Repeat the run that a manifest describes; exit status 1 says that numbers differ.", valueName: "manifest"))
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
    if rerun != nil, output == nil {
      throw ValidationError("Give a folder for the repeated run (--output FOLDER), so that the first one stays.")
    }
    if rerun != nil, trainOnly { throw ValidationError("A manifest is compared with what is measured: leave --train-only out.") }
  }

  func run() throws {
    let manifest = try rerun.map { try ExperimentManifest(path: $0) }
    let configuration: ExperimentConfiguration
    if let manifest, let rerun {
      configuration = try ExperimentConfiguration(manifest.configuration, folder: manifest.folder, path: rerun)
    } else {
      configuration = try ExperimentConfiguration(path: file ?? "")
    }
    let folder = try GeneratedFolder(output ?? "report/experiment/\(configuration.name)")
    let interruption = InterruptionRequest()
    let progress = ExperimentProgress(epochs: configuration.plan.epochs, quiet: general.quiet, isSilent: general.json)
    let run = ExperimentRun(
      configuration, threads: threads, folder: { try folder.create($0) }, isInterrupted: { interruption.isMade },
      report: { progress.report($0) })
    do {
      if trainOnly {
        _ = try run.train(try ExperimentSamples(configuration))
        return progress.finish()
      }
      try finish(try run.run(), manifest, folder, progress)
    } catch let error as ExperimentRun.Interrupted {
      progress.finish()
      throw CommandError(
        "interrupted; what is trained so far is in \(error.place)", hint: "the same command goes on from there",
        status: .interrupted)
    } catch let error as Divergence {
      progress.finish()
      throw CommandError(
        error.description, hint: "the last good checkpoint stays in \(folder.path)", status: .undecided)
    }
  }

  private func finish(
    _ result: ExperimentResult, _ manifest: ExperimentManifest?, _ folder: GeneratedFolder,
    _ progress: ExperimentProgress
  ) throws {
    progress.finish()
    if let manifest, manifest.images != result.digest {
      throw FileError(
        .badData, path: result.configuration.path(result.configuration.data.file),
        reason: "it is not the file of the first run", advice: "its SHA-256 must be \(manifest.images)")
    }
    let own = ExperimentManifest(result, version: HessianCommand.version)
    let files = result.files() + [GeneratedFile(path: "manifest.json", text: own.json.prettyDescription + "\n")]
    let paths = try folder.write(files)
    if general.json {
      try StandardOutput.write(result.json.prettyDescription + "\n")
    } else {
      try StandardOutput.write(result.text + "\nWritten: \(paths.count) files to \(folder.path)\n")
    }
    guard let manifest else { return }
    guard manifest.results == own.results else {
      throw CommandError(
        "the numbers differ from those of the first run",
        hint: "it was made by version \(manifest.version), this is \(own.version); compare results.json", status: .failed)
    }
    if !general.json { try StandardOutput.write("The numbers are those of the first run, to the last digit.\n") }
  }
}
