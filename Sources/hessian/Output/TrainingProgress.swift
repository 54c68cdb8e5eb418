import AttentionHessian

/// A line on the terminal that says how far a training has come: a bar, loss and accuracy.
struct TrainingProgress {
  private let name: String
  private let epochs: Int
  private let isShown: Bool
  private var last = ContinuousClock.now
  private var record: EpochRecord?
  private var hasLine = false

  init(_ name: String, epochs: Int, quiet: Bool) {
    (self.name, self.epochs) = (name, epochs)
    isShown = !quiet && Terminal.standardError.isTerminal
  }

  mutating func update(_ step: Int, of total: Int, _ ended: EpochRecord?) {
    if let ended { record = ended }
    let now = ContinuousClock.now
    guard isShown, now - last > .milliseconds(100) else { return }
    (last, hasLine) = (now, true)
    StandardError.write("\r\u{1B}[K" + line(step, total))
  }

  func line(_ step: Int, _ total: Int) -> String {
    let width = 20, full = total > 0 ? step * width / total : width
    var line = "\(name) [\(String(repeating: "#", count: full))\(String(repeating: "·", count: width - full))]"
    guard let record else { return line }
    line += " epoch \(record.epoch)/\(epochs), loss \(record.loss.text(significantDigits: 3)), accuracy \(Self.percent(record.accuracy))"
    if let heldOut = record.heldOutAccuracy { line += ", held out \(Self.percent(heldOut))" }
    return line
  }

  /// Removes the line.
  mutating func finish() {
    if hasLine { StandardError.write("\r\u{1B}[K") }
    hasLine = false
  }

  static func percent(_ part: Double) -> String {
    (100 * part).text(decimals: 1) + " %"
    }
}
