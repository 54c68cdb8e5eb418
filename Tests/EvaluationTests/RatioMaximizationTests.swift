import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Testing
import Transformers

@Suite struct RatioMaximizationTests {
  static let A = Formula.variable("A", "m", "n")
  static let B = Formula.variable("B", "n", "r")
  static let sizes = ["m": 3, "n": 4, "r": 2]

  /// Nothing but the printed formula, and the ceiling is reached from a few starts.
  @Test func theoremOneFails() throws {
    let maximization = try RatioMaximization(TheoremOne.claim.statement, sizes: ["L": 2, "d_V": 2, "d_K": 2])
    let outcome = try #require(try maximization.maximum(starts: 8, seed: 1))
    #expect(outcome.ratio > 1.52 && outcome.ratio < 1.53)
    #expect(try maximization.ratio(at: outcome.point) == outcome.ratio)
  }

  /// The best constants of inequalities between norms are reached, also where the norms have kinks.
  @Test(arguments: [
    (Judgement(A.norm(.frobenius), .atMost, A.norm()), 1.7320508075688772),
    (Judgement(A.norm(.rowSum), .atMost, A.norm()), 2.0),
    (Judgement(A.norm(), .atMost, A.norm(.rowSum)), 1.7320508075688772),
    (Judgement(A.norm(), .atMost, A.norm(.largestRow)), 1.7320508075688772),
    (Judgement((A * B).norm(), .atMost, A.norm() * B.norm()), 1.0),
  ])
  func bestConstantsAreReached(statement: Judgement, constant: Double) throws {
    let outcome = try #require(try RatioMaximization(statement, sizes: Self.sizes).maximum(starts: 8, seed: 3))
    #expect(outcome.ratio <= constant * (1 + 1e-9), "\(statement): \(outcome.ratio)")
    #expect(outcome.ratio >= constant * 0.999, "\(statement): \(outcome.ratio)")
  }

  @Test func theSeedDecides() throws {
    let maximization = try RatioMaximization(TheoremOne.claim.statement, sizes: ["L": 2, "d_V": 1, "d_K": 2])
    let (a, b) = (try maximization.maximum(starts: 3, seed: 5), try maximization.maximum(starts: 3, seed: 5))
    #expect(a?.point.values == b?.point.values && a?.ratio == b?.ratio && a?.evaluations == b?.evaluations)
    let other = try maximization.maximum(starts: 3, seed: 6)
    #expect(a?.point.values != other?.point.values)
  }

  @Test func fixedEntriesStay() throws {
    let statement = Judgement(Self.A.norm(.frobenius), .atMost, Self.A.norm())
    let maximization = try RatioMaximization(statement, sizes: ["m": 2, "n": 2])
    let start = maximization.environment([1, 0.5, 0.25, 0.5])
    let outcome = try #require(try maximization.ascend(from: start, fixed: [true, false, true, false]))
    let entries = try maximization.entries(outcome.point)
    #expect(entries[0] == 1 && entries[2] == 0.25)
    #expect(outcome.ratio > 1.41)
  }

  @Test func aVanishingRightSideIsAnInfiniteQuotient() throws {
    let statement = Judgement(Self.A.norm(), .atMost, .integer(0))
    #expect(try RatioMaximization(statement, sizes: Self.sizes).maximum(starts: 2, seed: 1)?.ratio == .infinity)
    let empty = Judgement(.integer(0), .atMost, Self.A.norm())
    #expect(try RatioMaximization(empty, sizes: Self.sizes).maximum(starts: 2, seed: 1) == nil)
  }

  @Test func aClimbStaysOnItsGrid() throws {
    let statement = Judgement(Self.A.norm(.frobenius), .atMost, Self.A.norm())
    let maximization = try RatioMaximization(statement, sizes: ["m": 2, "n": 2])
    let climbed = try #require(maximization.climb([1, 0.5, 0.25, 0.5], steps: [0, 0.25, 0.25, 0.25]))
    #expect(climbed.ratio > 1.4)
    #expect(climbed.entries.allSatisfy { ($0 * 4).rounded() == $0 * 4 } && climbed.entries[0] == 1)
  }
}
