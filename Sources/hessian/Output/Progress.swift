/// A line on the terminal that says how far long work has come; nothing within the first second, nor off a terminal.
struct Progress {
  private let isShown: Bool
  private let start: ContinuousClock.Instant
  private var last: ContinuousClock.Instant
  private var hasLine = false

  init(quiet: Bool) {
    isShown = !quiet && Terminal.standardError.isTerminal
    start = ContinuousClock.now
    last = start
  }

  /// Says that `done` of `total` steps are over.
  mutating func update(_ done: Int, of total: Int, _ what: String) {
    guard isShown else { return }
    let now = ContinuousClock.now
    guard now - start > .seconds(1), now - last > .milliseconds(100) else { return }
    (last, hasLine) = (now, true)
    let percent = total > 0 ? 100 * done / total : 100
    StandardError.write("\r\u{1B}[K\(percent) % \(what)")
  }

  /// Removes the line.
  mutating func finish() {
    if hasLine { StandardError.write("\r\u{1B}[K") }
    hasLine = false
  }
}
