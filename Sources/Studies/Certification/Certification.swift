import Arithmetic
import Evaluation
import Formulas

/// Decides `left ≤ right` of two numbers at an exact point, with proof: every rounding is outward.
///
/// Where both sides are rational the comparison is of fractions. A spectral norm of an exactly rational matrix `H` is
/// compared with a rational `r` by `LDLᵀ` of `rI ± H`, or of `r²I − HᵀH`, over the fractions, so that equality is decided
/// too. Elsewhere both sides are enclosed in balls, whose precision is doubled until they are disjoint.
public struct Certification: Sendable {
  public enum Verdict: Hashable, Sendable {
    /// `left ≤ right` at this point.
    case proven
    /// `left > right`.
    case refuted
    /// Neither was shown; what was tried.
    case undecided(String)
  }

  public let verdict: Verdict
  public let left: Quantity
  public let right: Quantity
  /// The bits at which it was decided; `nil` where by exact fractions.
  public let precision: Int?

  /// Decides a statement `left ≤ right` between 1×1 formulas, raising the precision up to the limit.
  ///
  /// - Errors: a statement that is no `≤`; a symbol or size without a value; a side that is undefined at the point, or for
  ///   which no enclosure is found.
  public init(_ statement: Judgement, at point: Environment<Rational>, precisionLimit: Int = 2048) throws {
    guard statement.relation == .atMost else { throw CertificationError.notAnInequality(statement.description) }
    self = try Comparison(
      left: ComputableNumber(statement.left, at: point), right: ComputableNumber(statement.right, at: point)
    ).decided(precisionLimit: precisionLimit)
  }

  init(_ verdict: Verdict, left: Quantity, right: Quantity, precision: Int?) {
    (self.verdict, self.left, self.right, self.precision) = (verdict, left, right, precision)
  }
}

/// Why a statement cannot be certified.
public enum CertificationError: Error, Hashable, Sendable, CustomStringConvertible {
  case notAnInequality(String)
  /// The Hessian has too many rows to enclose every entry.
  case tooLarge(order: Int, limit: Int)
  /// The rows of the data are not shown to be independent at a precision.
  case dependentRows(bits: Int)
  /// No upper bound near the estimate was proven in floating point.
  case noUpperBound
  /// A claim that says nothing about the instance, and why.
  case otherLayer(String, String)

  public var description: String {
    switch self {
    case .notAnInequality(let statement): "only inequalities can be certified, not \(statement)"
    case .tooLarge(let order, let limit):
      "the Hessian is \(order)×\(order), and every entry is enclosed only up to \(limit)×\(limit)"
    case .dependentRows(let bits): "the rows of X are dependent, or too close to it for \(bits) bits"
    case .noUpperBound: "the Hessian's entries differ too much in size for a bound by floating point"
    case .otherLayer(let claim, let reason): "claim \(claim) does not apply: \(reason)"
    }
  }

  /// What to change.
  public var advice: String {
    switch self {
    case .notAnInequality: "ask for a claim that is an inequality"
    case .tooLarge, .noUpperBound: "give a smaller instance"
    case .dependentRows: "leave out tokens that repeat others"
    case .otherLayer: "give an instance of that kind, or a bound (--bound)"
    }
  }
}
