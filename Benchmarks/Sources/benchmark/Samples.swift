/// The times of single calls, in seconds.
struct Samples: Hashable, Sendable {
  private(set) var seconds: [Double] = []

  mutating func append(_ more: [Double]) { seconds += more }

  var count: Int { seconds.count }
  var isEmpty: Bool { seconds.isEmpty }
  var total: Double { seconds.reduce(0, +) }
  var minimum: Double? { seconds.min() }

  /// The middle one, or the mean of the two middle ones.
  var median: Double? { quantile(0.5) }

  /// The value below which a share of them lies, linear between two.
  ///
  /// - Precondition: `0 ≤ share ≤ 1`.
  func quantile(_ share: Double) -> Double? {
    precondition(share >= 0 && share <= 1, "\(share) is not a share")
    guard !seconds.isEmpty else { return nil }
    let sorted = seconds.sorted()
    let place = share * Double(sorted.count - 1)
    let below = Int(place)
    guard below + 1 < sorted.count else { return sorted[below] }
    return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
  }
}
