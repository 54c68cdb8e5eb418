import ArgumentParser
import AttentionHessian

#if canImport(Glibc)
  @preconcurrency import Glibc
#else
  import Darwin
#endif

/// What the user is told at the end: one message on standard error and an exit status, or help on standard output.
struct ErrorReport {
  let status: Int32
  private var output: String?
  private var message: String?
  private var hint = ""

  init(_ error: any Error) {
    switch error {
    case let error as FileError:
      (status, message, hint) = (error.kind.exitStatus, Self.place(error) + error.reason, error.advice)
    case let error as CommandError:
      (status, message, hint) = (error.status.rawValue, error.message, error.hint)
    case let error as LayerTextError:
      (status, message, hint) = (CommandError.Status.usage.rawValue, error.problem, error.advice + " (--network)")
    case let error as NetworkError:
      (status, message, hint) = (CommandError.Status.usage.rawValue, error.problem, error.advice)
    case let error as InstanceError:
      (status, message, hint) = (CommandError.Status.badData.rawValue, error.problem, error.advice)
    case let error as AuditError:
      (status, message, hint) = (error.exitStatus, error.description, error.advice)
    case let error as LossEvaluationError:
      (status, message, hint) = (CommandError.Status.badData.rawValue, error.description, error.advice)
    case let error as EvaluationError:
      let error = LossEvaluationError.evaluation(error)
      (status, message, hint) = (CommandError.Status.badData.rawValue, error.description, error.advice)
    case let error as SpectrumError:
      (status, message, hint) = (CommandError.Status.badData.rawValue, error.description, error.advice)
    case let error as LinearAlgebraError:
      (status, message) = (CommandError.Status.badData.rawValue, error.description)
      hint = "use smaller entries or sizes"
    case let error as ProofError:
      (status, message) = (CommandError.Status.failed.rawValue, "a proof does not hold: \(error)")
    case let error as BoundInputError:
      (status, message) = (CommandError.Status.usage.rawValue, error.description)
      hint = "see 'hessian bound --help'"
    case let error as FalsificationError:
      (status, message, hint) = (CommandError.Status.usage.rawValue, error.reason, error.advice)
    case let error as SampleSizeError:
      (status, message) = (CommandError.Status.usage.rawValue, error.description)
      hint = "see 'hessian kstar --help'"
    case let error as MeasurementError:
      (status, message) = (CommandError.Status.undecided.rawValue, error.description)
      hint = "try another seed (--seed)"
    case is StandardOutput.ReaderGone:
      status = 0
    default:
      // Exit codes, requests for help, and what the parser found wrong.
      status = HessianCommand.exitCode(for: error).rawValue
      if status == 0 {
        output = HessianCommand.fullMessage(for: error)
      } else if !(error is ExitCode) {
        message = HessianCommand.message(for: error)
        hint = "see '\(Self.helpCommand)'"
      }
    }
  }

  /// Writes the message and ends the process.
  func finish() -> Never {
    if let output, !output.isEmpty {
      do { try StandardOutput.write(output + "\n") } catch { ErrorReport(error).finish() }
    }
    if let message {
      let title = Terminal.standardError.colored("error:", .red)
      StandardError.write("\(title) \(Self.fit(message))\n" + (hint.isEmpty ? "" : "  \(Self.fit(hint))\n"))
    }
    exit(status)
  }

  private static func place(_ error: FileError) -> String {
    let path = PrintableText.quoted(error.path)
    return switch error.kind {
    case .badData: "in \(path): "
    case .inputMissing: "cannot read \(path): "
    case .cannotCreate: "cannot create \(path): "
    case .writeFailed: "cannot write \(path): "
    }
  }

  /// The help that explains the subcommand that was asked for.
  private static var helpCommand: String {
    let given = CommandLine.arguments.dropFirst().first { !$0.hasPrefix("-") }
    if let given, HessianCommand.subcommandNames.contains(given) { return "hessian \(given) --help" }
    return "hessian --help"
  }

  /// One line, without what could disturb a terminal, and not longer than can be read.
  private static func fit(_ text: String) -> String {
    var result = ""
    for (count, scalar) in text.unicodeScalars.enumerated() {
      if count == 1000 { return result + "…" }
      if scalar == "\n" {
        result += " "
      } else if scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value) {
        result.unicodeScalars.append(scalar)
      } else {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    return result
  }
}
