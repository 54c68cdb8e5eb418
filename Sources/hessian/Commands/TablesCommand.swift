import ArgumentParser
import AttentionHessian

/// The LaTeX tables of all results.
struct TablesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tables",
    abstract: "Write the LaTeX tables: laws, verification, verdicts, Theorem 1, and the real layer.",
    discussion: """
      Fragments for booktabs and siunitx, each with its provenance and the packages it needs, and one document that shows \
      them all: the same bytes on every machine. The paths written are listed on standard output.

      EXAMPLES:
        hessian tables
        hessian tables --output /tmp/tables
      """)

  @Option(parsing: .unconditional, help: ArgumentHelp("The folder to write to.", valueName: "folder"))
  var output = "tables"

  @Option(parsing: .unconditional, help: ArgumentHelp("The folder with the witnesses.", valueName: "folder"))
  var witnesses = Audit.witnessFolder

  @OptionGroup var general: GeneralOptions

  func run() throws {
    let folder = try GeneratedFolder(output)
    try folder.report("tables", try Documents.tables(witnesses: witnesses), json: general.json)
  }
}
