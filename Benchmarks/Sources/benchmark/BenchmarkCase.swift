/// One comparison: contestants that compute the same at the same sizes on as many processors.
struct BenchmarkCase: Sendable, CustomStringConvertible {
  let section: Section
  let sizes: Sizes
  let threads: Int
  /// The samples of a call, of a network.
  var batch: Int?

  var contestants: [Contestant] {
    switch section {
    case .dense: Contestant.dense
    case .product: Contestant.product
    case .norm: Contestant.norm
    case .training: Contestant.training
    case .landscape: Contestant.landscape
    case .oneShot, .derivation: []
    }
  }

  var description: String {
    let place = threads == 1 ? "1 thread" : "\(threads) threads"
    return section == .derivation ? "\(section.title), \(place)" : "\(section.title), \(sizes), \(place)"
  }

  /// The cases of a section, smallest first.
  ///
  /// - Parameter configuration: of the network that is trained.
  static func all(
    _ section: Section, threads: [Int], isQuick: Bool, configuration: String
  ) throws -> [BenchmarkCase] {
    if section == .training || section == .landscape {
      let inputs = try TrainingInputs(configuration, batch: section.batch)
      return threads.map { BenchmarkCase(section: section, sizes: inputs.sizes, threads: $0, batch: inputs.batch) }
    }
    let sizes: [Sizes]
    switch section {
    case .dense: sizes = (isQuick ? [4, 8, 16] : [4, 8, 16, 32, 64]).map { Sizes(equal: $0) }
    case .product:
      let all = [Sizes(equal: 64), Sizes(equal: 128), Sizes(256, 384, 32, 384)]
      sizes = isQuick ? [all[0]] : all
    case .norm:
      let all = [Sizes(equal: 32), Sizes(equal: 64), Sizes(equal: 128), Sizes(256, 384, 32, 384)]
      sizes = isQuick ? Array(all[..<2]) : all
    case .training, .landscape, .oneShot, .derivation: sizes = [Sizes(equal: 16)]
    }
    return threads.flatMap { threads in
      sizes.map { BenchmarkCase(section: section, sizes: $0, threads: threads) }
    }
  }
}
