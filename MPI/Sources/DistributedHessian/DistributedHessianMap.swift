@_exported import AttentionHessian

/// The mean loss Hessian over many samples as a linear map whose samples are spread over the ranks of an MPI run.
///
/// The groups in which ``LayerHessianMap`` adds up samples do not depend on the number of ranks. Each rank multiplies with
/// some consecutive groups, every rank gets the product of every group, and all of them add these up in the order of
/// groups. So a product is the same to the last bit on every rank and as in one process, signs of zeros included, whatever
/// the number of ranks and threads, as long as the machines compute alike: where processors or BLAS kernels differ, the
/// products of groups may.
/// - Complexity: a product is a small multiple of one evaluation of the layer for each sample of the rank with most; it
///   sends and keeps up to ``LayerHessianMap/groupCount`` vectors on each rank. More ranks than groups are idle.
public final class DistributedHessianMap: SymmetricMap {
  public let communicator: Communicator
  public let part: HessianPart
  /// Whether all ranks get the same product of the first sample, so that it is certain for no other that they do not.
  ///
  /// Otherwise products still are the same on every rank, but may differ from those of one process in the last digits.
  public let ranksComputeAlike: Bool
  /// The groups of samples of each rank.
  public let shares: [Range<Int>]
  public var layout: ParameterLayout { own.layout }
  public var dimension: Int { own.dimension }
  /// The map of this rank's groups.
  private let own: LayerHessianMap
  private let groupCount: Int

  /// - Parameter threads: the most threads for a product on this rank.
  /// - Errors: what stops any rank stops all of them; so do instances or parts that differ.
  public init(
    _ instance: LayerInstance, part: HessianPart = .both, threads: Int = 1, on communicator: Communicator
  ) throws(DistributedFailure) {
    let groupCount = LayerHessianMap.groups(of: instance.samples.count).count
    let shares = Self.shares(of: groupCount, ranks: communicator.size)
    (self.communicator, self.part, self.groupCount, self.shares) = (communicator, part, groupCount, shares)
    own = try communicator.together(.instance, key: Checksum(instance, part).value) {
      try LayerHessianMap(instance, part: part, threads: threads, groups: shares[communicator.rank])
    }
    guard communicator.size > 1 else {
      ranksComputeAlike = true
      return
    }
    let trial = try communicator.together { try Self.trial(instance, part) }
    ranksComputeAlike = communicator.isSame(trial.value)
  }

  /// A product of the first sample alone, as a checksum.
  private static func trial(_ instance: LayerInstance, _ part: HessianPart) throws -> Checksum {
    let first = try LayerInstance(
      kernel: instance.kernel, loss: instance.loss, samples: [instance.samples[0]], heads: instance.heads,
      outputMatrix: instance.outputMatrix)
    let map = try LayerHessianMap(first, part: part)
    var generator = SplitMix64(seed: 1)
    return Checksum(try map((0..<map.dimension).map { _ in Double.random(using: &generator) }))
  }

  /// So many groups, spread over ranks as evenly as can be.
  static func shares(of groups: Int, ranks: Int) -> [Range<Int>] {
    (0..<ranks).map { ($0 * groups / ranks)..<(($0 + 1) * groups / ranks) }
  }

  /// All ranks give the same vector and get the same product.
  ///
  /// - Errors: what stops any rank stops all of them; so do vectors that differ.
  public func apply(to vector: UnsafeBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>) throws {
    let products = try communicator.together(.product, key: Checksum(vector).value) { try ownProducts(with: vector) }
    let all = communicator.gather(products, width: dimension, counts: shares.map(\.count))
    // A single sample is not added to zero, nor is it in one process: that would lose the sign of its zeros.
    _ = result.update(fromContentsOf: groupCount == 1 ? all[0] : own.combined(all))
  }

  /// The products of this rank's groups.
  private func ownProducts(with vector: UnsafeBufferPointer<Double>) throws -> [[Double]] {
    if shares[communicator.rank].isEmpty { return [] }
    return groupCount == 1 ? [try own(Array(vector))] : try own.groupSums(vector)
  }
}
