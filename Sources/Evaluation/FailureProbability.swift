import Arithmetic
import Formulas

/// How likely a false identity passes a check at random points of F_p, by Schwartz and Zippel.
///
/// Both sides are rational functions of the entries drawn and of the exponentials, which count as independent unknowns.
/// Where they differ, the numerator of their difference has at most the degree computed here, so it vanishes at a uniform
/// point, given that the denominators do not, with probability at most `degree / (p − degree of the denominators)`.
///
/// - Source: [schwartz1980], [zippel1979].
public struct FailureProbability: Hashable, Sendable {
  /// Bounds the degree of the numerator of the difference, over all entries.
  public let numeratorDegree: Int
  /// Bounds the degree of its denominator.
  public let denominatorDegree: Int

  /// For the identity `left = right`, all symbols drawn uniformly.
  public init(left: Formula, right: Formula, sizes: [String: Int]) throws(EvaluationError) {
    var environment = Environment<DegreeBound>(sizes: sizes)
    for symbol in left.symbols + right.symbols + left.variables + right.variables {
      let rows = try environment.number(symbol.shape.rows), columns = try environment.number(symbol.shape.columns)
      environment[symbol] = Matrix(repeating: .variable, rows: rows, columns: columns)
    }
    let evaluator = Evaluator(environment)
    let difference = try evaluator.value(of: left) - evaluator.value(of: right)
    numeratorDegree = difference.entries.map(\.numerator).max() ?? 0
    denominatorDegree = difference.entries.map(\.denominator).max() ?? 0
  }

  /// The exponent `b` of an upper bound `2^b` of the probability that all of `points` independent points miss; zero
  /// when the degrees are too large to say anything.
  public func binaryExponent(points: Int) -> Int {
    let degree = UInt64(max(numeratorDegree, 1)), poles = UInt64(max(denominatorDegree, 0))
    guard degree < Modular.modulus, poles < Modular.modulus else { return 0 }
    let above = 64 - (degree - 1).leadingZeroBitCount
    let below = 63 - (Modular.modulus - poles).leadingZeroBitCount
    return points * min(0, above - below)
  }
}
