import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Testing

/// Laws about norms, from their declarations: at random and special matrices, by local ascent of left/right, and with
/// their right sides made smaller.
@Suite struct NormLawTests {
  @Test(arguments: NormLaw.all.map(\.id)) func holdsAtRandomAndSpecialMatrices(id: Rule.ID) throws {
    let law = try #require(NormLaw.byID[id])
    var generator = SplitMix64(seed: SplitMix64.seed(id.rawValue))
    for instance in 0..<200 {
      let limit = instance % 10 == 0 ? 16_384 : 1_024
      let point = try law.point(law.sizes(limit: limit, using: &generator), using: &generator)
      #expect(try !law.isViolated(at: point), "\(law.statement), instance \(instance), \(point.sizes)")
    }
  }

  // MARK: Local ascent

  /// The largest left/right that ascents find at small sizes and at a few larger ones.
  private func largestRatio(_ law: NormLaw) throws -> Double {
    var largest = 0.0
    for sizes in law.searchSizes {
      let search = try RatioMaximization(law.statement, sizes: sizes.sizes)
      for start in 0..<sizes.starts {
        guard
          let outcome = try search.ascend(from: search.start(start, seed: 1), iterations: 120, goal: 1 + 1e-6)
        else { continue }
        #expect(try !law.isViolated(at: outcome.point), "\(law.statement) at \(sizes.sizes): \(outcome.ratio)")
        largest = max(largest, outcome.ratio)
      }
    }
    return largest
  }

  /// The constant of every inequality is the best possible, unless it is said not to be.
  @Test(arguments: NormLaw.inequalities.map(\.id)) func ascentFindsNoViolationAndReachesTheConstant(id: Rule.ID) throws
  {
    let law = try #require(NormLaw.byID[id])
    let ratio = try largestRatio(law)
    #expect(ratio <= 1 + 1e-9, "\(law.statement)")
    #expect(ratio >= NormLaw.reached[id] ?? 0.999, "\(law.statement): \(ratio)")
  }
}

extension NormLaw {
  /// Laws of which it is not claimed that the constant is best possible, and the part of it that is attained.
  static let reached: [Rule.ID: Double] = ["norm_jacobian_softmaxJacobian": 0.384]
}

extension NormLaw {
  /// Where ascents start: their sizes and number.
  var searchSizes: [(sizes: [String: Int], starts: Int)] {
    func every(_ size: Int) -> [String: Int] { Dictionary(uniqueKeysWithValues: names.map { ($0, size) }) }
    let different = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, 2 + ($0 + 1) % 3) })
    var all = [(every(2), 4), (different, 2), (every(4), 3)]
    for large in [8, 16] where largestCount(every(large)) <= 1_024 && dimension(every(large)) <= 256 {
      all.append((every(large), 1))
    }
    for name in names {
      let wide = every(2).merging([name: 16]) { $1 }
      if largestCount(wide) <= 1_024 { all.append((wide, 2)) }
    }
    return all
  }

  /// The number of free entries.
  private func dimension(_ sizes: [String: Int]) -> Int {
    variables.reduce(0) { $0 + ($1.shape.count.value { sizes[$0] } ?? .max) }
  }
}

extension SplitMix64 {
  /// A seed from a name.
  static func seed(_ name: String) -> UInt64 {
    name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
