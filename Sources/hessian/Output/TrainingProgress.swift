import AttentionHessian

/// What an experiment says as it goes on: a line on the terminal with a bar, loss and accuracy, and one line for each
/// network that is trained.
final class TrainingProgress {
  /// Of the training that goes on.
  var epochs: Int
  private let isShown: Bool
  private let isSilent: Bool
  private var last = ContinuousClock.now
  private var record: EpochRecord?
  private var hasLine = false

  /// - Parameter isSilent: whether standard output is kept for the result.
  init(epochs: Int, quiet: Bool, isSilent: Bool) {
    (self.epochs, self.isSilent) = (epochs, isSilent || quiet)
    isShown = !quiet && Terminal.standardError.isTerminal
  }

  func report(_ event: ExperimentRun.Event) {
    switch event {
    case .training(let name, let step, let total, let ended):
      if let ended { record = ended }
      show("\(name) \(Self.bar(step, total))" + (record.map(text) ?? ""))
    case .trained(let network, let seconds, let resumed):
      record = nil
      var line = "trained \(network.name): \(network.weights) weights, "
      line += resumed > 0 ? "from step \(resumed) in " : "in "
      line += "\(seconds.text(significantDigits: 3)) s, accuracy \(Self.percent(network.accuracy))"
      if let heldOut = network.heldOutAccuracy { line += ", held out \(Self.percent(heldOut))" }
      say(line)
    case .minimizing(let name): show("\(name): minimising the mean loss", isNew: true)
    case .measuring(let what, let done, let total):
      show("measuring: \(done)" + (total > 0 ? " of \(total) " : " ") + what)
    }
  }

  /// Says how far something else has come.
  func report(_ name: String, _ done: Int, of total: Int, _ what: String) {
    show("\(name) " + (total > 0 ? "\(Self.bar(done, total)) \(done) of \(total) \(what)" : "\(done) \(what)"))
  }

  /// Writes a line that stays.
  func say(_ line: String) {
    finish()
    if !isSilent { try? StandardOutput.write(line + "\n") }
  }

  /// Removes the line.
  func finish() {
    if hasLine { StandardError.write("\r\u{1B}[K") }
    hasLine = false
  }

  private func show(_ text: String, isNew: Bool = false) {
    let now = ContinuousClock.now
    guard isShown, isNew || now - last > .milliseconds(100) else { return }
    (last, hasLine) = (now, true)
    StandardError.write("\r\u{1B}[K" + text)
  }

  private func text(_ record: EpochRecord) -> String {
    var text = " epoch \(record.epoch)/\(epochs), loss \(record.loss.text(significantDigits: 3))"
    text += ", accuracy \(Self.percent(record.accuracy))"
    if let heldOut = record.heldOutAccuracy { text += ", held out \(Self.percent(heldOut))" }
    return text
  }

  private static func bar(_ step: Int, _ total: Int) -> String {
    let width = 20, full = total > 0 ? step * width / total : width
    return "[" + String(repeating: "#", count: full) + String(repeating: "·", count: width - full) + "]"
  }

  private static func percent(_ part: Double) -> String { (100 * part).text(decimals: 1) + " %" }
}
