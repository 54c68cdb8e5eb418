import ArgumentParser
import AttentionHessian

/// The verdicts on the printed statements.
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Put the printed theorems and the steps of their proofs on trial.",
    discussion: """
      Every statement is proven by a chain of laws, checked (an identity, at random points of a prime field), refuted by a \
      witness that is certified anew, or undecided. Witnesses are read from tables/witnesses; 'hessian falsify' searches \
      for new ones.

      The exit status is 0 when the audit could be made, whatever its verdicts. A witness that does not refute its claim is \
      an error.

      EXAMPLES:
        hessian audit
        hessian audit P1 --format json
        hessian audit P2.b P3.o.QK
        hessian audit --format latex --output claims.tex
      """)

  @Argument(help: "Claims, such as P1 with all its parts, or P1.a. (default: all)")
  var claims: [String] = []

  @Option(parsing: .unconditional, help: ArgumentHelp("The folder with the witnesses.", valueName: "folder"))
  var witnesses = Audit.witnessFolder

  @OptionGroup var result: ResultOptions
  @OptionGroup var general: GeneralOptions

  private static let formats: [OutputFormat] = [.text, .json, .csv, .latex]

  func validate() throws { _ = try result.format(general, of: Self.formats) }

  func run() throws {
    let report = AuditReport(try Audit(try Claims.selected(claims), witnesses: witnesses))
    switch try result.format(general, of: Self.formats) {
    case .json: try ResultWriter.write(try report.json(), to: result.output)
    case .csv: try ResultWriter.write(try report.csv(), to: result.output)
    case .latex: try ResultWriter.write(try report.latex(), to: result.output)
    default: try ResultWriter.write(try report.text(), to: result.output)
    }
  }
}
