import Arithmetic
import Evaluation
import Formulas
import Transformers

/// A printed identity compared at random points of F_p, where exponentials are unknowns.
public struct IdentityCheck: Sendable {
  /// The sizes and the number of points at each.
  public let sizes: [[String: Int]]
  public let points: Int
  /// `2^b` bounds the probability that a false identity passes at one of the tuples.
  public let failureExponent: Int
  /// The first sizes and seed at which the sides differ; `nil` where they never do.
  public let difference: (sizes: [String: Int], seed: UInt64)?

  /// Evaluates both sides at random points for two tuples of sizes, every `d_K` a square.
  init(_ claim: Claim, points: Int = 16) throws {
    let tuples = Self.tuples(for: claim)
    let (left, right) = (claim.statement.left, claim.statement.right)
    var exponent = 0, difference: (sizes: [String: Int], seed: UInt64)?
    for sizes in tuples {
      let bound = try FailureProbability(left: left, right: right, sizes: sizes).binaryExponent(points: points)
      exponent = exponent == 0 ? bound : max(exponent, bound)
      let seeds = (1...max(points, 1)).map { UInt64($0) }
      let agree = try parallelMap(seeds) { seed in try Self.agree(claim.statement, sizes, seed) }
      if difference == nil, let i = agree.firstIndex(of: false) { difference = (sizes, seeds[i]) }
    }
    (self.sizes, self.points, failureExponent, self.difference) = (tuples, points, exponent, difference)
  }

  private static func agree(_ statement: Judgement, _ sizes: [String: Int], _ seed: UInt64) throws -> Bool {
    var generator = SplitMix64(seed: seed)
    var point = Environment<Formal<Modular>>(sizes: sizes)
    try point.draw(statement.left.symbols + statement.right.symbols, using: &generator)
    let evaluator = Evaluator(point)
    return try evaluator.value(of: statement.left) == evaluator.value(of: statement.right)
  }

  /// Two tuples for the size names of a claim, pairwise distinct as far as squares allow.
  private static func tuples(for claim: Claim) -> [[String: Int]] {
    let names = claim.statement.sizeNames
    let plans: [[String: Int]] = [
      ["L": 3, "d": 2, "d_V": 2, "d_K": 4, "p": 2, "q": 3, "k": 5],
      ["L": 2, "d": 3, "d_V": 3, "d_K": 1, "p": 4, "q": 1, "k": 7],
    ]
    return plans.map { plan in
      Dictionary(uniqueKeysWithValues: names.enumerated().map { index, name in (name, plan[name] ?? 2 + index) })
    }
  }
}
