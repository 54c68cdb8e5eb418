import AttentionHessian
import DistributedHessian

#if canImport(Glibc)
  @preconcurrency import Glibc
#else
  import Darwin
#endif

/// Checks made by all ranks of an MPI run: `mpirun -n 3 mpi-check`.
///
/// Every rank compares with a map of its own of all samples, bit for bit, and provokes failures of single ranks.
@main
struct Check {
  /// What was found wrong on a rank.
  struct Problems: Error, CustomStringConvertible {
    let description: String
  }

  let communicator: Communicator
  private var comparisons = 0
  private var problems: [String] = []

  static func main() {
    let communicator = Communicator.start()
    var check = Check(communicator: communicator), status: Int32 = 0
    do {
      try check.run()
      if communicator.rank == 0 {
        let count = check.comparisons
        print("mpi-check: ranks \(communicator.size), comparisons on each \(count), all alike to the last bit")
      }
    } catch {
      status = 1
      if case DistributedFailure.Cause.elsewhere? = (error as? DistributedFailure)?.cause {} else { print(error) }
    }
    communicator.finish()
    exit(status)
  }

  private init(communicator: Communicator) { self.communicator = communicator }

  private mutating func run() throws {
    for samples in [1, 2, 3, 5, 16, 17, 35] {
      for loss in Loss.allCases {
        let instance = try communicator.together { try CheckInstance.make(loss, samples: samples) }
        for part in HessianPart.allCases { try compare(instance, part) }
      }
    }
    try provokeFailures()
    let problems = self.problems
    try communicator.together {
      if let first = problems.first { throw Problems(description: "\(problems.count) differ; the first: \(first)") }
    }
  }

  // MARK: Comparisons

  private mutating func compare(_ instance: LayerInstance, _ part: HessianPart) throws {
    let what = "\(instance.samples.count) samples, \(instance.loss), \(part)"
    let one = try communicator.together { try LayerHessianMap(instance, part: part) }
    for threads in [1, 3] {
      let many = try DistributedHessianMap(instance, part: part, threads: threads, on: communicator)
      expect(many.ranksComputeAlike, "\(what): trial")
      expect(many.dimension == one.dimension && many.layout == one.layout, "\(what): layout")
      for vector in Self.vectors(one.dimension) {
        let product = try many(vector), other = try communicator.together { try one(vector) }
        expect(product.map(\.bitPattern) == other.map(\.bitPattern), "\(what), \(threads) threads: product")
      }
      let options = Lanczos.Options(.residual(1e-6))
      let norm = try communicator.together { try Lanczos.spectralNorm(of: many, options) }
      let other = try communicator.together { try Lanczos.spectralNorm(of: one, options) }
      expect(norm == other && norm.norm.bitPattern == other.norm.bitPattern, "\(what): norm")
    }
  }

  /// Random vectors, and some with zeros of both signs, whose products may have such.
  private static func vectors(_ dimension: Int) -> [[Double]] {
    var generator = SplitMix64(seed: 11)
    let random = (0..<3).map { _ in (0..<dimension).map { _ in Double.random(using: &generator) } }
    let sparse = (0..<dimension).map { $0 % 3 == 0 ? -0.0 : $0 % 3 == 1 ? 0 : 1e-3 }
    return random + [sparse, [Double](repeating: -0.0, count: dimension)]
  }

  private mutating func expect(_ condition: Bool, _ what: String) {
    comparisons += 1
    if !condition { problems.append("rank \(communicator.rank), \(what)") }
  }

  // MARK: Failures

  /// Fails on the last rank alone, in every way there is; all ranks must go on, and know of it.
  private mutating func provokeFailures() throws {
    let (last, isLast) = (communicator.size - 1, communicator.rank == communicator.size - 1)
    let isAlone = communicator.size == 1
    let error = failure { try communicator.together { if isLast { throw Problems(description: "provoked") } } }
    expect(error == last, "error")

    // The last sample is the last rank's, and has no floating value.
    let good = try communicator.together { try CheckInstance.make(.meanSquare, samples: 17) }
    let bad = try communicator.together { try CheckInstance.make(.meanSquare, samples: 17, lastIsHuge: true) }
    expect(failure { _ = try DistributedHessianMap(bad, on: communicator) } == last, "sample")

    let other = try communicator.together { try CheckInstance.make(.meanSquare, samples: 17, seed: 2) }
    let otherInstance = failure { _ = try DistributedHessianMap(isLast ? other : good, on: communicator) }
    expect(otherInstance == (isAlone ? nil : last), "instance")

    let map = try DistributedHessianMap(good, on: communicator)
    let vector = [Double](repeating: 1, count: map.dimension)
    let otherVector = failure { _ = try map(isLast ? vector.map { -$0 } : vector) }
    expect(otherVector == (isAlone ? nil : last), "vector")

    // The others are within a product when the last rank is done, or fails.
    let early = failure { try communicator.together { if !isLast { _ = try map(vector) } } }
    expect(early == (isAlone ? nil : last), "early end")
    let gone = failure {
      try communicator.together {
        if isLast { throw Problems(description: "provoked") }
        _ = try map(vector)
      }
    }
    expect(gone == last, "failure beside a product")

    expect(failure { _ = try map(vector) } == nil, "a product afterwards")
    let bytes = communicator.broadcast(isLast ? [1, 2, 3] : [], from: last)
    expect(bytes == [1, 2, 3], "broadcast")
  }

  /// The rank that a function fails on; `nil` where it fails on none.
  private func failure(_ body: () throws -> Void) -> Int? {
    do {
      try body()
      return nil
    } catch {
      return (error as? DistributedFailure)?.rank ?? -1
    }
  }
}
