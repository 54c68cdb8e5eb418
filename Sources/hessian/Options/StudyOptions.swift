import ArgumentParser
import AttentionHessian

/// What the commands of configurations share: files in, a folder for each of them out.
struct StudyOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The configurations, one or several.", valueName: "config"))
  var files: [String]

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

  /// Carries out each configuration and writes its report, then of several one document.
  ///
  /// - Parameters:
  ///   - configurations: what the files hold, in their order.
  ///   - perform: makes a report; given the path of a folder that exists.
  func run<Configuration, Report: StudyReport>(
    _ configurations: [Configuration], named name: (Configuration) -> String, _ general: GeneralOptions,
    perform: (Configuration, _ folder: String) throws -> Report
  ) throws {
    if let repeated = configurations.map(name).firstRepeated {
      throw ValidationError("Two configurations are called \(repeated): give each its own name.")
    }
    let parent = output ?? "report/\(Report.command)", isSingle = configurations.count == 1
    let folders = try configurations.map {
      try GeneratedFolder(isSingle && output != nil ? parent : "\(parent)/\(name($0))")
    }
    var reports: [Report] = []
    for (configuration, folder) in zip(configurations, folders) {
      do {
        reports.append(try perform(configuration, try folder.create("runs")))
      } catch let interruption as StudyInterruption {
        throw CommandError(
          "interrupted; what was found so far is in \(interruption.place)",
          hint: "the same command goes on from there", status: .interrupted)
      }
      let report = reports[reports.count - 1]
      let paths = try folder.write(report.files())
      if general.json {
        try StandardOutput.write(report.results)
      } else {
        try StandardOutput.write(report.text + "\nWritten: \(paths.count) files to \(folder.path)\n")
      }
    }
    let document = GeneratedFile(path: "\(Report.command).tex", text: Report.document(of: reports).latex)
    if !isSingle { _ = try GeneratedFolder(parent).write([document]) }
  }
}

extension [String] {
  /// The first element that stands a second time.
  var firstRepeated: String? {
    var seen: Set<String> = []
    return first { !seen.insert($0).inserted }
  }
}
