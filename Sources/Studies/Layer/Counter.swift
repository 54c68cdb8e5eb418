import Dispatch

/// Counts from any thread.
final class Counter: @unchecked Sendable {
  private let queue = DispatchQueue(label: "AttentionHessian.counter")
  private var count = 0

  /// The next number, from 1.
  func next() -> Int {
    queue.sync {
      count += 1
      return count
    }
  }
}
