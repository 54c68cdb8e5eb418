import ArgumentParser
import AttentionHessian

/// The command `hessian`: arguments in, reports out.
@main
struct HessianCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hessian",
    abstract: "Derive, check, evaluate and bound the loss Hessian of self-attention layers.",
    discussion: """
      EXAMPLES:
        hessian bound --x-max 1 --w-max 3/2 --length 8 --d-v 16 --d-k 16
        hessian derive --kernel softmax --block Q,K
        hessian evaluate --instance instance.json --format csv
        hessian verify --kernel softmax --length 2 --d 3 --d-k 4 --d-v 5
        hessian inspect Examples/albert-attention.safetensors

      EXIT STATUS:
        0 done; 1 a check failed; 2 not decided; 64 usage; 65 bad data;
        66 input missing; 73 output cannot be created; 74 output cannot be
        written; 130 interrupted.
      """,
    subcommands: [
      BoundCommand.self, KStarCommand.self, ExplainCommand.self, DeriveCommand.self, VerifyCommand.self,
      EvaluateCommand.self, CertifyCommand.self, AuditCommand.self, FalsifyCommand.self, TightnessCommand.self,
      GrowthCommand.self, SpectrumCommand.self, PlanCommand.self, InspectCommand.self, TablesCommand.self,
      DerivationsCommand.self, ReportCommand.self, ExperimentCommand.self,
      LandscapeCommand.self, ConvergenceCommand.self, ConditioningCommand.self, CompareCommand.self,
    ])

  /// The version of the command and the library.
  static let version = "0.1.0"

  @Flag(help: "Show the version.")
  var version = false

  @Flag(help: "With --version: also show which BLAS is in use.")
  var verbose = false

  func validate() throws {
    if verbose && !version { throw ValidationError("--verbose needs --version") }
  }

  func run() throws {
    guard version else { throw CleanExit.helpRequest(self) }
    var text = "hessian \(Self.version)\n"
    if verbose { text += "\(BLASInformation.current)\n" }
    try StandardOutput.write(text)
  }

  static func main() {
    Interruption.install()
    do {
      try refuseUnknownSubcommand(CommandLine.arguments.dropFirst().first)
      var command = try parseAsRoot()
      try command.run()
    } catch {
      ErrorReport(error).finish()
    }
  }

  /// The names of the subcommands.
  static var subcommandNames: [String] { configuration.subcommands.compactMap { $0.configuration.commandName } }

  private static func refuseUnknownSubcommand(_ name: String?) throws {
    guard let name, !name.hasPrefix("-"), name != "help", !subcommandNames.contains(name) else { return }
    let names = subcommandNames.joined(separator: ", ")
    let hint = NearestName.of(name, in: subcommandNames).map { "did you mean '\($0)'? (the commands are \(names))" }
    throw CommandError(
      "there is no command \(PrintableText.quoted(name))", hint: hint ?? "the commands are \(names)", status: .usage)
  }
}
