import ArgumentParser
import AttentionHessian

/// The LaTeX documents of all derivations.
struct DerivationsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "derivations",
    abstract: "Write the LaTeX documents of all derivations, and the catalogue of laws.",
    discussion: """
      One document for each kernel, one for several heads, the laws, and the printed theorems on trial: the same bytes on every machine. The paths \
      written are listed on standard output.

      EXAMPLES:
        hessian derivations
        hessian derivations --output /tmp/derivations
      """)

  @Option(parsing: .unconditional, help: ArgumentHelp("The folder to write to.", valueName: "folder"))
  var output = "derivations"

  @Option(parsing: .unconditional, help: ArgumentHelp("The folder with the witnesses.", valueName: "folder"))
  var witnesses = Audit.witnessFolder

  @OptionGroup var general: GeneralOptions

  func run() throws {
    let folder = try GeneratedFolder(output)
    try folder.report("derivations", try Documents.derivations(witnesses: witnesses), json: general.json)
  }
}
