import Foundation
import Testing

/// The command as it was built beside the tests.
enum BuiltCommand {
  struct Outcome {
    let status: Int32
    /// Whether a signal ended it, as a crash does.
    let wasSignalled: Bool
    let output: String
    let errors: String
  }

  /// Runs the command with arguments and waits for its end.
  static func run(
    _ arguments: String..., environment: [String: String] = [:], output: FileHandle? = nil
  ) throws -> Outcome {
    try launch(try path(), arguments, environment, output)
  }

  /// The same with the arguments in an array.
  static func run(_ arguments: [String]) throws -> Outcome { try launch(try path(), arguments, [:], nil) }

  /// Runs a line of bash in which `"$0"` is the command and `"$1"`, … are the arguments.
  static func shell(_ line: String, _ arguments: String...) throws -> Outcome { try shell(line, arguments) }

  /// The same with the arguments in an array.
  static func shell(_ line: String, _ arguments: [String]) throws -> Outcome {
    try launch("/bin/bash", ["-c", line, try path()] + arguments, [:], nil)
  }

  static func path() throws -> String {
    var directories = [URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()]
    if let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
      directories.append(URL(fileURLWithPath: own).deletingLastPathComponent())
    }
    directories += Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
    let found = directories.map { $0.appendingPathComponent("hessian").path }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
    return try #require(found, "the command stands beside none of \(directories.map(\.path))")
  }

  private static func launch(
    _ path: String, _ arguments: [String], _ environment: [String: String], _ output: FileHandle?
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    // Files, not pipes: nothing has to be read while the command runs.
    let directory = try TemporaryDirectory()
    let outputPath = try directory.file("output", "")
    let errorPath = try directory.file("errors", "")
    process.standardOutput = try output ?? FileHandle(forWritingTo: URL(fileURLWithPath: outputPath))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errorPath))
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, wasSignalled: process.terminationReason == .uncaughtSignal,
      output: try String(contentsOfFile: outputPath, encoding: .utf8),
      errors: try String(contentsOfFile: errorPath, encoding: .utf8))
  }
}

/// Expects an error: its status, nothing on standard output, one `error:` line and one hint that hold these words.
func expectRefusal(
  _ outcome: BuiltCommand.Outcome, _ status: Int32, _ words: String...,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(!outcome.wasSignalled, "\(outcome.errors)", sourceLocation: sourceLocation)
  #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: sourceLocation)
  #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
  let lines = outcome.errors.split(separator: "\n")
  #expect(lines.count == 2, "\(outcome.errors)", sourceLocation: sourceLocation)
  #expect(lines.first?.hasPrefix("error: ") == true, "\(outcome.errors)", sourceLocation: sourceLocation)
  #expect(lines.last?.hasPrefix("  ") == true, "\(outcome.errors)", sourceLocation: sourceLocation)
  for word in words {
    #expect(outcome.errors.contains(word), "no \(word) in: \(outcome.errors)", sourceLocation: sourceLocation)
  }
}

/// Expects success with nothing on standard error.
func expectSuccess(_ outcome: BuiltCommand.Outcome, sourceLocation: SourceLocation = #_sourceLocation) {
  #expect(!outcome.wasSignalled && outcome.status == 0, "\(outcome.errors)", sourceLocation: sourceLocation)
  #expect(outcome.errors.isEmpty, "\(outcome.errors)", sourceLocation: sourceLocation)
}

/// The repository the tests were built from.
enum Repository {
  static let example = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Examples/albert-attention.safetensors").path
}

/// The exact counterexample to the printed theorem: logits zero, residual zero, `‖H‖₂ = 3/4`.
enum SampleInstance {
  static let counterexample = """
    { "version": 1, "kernel": "softmax", "loss": "mean-square", "samples": [ { "X": [[1, 0], [0, 1]], "Y": "F" } ],
      "W_Q": [["1", 0, 0, 0], [1, 0, 0, 0]], "W_K": [[0, 1, 0, 0], [0, -1, 0, 0]], "W_V": [["1/1", 0], [-1, 0]] }
    """

  /// The same with parts of the text replaced.
  static func replacing(_ text: String, with other: String) -> String {
    counterexample.replacingOccurrences(of: text, with: other)
  }
}
