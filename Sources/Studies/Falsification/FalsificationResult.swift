import Arithmetic
import Evaluation
import Formulas

/// What a search for a violation came to.
public struct FalsificationResult: Sendable {
  public let subject: String
  public let options: Falsification.Options
  public let search: FalsificationSearch
  /// The violation, with the certificate that it is one; `nil` where none was certified.
  public let violation: (witness: ClaimWitness, certification: Certification)?

  /// The witness of the violation.
  public var witness: ClaimWitness? { violation?.witness }
}

extension Falsification {
  /// The ends of ascents that are rounded at most, until one of them is certified.
  private static let attempts = 4

  /// Searches, rounds the best point to small rationals, simplifies it, and certifies what is left.
  ///
  /// - Parameters:
  ///   - isStopped: asked during the search; once it is true, what was found so far is rounded and certified.
  ///   - simplifies: whether to look for simple entries, which takes some hundred short ascents.
  public func result(
    isStopped: @escaping @Sendable () -> Bool = { false }, simplifies: Bool = true,
    progress: @escaping Progress = { _, _, _ in }
  ) throws -> FalsificationResult {
    let search = try search(isStopped: isStopped, progress: progress)
    var best: Violation?
    for candidate in search.candidates.prefix(Self.attempts) {
      // The simplest of those that are about as good as the best.
      if let best,
        candidate.ratio < options.share * (search.candidates.first?.ratio ?? 0) || best.reachesTarget == false
      {
        break
      }
      guard let found = try violation(candidate, simplifies: simplifies) else { continue }
      if best.map({ found.isBetter(than: $0) }) ?? true { best = found }
    }
    return FalsificationResult(
      subject: subject, options: options, search: search, violation: best.map { ($0.witness, $0.certification) })
  }

  private struct Violation {
    let witness: ClaimWitness
    let certification: Certification
    let ratio: Rational
    let reachesTarget: Bool

    func isBetter(than other: Violation) -> Bool {
      if reachesTarget != other.reachesTarget { return reachesTarget }
      return reachesTarget ? witness.complexity < other.witness.complexity : ratio > other.ratio
    }
  }

  /// A certified violation near a point: the simplest one, or the coarsest plain rounding that keeps the share.
  private func violation(
    _ candidate: FalsificationSearch.End, simplifies: Bool
  ) throws -> Violation? {
    let ratio = min(candidate.ratio, options.ceiling)
    let target = ratio > 1 / options.share ? options.share * ratio : 1 + (ratio - 1) / 2
    let reduction = WitnessReduction(
      maximization: maximizations[candidate.tuple], ratio: ratio, target: target)
    var best: Violation?
    // The number of bits of a plain rounding; none for the simple one.
    let roundings: [Int?] = (simplifies ? [nil] : []) + [6, 10, 14, 20, 30, 52]
    for bits in roundings {
      let point =
        try bits.map { try reduction.rounded(candidate.point, bits: $0) } ?? reduction.reduced(candidate.point)
      guard let point else { continue }
      let witness = try ClaimWitness(subject: subject, statement: statement, point: point)
      guard let certification = try? witness.certification(), certification.verdict == .refuted else { continue }
      // No finite quotient where the right side is zero: as good as any.
      let certified = try certification.ratioLowerBound ?? Rational(exactly: options.ceiling) ?? .one
      let found = Violation(
        witness: witness, certification: certification, ratio: certified,
        reachesTarget: Double(certified) >= target * (1 - 1e-9))
      if best.map({ found.ratio > $0.ratio }) ?? true { best = found }
      if found.reachesTarget { break }
    }
    return best
  }
}
