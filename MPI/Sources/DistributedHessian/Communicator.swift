import CMPI

/// The processes of an MPI run, its ranks, as one of them sees them.
///
/// Every operation is made by all ranks together, and from one thread of each. Where MPI itself fails, it says so and ends
/// the run; what else fails on one rank becomes an error of all of them, so that none waits for one that is gone.
public struct Communicator {
  /// What a rank does next. Ranks that do different things do not wait for each other.
  enum Step: UInt64 {
    /// It gives up.
    case failure
    case instance
    case product
    case end
  }

  /// From 0.
  public let rank: Int
  /// The number of ranks.
  public let size: Int

  /// Starts MPI, once in a process; without `mpirun` there is one rank.
  public static func start() -> Communicator {
    cmpi_start()
    return Communicator(rank: Int(cmpi_rank()), size: Int(cmpi_size()))
  }

  /// Ends MPI, after which no operation is left.
  public func finish() { cmpi_finish() }

  /// Ends the processes of all ranks at once, wherever they are.
  public func abort(status: Int32) { cmpi_abort(status) }

  /// Runs a function on every rank; where it fails on one, every rank fails.
  ///
  /// - Errors: a ``DistributedFailure`` that names the rank, the same on all ranks.
  public func together<Result>(_ body: () throws -> Result) throws(DistributedFailure) -> Result {
    try together(.end, key: 0, body)
  }

  /// - Parameter key: the same on all ranks, or else all of them fail.
  func together<Result>(
    _ step: Step, key: UInt64, _ body: () throws -> Result
  ) throws(DistributedFailure) -> Result {
    do {
      let result = try body()
      if let failure = exchange(step, key, nil) { throw failure }
      return result
    } catch let failure as DistributedFailure {
      // The others know it already.
      throw failure
    } catch {
      throw exchange(.failure, 0, error) ?? DistributedFailure(rank: rank, cause: .error(error))
    }
  }

  /// Tells every rank what this one does, and hears it of the others.
  private func exchange(_ step: Step, _ key: UInt64, _ error: (any Error)?) -> DistributedFailure? {
    let words = gather([step.rawValue, key])
    let steps = (0..<size).map { words[2 * $0] }, keys = (0..<size).map { words[2 * $0 + 1] }
    if let failed = steps.firstIndex(of: Step.failure.rawValue) {
      guard let error, failed == rank else { return DistributedFailure(rank: failed, cause: .elsewhere) }
      return DistributedFailure(rank: failed, cause: .error(error))
    }
    if let other = steps.firstIndex(where: { $0 != steps[0] }) {
      return DistributedFailure(rank: other, cause: .otherStep)
    }
    if let other = keys.firstIndex(where: { $0 != keys[0] }) {
      return DistributedFailure(rank: other, cause: step == .instance ? .otherInstance : .otherVector)
    }
    return nil
  }

  /// Whether all ranks give the same word.
  func isSame(_ word: UInt64) -> Bool { gather([word]).allSatisfy { $0 == word } }

  /// Every rank's words, as many of each, one rank after the other.
  private func gather(_ words: [UInt64]) -> [UInt64] {
    [UInt64](unsafeUninitializedCapacity: size * words.count) { all, count in
      cmpi_gather_words(words, Int32(words.count), all.baseAddress)
      count = size * words.count
    }
  }

  /// The rows of all ranks, in the order of ranks; they are copied, nothing is computed.
  ///
  /// - Precondition: this rank gives `counts[rank]` rows of `width < 2³¹` numbers.
  func gather(_ rows: [[Double]], width: Int, counts: [Int]) -> [[Double]] {
    precondition(rows.count == counts[rank] && rows.allSatisfy { $0.count == width }, "rows of another shape")
    var own: [Double] = []
    own.reserveCapacity(rows.count * width)
    for row in rows { own += row }
    let total = counts.reduce(0, +)
    let all = [Double](unsafeUninitializedCapacity: total * width) { all, count in
      cmpi_gather_rows(own, Int32(width), counts.map { Int32($0) }, all.baseAddress)
      count = total * width
    }
    return (0..<total).map { Array(all[($0 * width)..<(($0 + 1) * width)]) }
  }

  /// The bytes of one rank, on every rank.
  ///
  /// - Parameter bytes: of the rank they come from; those of the others count for nothing.
  public func broadcast(_ bytes: [UInt8], from root: Int) -> [UInt8] {
    precondition((0..<size).contains(root), "there is no rank \(root)")
    let count = Int32(clamping: gather([UInt64(bytes.count)])[root])
    var result = rank == root ? Array(bytes.prefix(Int(count))) : Array(repeating: 0, count: Int(count))
    cmpi_broadcast(&result, count, Int32(root))
    return result
  }
}
