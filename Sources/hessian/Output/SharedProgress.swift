import Synchronization

/// Progress that several threads report to.
final class SharedProgress: Sendable {
  private let progress: Mutex<Progress>

  init(quiet: Bool) { progress = Mutex(Progress(quiet: quiet)) }

  func update(_ done: Int, of total: Int, _ what: String) { progress.withLock { $0.update(done, of: total, what) } }

  func finish() { progress.withLock { $0.finish() } }
}
