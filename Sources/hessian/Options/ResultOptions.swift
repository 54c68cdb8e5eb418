import ArgumentParser

/// Options of subcommands with one result.
struct ResultOptions: ParsableArguments {
  @Option(help: "The form of the result, as far as it has one. (default: text)")
  var format: OutputFormat?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Write to this file, whole or not at all, not to standard output.", valueName: "file"))
  var output: String?

  /// The chosen form.
  ///
  /// - Errors: one the subcommand does not have, one beside `--json`, or binary data for a terminal.
  func format(_ general: GeneralOptions, of available: [OutputFormat]) throws -> OutputFormat {
    if general.json, let format, format != .json {
      throw ValidationError("--json and --format \(format.rawValue) exclude each other: give one of them")
    }
    let chosen = general.json ? .json : format ?? .text
    guard available.contains(chosen) else {
      let names = available.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("The result has no form '\(chosen.rawValue)': give one of \(names) (--format)")
    }
    if chosen == .npy, output == nil, Terminal.standardOutput.isTerminal {
      throw ValidationError("The form npy is binary: give --output FILE or redirect standard output")
    }
    return chosen
  }
}
