/// What was measured of one contestant in one case.
struct Entry: Sendable {
  let name: String
  let isProject: Bool
  /// Only there to show what something else costs: not a peer.
  let isForScale: Bool
  /// What it computes; `nil` for a whole process.
  let quantity: MeasuredQuantity?
  var samples = Samples()
  /// The one-time work before the first call: derivation and plan, or compilation.
  var compileSeconds: Double?
  /// What a set of weights needs before the products with vectors.
  var prepareSeconds: Double?
  /// The most memory that was resident, and how much there was before the one-time work.
  var peakMemory: Double?
  var startMemory: Double?
  /// How many products with vectors a norm took.
  var products: Int?
  /// The difference from the reference, relative to its largest entry.
  var difference: Double?
  /// Whether this contestant's result is what the others are compared with.
  var isReference = false
  /// The largest difference that counts as agreement.
  let tolerance: Double
  /// Why there is nothing, or less than asked.
  var problem: String?

  init(_ contestant: Contestant) {
    (name, isProject, isForScale) = (contestant.name, contestant.isProject, contestant.ownTolerance != nil)
    quantity = contestant.quantity
    tolerance = contestant.ownTolerance ?? contestant.quantity.tolerance
  }

  /// An entry for a whole process.
  init(process name: String, isProject: Bool, isForScale: Bool) {
    (self.name, self.isProject, self.isForScale, quantity) = (name, isProject, isForScale, nil)
    tolerance = 1e-12
  }

  /// Whether its result is what it should be, as far as it was compared.
  var agrees: Bool { difference.map { $0 <= tolerance } ?? true }
}

/// What was measured in one case.
struct Outcome: Sendable {
  let benchmark: BenchmarkCase
  var entries: [Entry]

  /// The fastest entry of others that computes the same.
  func fastestPeer(of quantity: MeasuredQuantity?) -> Entry? {
    entries.filter { !$0.isProject && !$0.isForScale && $0.quantity == quantity && $0.agrees && !$0.samples.isEmpty }
      .min { ($0.samples.median ?? .infinity) < ($1.samples.median ?? .infinity) }
  }

  /// How many times faster than the fastest peer an entry is.
  func ratio(_ entry: Entry) -> Double? {
    guard let peer = fastestPeer(of: entry.quantity)?.samples.median, let own = entry.samples.median else { return nil }
    return peer / own
  }

  /// How many samples of a batch an entry takes in a second.
  func samplesPerSecond(_ entry: Entry) -> Double? {
    guard [.step, .point].contains(entry.quantity), let batch = benchmark.batch else { return nil }
    return entry.samples.median.map { Double(batch) / $0 }
  }

  /// How many forward passes of the same engine one product takes.
  func forwardPasses(_ entry: Entry) -> Double? {
    guard entry.quantity == .product, let own = entry.samples.median else { return nil }
    let engine = entry.name.prefix { $0.isLetter }
    let forward = entries.first { $0.quantity == .forward && $0.name.prefix { $0.isLetter } == engine }
    return forward?.samples.median.map { own / $0 }
  }
}
