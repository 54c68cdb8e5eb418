import AttentionHessian

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A contestant as a process that answers requests.
///
/// This project's process and the peers' are started, limited and asked in the same way.
final class WorkerProcess {
  private let process: ChildProcess
  private var channel: LineChannel
  private let requests: CInt
  private let answers: CInt
  private let patience: Double
  private var hasEnded = false

  /// - Parameter patience: after how many seconds without an answer the process is given up.
  init(_ contestant: Contestant, threads: Int, place: BenchmarkPlace, patience: Double) throws {
    let arguments: [String], environment: [String]
    switch contestant.engine {
    case .project:
      arguments = [place.executable, "worker", "--threads", "\(threads)"]
      environment = ChildEnvironment.project
    case .peer(let name):
      arguments = [place.python, "\(place.peers)/worker.py", name, "\(threads)"]
      environment = ChildEnvironment.peer(threads: threads)
    }
    let input = try Pipe(), output = try Pipe()
    process = try Processors.limited(to: threads) {
      try ChildProcess(
        arguments, environment: environment, input: input.reading, output: output.writing, errors: place.log)
    }
    close(input.reading)
    close(output.writing)
    (requests, answers) = (input.writing, output.reading)
    channel = LineChannel(reading: output.reading, writing: input.writing)
    self.patience = patience
  }

  deinit { end() }

  /// Asks, and waits for the answer.
  ///
  /// - Errors: `Refusal` with what the process says is wrong, or what became of it.
  func ask(_ request: JSONValue) throws -> JSONValue {
    do {
      try channel.send(JSONWriter(.compact).text(request))
      guard let line = try channel.receive(within: patience) else { throw Refusal(ending() ?? "it has ended") }
      let answer = try JSONValue(parsing: line)
      for key in ["error", "refused"] {
        if let problem = answer[key]?.stringValue { throw Refusal(problem) }
      }
      return answer
    } catch {
      end()
      throw error
    }
  }

  /// Ends the process.
  func end() {
    guard !hasEnded else { return }
    hasEnded = true
    close(requests)
    close(answers)
    process.kill()
    _ = process.wait()
  }

  private func ending() -> String? {
    guard !hasEnded else { return nil }
    hasEnded = true
    close(requests)
    close(answers)
    return process.wait().problem
  }
}
