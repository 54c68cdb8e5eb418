import Arithmetic
import AttentionHessian
import Evaluation
import Formulas
import MatrixCalculus
import Synchronization
import Testing
import Transformers

/// Small statements with known answers.
enum ToyClaims {
  static let A = Formula.symbol("A", "m", "n")
  static let B = Formula.symbol("B", "n", "m")
  static let T = Formula.symbol("T", "m", "n")

  static func claim(_ id: String, _ left: Formula, _ right: Formula, kind: Claim.Kind = .inequality) -> Claim {
    Claim(id: id, kind: kind, citation: Citation("horn2012", "none"), statement: Judgement(left, .atMost, right))
  }

  /// False, with the largest quotient √m.
  static let rowSum = claim("row sum", A.norm(), A.norm(.rowSum))
  /// False, with quotients up to √m that are not reached.
  static let softmax = claim("softmax", RowwiseFunctions.softmax(T).norm(), .integer(1))
  /// False only where `B` is some times as large as `A`: the largest quotient is √2 at `‖B‖ = √8 ‖A‖`.
  static let scales = claim(
    "scales", A.norm() * B.norm(), A.norm() * A.norm() + .integer(8).inverse * B.norm() * B.norm())
  /// False for every matrix but zero, without a finite quotient.
  static let zero = claim("zero", A.norm(), .integer(0))
  /// True, with equality.
  static let product = claim("product", (A * B).norm(), A.norm() * B.norm())
  /// True, with equality for matrices of rank 1.
  static let frobenius = claim("frobenius", A.norm(), A.norm(.frobenius))
  /// True, and never an equality.
  static let jacobian = claim(
    "jacobian", RowwiseFunctions.softmaxJacobian(RowwiseFunctions.softmax(T)).norm(), .integer(2).inverse)
}

@Suite struct FalsificationTests {
  static let sizes = ["m": 3, "n": 2]

  static func result(_ claim: Claim, starts: Int = 6, seed: UInt64 = 1) throws -> FalsificationResult {
    try Falsification(claim, .init(sizes: [sizes], starts: starts, seed: seed)).result()
  }

  @Test(arguments: [
    (ToyClaims.rowSum, 1.7320508075688772), (ToyClaims.softmax, 1.7), (ToyClaims.scales, 1.4142135623730951),
  ])
  func falseClaimsAreRefutedAfterRounding(claim: Claim, ratio: Double) throws {
    let result = try Self.result(claim)
    let violation = try #require(result.violation, "\(claim.id)")
    #expect(violation.certification.verdict == .refuted)
    let certified = try #require(try violation.certification.ratioLowerBound)
    #expect(Double(certified) >= 0.985 * ratio, "\(claim.id): \(certified)")
    // The certificate is about the rational point itself.
    #expect(try violation.witness.certification().verdict == .refuted)
    let entries = violation.witness.statement.left.symbols.compactMap { violation.witness.point[$0] }.flatMap(\.entries)
    #expect(entries.allSatisfy { $0.denominator <= 1024 }, "\(entries)")
  }

  @Test(arguments: [ToyClaims.product, ToyClaims.frobenius, ToyClaims.jacobian])
  func trueClaimsAreNot(claim: Claim) throws {
    let result = try Self.result(claim)
    #expect(result.violation == nil)
    #expect(try #require(result.search.ratio) <= 1 + 1e-9)
    let summary = try FalsificationSummary(result)
    #expect(!summary.isRefuted && summary.certifiedRatio == nil)
    #expect(summary.tried.contains("6 ascents") && summary.tried.contains("m = 3, n = 2"))
  }

  @Test func aVanishingRightSideNeedsNoQuotient() throws {
    let violation = try #require(try Self.result(ToyClaims.zero).violation)
    #expect(violation.certification.verdict == .refuted)
    #expect(try violation.certification.ratioLowerBound == nil)
  }

