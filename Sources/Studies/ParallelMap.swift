import Dispatch

/// Applies a function to all items on the machine's cores; results and the error thrown, the first by position, do not
/// depend on the number of cores.
///
/// - Parameter threads: the most items at a time; as many as there are cores by default.
func parallelMap<Item: Sendable, Result: Sendable>(
  _ items: [Item], threads: Int? = nil, _ transform: @escaping @Sendable (Item) throws -> Result
) throws -> [Result] {
  let outcomes = Outcomes<Result>(count: items.count)
  // With a limit, each of so many turns takes every so-manieth item.
  let turns = min(threads ?? items.count, items.count)
  DispatchQueue.concurrentPerform(iterations: turns) { turn in
    for index in stride(from: turn, to: items.count, by: turns) {
      outcomes.store(Swift.Result { try transform(items[index]) }, at: index)
    }
  }
  return try outcomes.values()
}

/// One slot for each item, written from any thread.
private final class Outcomes<Value: Sendable>: @unchecked Sendable {
  private let queue = DispatchQueue(label: "AttentionHessian.parallelMap")
  private var slots: [Result<Value, any Error>?]

  init(count: Int) { slots = Array(repeating: nil, count: count) }

  func store(_ outcome: Result<Value, any Error>, at index: Int) { queue.sync { slots[index] = outcome } }

  func values() throws -> [Value] { try queue.sync { try slots.compactMap { try $0?.get() } } }
}
