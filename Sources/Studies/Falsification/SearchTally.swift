import Dispatch

/// Counts finished ascents of all threads.
final class SearchTally: @unchecked Sendable {
  private let queue = DispatchQueue(label: "AttentionHessian.searchTally")
  private let total: Int
  private let progress: Falsification.Progress
  private var done = 0
  private var ratio = 0.0

  init(total: Int, _ progress: @escaping Falsification.Progress) { (self.total, self.progress) = (total, progress) }

  func add(_ ratio: Double?) {
    let state = queue.sync {
      done += 1
      self.ratio = max(self.ratio, ratio ?? 0)
      return (done, self.ratio)
    }
    progress(state.0, total, state.1)
  }
}
