import ArgumentParser

/// This project as a contestant, with the protocol of `Peers/worker.py`.
struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Answer requests of the runner, one a line, in JSON.", shouldDisplay: false)

  @Option(help: "How many threads it may use.")
  var threads = 1

  func run() throws {
    var channel = LineChannel(reading: 0, writing: 1)
    let worker = Worker(ContractionMeasurement.self, threads: threads)
    while let line = try channel.receive() { try channel.send(worker.answer(line)) }
  }
}
