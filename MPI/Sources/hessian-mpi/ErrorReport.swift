import ArgumentParser
import AttentionHessian
import DistributedHessian

#if canImport(Glibc)
  @preconcurrency import Glibc
#else
  import Darwin
#endif

/// What the user is told at the end, and the exit status: those of the command `hessian`.
struct ErrorReport {
  private(set) var status: Int32
  /// Help, on standard output.
  private var output = ""
  private var message = ""
  private var hint = ""

  static let success = ErrorReport(status: 0)

  private init(status: Int32) { self.status = status }

  /// What the rank that failed has to say, known to every rank.
  init(_ failure: DistributedFailure, _ communicator: Communicator) {
    var own = ErrorReport(failure)
    if case .error(let error) = failure.cause {
      own = ErrorReport(error)
      if communicator.rank > 0, own.message != "" { own.message = "on rank \(communicator.rank): " + own.message }
    }
    let bytes = communicator.broadcast(own.bytes, from: failure.witness)
    self = ErrorReport(bytes: bytes) ?? own
  }

  init(_ error: any Error) {
    status = CommandError.Status.badData.rawValue
    switch error {
    case let error as FileError:
      (status, message, hint) = (error.kind.exitStatus, Self.place(error) + error.reason, error.advice)
    case let error as CommandError:
      (status, message, hint) = (error.status.rawValue, error.message, error.hint)
    case let error as LossEvaluationError: (message, hint) = (error.description, error.advice)
    case let error as EvaluationError:
      let error = LossEvaluationError.evaluation(error)
      (message, hint) = (error.description, error.advice)
    case let error as SpectrumError: (message, hint) = (error.description, error.advice)
    case let error as LinearAlgebraError: (message, hint) = (error.description, "use smaller entries or sizes")
    case let error as DistributedFailure: (message, hint) = (error.description, error.advice)
    case is StandardOutput.ReaderGone: status = 0
    default:
      // Exit codes, requests for help, and what the parser found wrong.
      status = HessianMPICommand.exitCode(for: error).rawValue
      if status == 0 {
        output = HessianMPICommand.fullMessage(for: error)
      } else if !(error is ExitCode) {
        (message, hint) = (HessianMPICommand.message(for: error), "see 'hessian-mpi --help'")
      }
    }
  }

  func write() {
    // The reader may have gone, which is its right.
    if !output.isEmpty { try? StandardOutput.write(output + "\n") }
    guard !message.isEmpty else { return }
    let title = Terminal.standardError.colored("error:", .red)
    StandardError.write("\(title) \(Self.fit(message))\n" + (hint.isEmpty ? "" : "  \(Self.fit(hint))\n"))
  }

  func exit() -> Never { systemExit(status) }

  // MARK: As bytes

  private var bytes: [UInt8] {
    Array(["\(status)", output, message, hint].map { $0.replacing("\0", with: "␀") }.joined(separator: "\0").utf8)
  }

  private init?(bytes: [UInt8]) {
    let parts = String(decoding: bytes, as: UTF8.self).split(separator: "\0", omittingEmptySubsequences: false)
    guard parts.count == 4, let status = Int32(parts[0]) else { return nil }
    self.init(status: status)
    (output, message, hint) = (String(parts[1]), String(parts[2]), String(parts[3]))
  }

  // MARK: Text

  private static func place(_ error: FileError) -> String {
    let path = PrintableText.quoted(error.path)
    return switch error.kind {
    case .badData: "in \(path): "
    case .inputMissing: "cannot read \(path): "
    case .cannotCreate: "cannot create \(path): "
    case .writeFailed: "cannot write \(path): "
    }
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

private func systemExit(_ status: Int32) -> Never { exit(status) }