  /// The best constant of row sums is reached exactly, by a column of ones.
  @Test func theWitnessIsSimple() throws {
    let witness = try #require(try Self.result(ToyClaims.rowSum).witness)
    let matrix = try #require(witness.point[ToyClaims.A.symbols[0]])
    #expect(matrix.entries.allSatisfy { $0 == .zero || $0 == 1 || $0 == -1 }, "\(matrix)")
  }

  @Test func theSeedDecidesEveryByte() throws {
    let texts = try [UInt64(1), 1, 2].map { seed in
      let result = try Self.result(ToyClaims.softmax, starts: 4, seed: seed)
      return try result.text() + result.files(named: "x").map(\.text).joined()
    }
    #expect(texts[0] == texts[1])
    #expect(texts[0] != texts[2])
  }

  @Test func theoremOneIsRefuted() throws {
    let options = Falsification.Options(sizes: [["L": 2, "d": 2, "d_K": 2, "d_V": 2]], starts: 8)
    let result = try Falsification(TheoremOne.claim, options).result()
    let ratio = try #require(try result.violation?.certification.ratioLowerBound)
    #expect(ratio >= Rational(3, over: 2), "\(ratio)")
    #expect(result.witness?.layer != nil)
  }

  @Test func anInterruptedSearchKeepsTheBest() throws {
    let falsification = try Falsification(ToyClaims.rowSum, .init(sizes: [Self.sizes], starts: 1000))
    let stop = Stop(after: 3)
    let result = try falsification.result(isStopped: { stop.isMade }) { _, _, _ in stop.count() }
    #expect(result.search.isInterrupted && result.search.rows[0].starts < 1000)
    #expect(result.violation != nil)
    let none = try falsification.result(isStopped: { true })
    #expect(none.violation == nil && none.search.rows[0].starts == 0)
    #expect(try FalsificationSummary(none).tried.contains("interrupted"))
  }

  @Test func sizesHaveToFit() throws {
    func error(_ claim: Claim, _ sizes: [String: Int]) -> FalsificationError? {
      do {
        _ = try Falsification(claim, .init(sizes: [sizes]))
        return nil
      } catch { return error }
    }
    #expect(error(ToyClaims.rowSum, ["m": 2])?.reason.contains("n is not given") == true)
    #expect(error(ToyClaims.rowSum, ["m": 2, "n": 2, "L": 2])?.reason.contains("'L'") == true)
    #expect(error(ToyClaims.rowSum, ["m": 0, "n": 2])?.reason.contains("m is 0") == true)
    #expect(error(ToyClaims.rowSum, ["m": 1000, "n": 1000])?.reason.contains("1000000 entries") == true)
    #expect(error(ToyClaims.rowSum, ["m": .max, "n": 2]) != nil)
    #expect(error(TheoremOne.claim, ["L": 2, "d": 3, "d_K": 2, "d_V": 2])?.reason.contains("assumes d = d_V") == true)
    let identity = ToyClaims.claim("an identity", ToyClaims.A.norm(), ToyClaims.A.norm(), kind: .identity)
    #expect(error(identity, Self.sizes)?.reason.contains("no inequality") == true)
  }

  @Test func tuplesOfSizes() {
    #expect(SizeTuple.all(["m", "n"], [:]) == [["m": 2, "n": 2], ["m": 3, "n": 2], ["m": 2, "n": 3]])
    #expect(SizeTuple.all(["m", "n"], ["n": [1, 4]]) == [["m": 2, "n": 1], ["m": 2, "n": 4]])
    #expect(SizeTuple.text(["n": 4, "m": 2]) == "m = 2, n = 4")
  }
}

/// Says yes from a number of calls on.
private final class Stop: Sendable {
  private let left: Mutex<Int>

  init(after count: Int) { left = Mutex(count) }
  func count() { left.withLock { $0 -= 1 } }
  var isMade: Bool { left.withLock { $0 <= 0 } }
}
