import ArgumentParser
import AttentionHessian

/// What the commands of configurations share: files in, a folder for each of them out.
struct StudyOptions: ParsableArguments {
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
      "The folder for everything; with several configurations each has a folder NAME in it. (default: report/COMMAND/NAME)",
      valueName: "folder"))
  var output: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The most threads; results do not depend on it.", valueName: "n"),
    transform: PositiveSize.parse)
  var threads: Int = Processors.count

  func validate() throws {
    guard files.isEmpty == (rerun != nil) else {
      throw ValidationError("Give a configuration, or a manifest (--rerun MANIFEST).")
    }
    if rerun != nil, output == nil {
      throw ValidationError("Give a folder for the repeated run (--output FOLDER), so that the first one stays.")
    }
  }

  /// Carries out each configuration and writes its report, then of several one document; or repeats a run.
  ///
  /// - Parameter perform: makes a report, or `nil` where there is none to be made.
  func run<Report: StudyReport>(
    _ general: GeneralOptions, perform: (Report.Configuration, GeneratedFolder) throws -> Report?
  ) throws {
    if let rerun {
      let manifest = try StudyManifest(path: rerun, command: Report.command)
      let configuration = try Report.Configuration(manifest.configuration, folder: manifest.folder, path: rerun)
      let folder = try GeneratedFolder(output ?? "")
      guard !folder.holds("manifest.json") else {
        throw CommandError(
          "\(folder.path) holds a finished run, of which the numbers would be taken",
          hint: "give another folder for the repeated run (--output)", status: .usage)
      }
      guard let report = try attempt(configuration, in: folder, general, perform) else { return }
      return try compare(manifest, report, general)
    }
    let configurations = try files.map { try Report.Configuration(path: $0) }
    if let name = configurations.map(\.name).firstRepeated {
      throw ValidationError("Two configurations are called \(name): give each its own name.")
    }
    let parent = output ?? "report/\(Report.command)", isSingle = configurations.count == 1
    let folders = try configurations.map {
      try GeneratedFolder(isSingle && output != nil ? parent : "\(parent)/\($0.name)")
    }
    let reports = try zip(configurations, folders).compactMap { try attempt($0, in: $1, general, perform) }
    guard !isSingle, !reports.isEmpty else { return }
    let document = Report.document(of: reports).latex
    _ = try GeneratedFolder(parent).write([GeneratedFile(path: "\(Report.command).tex", text: document)])
  }

  /// Makes a report and writes it.
  private func attempt<Report: StudyReport>(
    _ configuration: Report.Configuration, in folder: GeneratedFolder, _ general: GeneralOptions,
    _ perform: (Report.Configuration, GeneratedFolder) throws -> Report?
  ) throws -> Report? {
    do {
      guard let report = try perform(configuration, folder) else { return nil }
      let manifest = StudyManifest(report, version: HessianCommand.version)
      let paths = try folder.write(
        report.files() + [GeneratedFile(path: "manifest.json", text: manifest.json.prettyDescription + "\n")])
      try StandardOutput.write(
        general.json ? report.results : report.text + "\nWritten: \(paths.count) files to \(folder.path)\n")
      return report
    } catch let interruption as StudyInterruption {
      guard let place = interruption.place else {
        throw CommandError(
          "interrupted; nothing is kept", hint: "the same command begins anew", status: .interrupted)
      }
      throw CommandError(
        "interrupted; what is done so far is in \(place)", hint: "the same command goes on from there",
        status: .interrupted)
    } catch let error as Divergence {
      throw CommandError(
        error.description, hint: "checkpoints of the epochs before stay in \(folder.path)", status: .undecided)
    }
  }

  /// Compares a repeated run with the first.
  private func compare(_ manifest: StudyManifest, _ report: some StudyReport, _ general: GeneralOptions) throws {
    guard manifest.data == report.dataDigest else {
      throw FileError(
        .badData, path: rerun ?? "", reason: "the data are not those of the first run",
        advice: "their SHA-256 must be \(manifest.data)")
    }
    guard manifest.results == StudyManifest.digest(report) else {
      throw CommandError(
        "the numbers differ from those of the first run",
        hint: "that was made by version \(manifest.version), this is \(HessianCommand.version); compare results.json",
        status: .failed)
    }
    if !general.json { try StandardOutput.write("The numbers are those of the first run, to the last digit.\n") }
  }
}

extension [String] {
  /// The first element that stands a second time.
  fileprivate var firstRepeated: String? {
    var seen: Set<String> = []
    return first { !seen.insert($0).inserted }
  }
}
