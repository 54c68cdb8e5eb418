/// Memory for the sums of a program's vectors over parts of the samples, and for their sum; taken once.
final class GradientSums {
  private let count: Int
  private let memory: UnsafeMutableBufferPointer<Double>

  /// - Parameter count: the length of a vector.
  init(count: Int) {
    self.count = count
    memory = .allocate(capacity: (SampleWorkers.partCount + 1) * count)
    memory.initialize(repeating: 0)
  }

  deinit { memory.deallocate() }

  /// The sum over all parts.
  var total: UnsafeMutableBufferPointer<Double> { .init(rebasing: memory[..<count]) }

  /// Takes a vector into the sum of its part; the first of a part begins it.
  func add(_ vector: UnsafeBufferPointer<Double>, times factor: Double = 1, _ turn: SampleWorkers.Turn) {
    let start = (turn.part + 1) * count
    let part = UnsafeMutableBufferPointer(rebasing: memory[start..<(start + count)])
    Vectors.add(vector, times: factor, to: part, overwriting: turn.isFirst)
  }

  /// Adds up the first parts, in order.
  func sum(parts: Int) {
    if parts == 0 {
      total.update(repeating: 0)
    } else {
      Vectors.sum(UnsafeBufferPointer(rebasing: memory[count..<((parts + 1) * count)]), into: total)
    }
  }
}
