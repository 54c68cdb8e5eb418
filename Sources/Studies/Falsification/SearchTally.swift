import Synchronization

/// Counts finished ascents of all threads.
final class SearchTally: Sendable {
  private let total: Int
  private let progress: Falsification.Progress
  private let state = Mutex((done: 0, ratio: 0.0))

  init(total: Int, _ progress: @escaping Falsification.Progress) { (self.total, self.progress) = (total, progress) }

  func add(_ ratio: Double?) {
    let (done, best) = state.withLock { state in
      state.done += 1
      state.ratio = max(state.ratio, ratio ?? 0)
      return state
    }
    progress(done, total, best)
  }
}
