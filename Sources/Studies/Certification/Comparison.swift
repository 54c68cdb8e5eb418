import Arithmetic
import Evaluation

/// The comparison of two computable numbers.
struct Comparison {
  let left: ComputableNumber
  let right: ComputableNumber

  private static let firstPrecision = 128
  /// Exact elimination of larger matrices takes too long.
  private static let largestExactOrder = 128

  /// Decides `left ≤ right`.
  func decided(precisionLimit: Int) throws -> Certification {
    let limit = left.isRefinable ? max(precisionLimit, Self.firstPrecision) : Self.firstPrecision
    let isExactFirst = left.order <= ComputableNumber.exactOrder && !left.hasManyDigits && !right.hasManyDigits
    if isExactFirst, let exact = try exactDecision(precision: Self.firstPrecision) {
      return exact
    }
    var precision = Self.firstPrecision
    while true {
      let (pair, failure) = try enclosures(precision)
      if let pair, let certification = try certification(pair, precision) { return certification }
      if precision == Self.firstPrecision, !isExactFirst, left.order <= Self.largestExactOrder,
        let exact = try exactDecision(precision: precision)
      {
        return exact
      }
      if precision >= limit {
        guard let pair else {
          if let failure { throw failure }
          throw MeasurementError("no enclosure at \(precision) bits")
        }
        return try undecided(pair, precision)
      }
      precision = min(2 * precision, limit)
    }
  }

  /// Both sides at a precision, or why they could not be enclosed; an error that more bits cannot cure is thrown.
  private func enclosures(_ precision: Int) throws -> (pair: (left: Ball, right: Ball)?, failure: (any Error)?) {
    do {
      return ((try left.enclosure(precision), try right.enclosure(precision)), nil)
    } catch let error as EvaluationError {
      guard case .arithmetic = error else { throw error }
      return (nil, error)
    } catch let error as ArithmeticError {
      return (nil, error)
    }
  }

  private func certification(_ pair: (left: Ball, right: Ball), _ precision: Int) throws -> Certification? {
    let verdict: Certification.Verdict
    if try pair.left.upper <= pair.right.lower {
      verdict = .proven
    } else if try pair.left.lower > pair.right.upper {
      verdict = .refuted
    } else {
      return nil
    }
    return Certification(
      verdict, left: try quantity(left, pair.left), right: try quantity(right, pair.right), precision: precision)
  }

  private func undecided(_ pair: (left: Ball, right: Ball), _ precision: Int) throws -> Certification {
    func text(_ ball: Ball) throws -> String {
      let bounds = try ball.decimalBounds(digits: 20)
      return "[\(bounds.lower), \(bounds.upper)]"
    }
    let method = left.isRefinable ? "balls of up to \(precision) bits" : "floating point with its error bounds"
    let tried = """
      \(method) leave\(left.isRefinable ? "" : "s") \(try text(pair.left)) against \(try text(pair.right)), \
      and exact arithmetic does not reach
      """
    return Certification(
      .undecided(tried), left: .enclosure(pair.left), right: .enclosure(pair.right), precision: precision)
  }

  /// The exact value where there is one, else the enclosure.
  private func quantity(_ number: ComputableNumber, _ ball: Ball) throws -> Quantity {
    // A large matrix is not worth a second evaluation.
    guard number.order <= ComputableNumber.exactOrder, !number.hasManyDigits, let value = try number.exactValue() else {
      return .enclosure(ball)
    }
    return Quantity(value)
  }

  // MARK: Exact decisions

  /// - Returns: `nil` where exact arithmetic does not reach both sides, or cannot tell a sign.
  private func exactDecision(precision: Int) throws -> Certification? {
    guard let bound = try right.exactValue() else { return nil }
    if let value = try left.exactValue() {
      guard let sign = try? (value - bound).sign else { return nil }
      return Certification(
        sign <= 0 ? .proven : .refuted, left: Quantity(value), right: Quantity(bound), precision: nil)
    }
    guard let matrix = try left.exactMatrix(), let definiteness = try? Self.definiteness(of: matrix, upTo: bound)
    else { return nil }
    let quantity = definiteness == .positiveSemidefinite ? Quantity(bound) : .enclosure(try left.enclosure(precision))
    return Certification(
      definiteness == .indefinite ? .refuted : .proven, left: quantity, right: Quantity(bound), precision: nil)
  }

  /// Indefinite where `‖m‖₂ > r`, semidefinite where `‖m‖₂ = r`.
  private static func definiteness(
    of m: Matrix<RadicalSum>, upTo r: RadicalSum
  ) throws(ArithmeticError) -> Definiteness {
    if try r.sign < 0 { return .indefinite }
    let identity = Matrix<RadicalSum>.identity(min(m.rows, m.columns))
    guard m == m.transposed else {
      let gram = m.rows < m.columns ? m * m.transposed : m.transposed * m
      return try Definiteness(ofSymmetric: identity.scaled(by: r * r) - gram)
    }
    let shift = identity.scaled(by: r)
    let above = try Definiteness(ofSymmetric: shift - m)
    if above == .indefinite { return .indefinite }
    let below = try Definiteness(ofSymmetric: shift + m)
    return below == .positiveDefinite ? above : below
  }
}

extension Quantity {
  /// A fraction as it is, another number enclosed.
  init(_ value: RadicalSum) {
    self = value.rational.map(Quantity.exact) ?? .enclosure(value.enclosure(precision: Ball.defaultPrecision))
  }
}
