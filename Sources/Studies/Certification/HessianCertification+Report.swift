import Arithmetic
import TensorFiles

extension HessianCertification {
  /// How many digits of an enclosure are printed.
  private static let digits = 20

  /// What the verdict is about.
  private var statement: String {
    switch question {
    case .enclosure: "‖H‖₂"
    case .bound: "‖H‖₂ ≤ M"
    case .claim(let claim): "claim \(claim.id)"
    }
  }

  // MARK: Text

  /// The enclosure, and the verdict with how it was reached.
  ///
  /// - Errors: a number too long to print.
  public func text(of subject: String) throws -> String {
    let reduction = reducedOrder < order ? ", of the norm of a \(reducedOrder)×\(reducedOrder) matrix" : ""
    var text = "\(subject): H is \(order)×\(order)\(reduction)\n\n"
    if let norm {
      text += "\(isHessianNorm ? "‖H‖₂" : "the left side of the claim") \(try Self.text(norm))\n"
    } else {
      text += "‖H‖₂ ≥ \(lowerBound.decimal(significantDigits: Self.digits, rounding: .down))\n"
      for bound in upperBounds {
        text += "‖H‖₂ ≤ \(bound.value.decimal(significantDigits: Self.digits, rounding: .up)), by \(bound.name)\n"
      }
    }
    if let right {
      let name = if case .claim = question { "the right side of the claim" } else { "M" }
      text += "\(name) \(try Self.text(right))\n"
    }
    let method =
      switch self.method {
      case .exact: "by exact fractions"
      case .balls: "by balls of \(precision ?? Ball.defaultPrecision) bits"
      case .floatingPoint: "by floating point with rigorous error bounds"
      case .upperBound: "by \(upperBounds.min { $0.value < $1.value }?.name ?? "an upper bound")"
      case .rayleighQuotient: "by a Rayleigh quotient in balls of \(precision ?? Ball.defaultPrecision) bits"
      }
    switch verdict {
    case nil: text += "\(norm == nil ? "bounded" : "enclosed") \(method)\n"
    case .proven: text += "\n\(statement) holds here: proven \(method)\n"
    case .refuted: text += "\n\(statement) does not hold here: refuted \(method)\n"
    case .undecided(let tried): text += "\n\(statement) is undecided: \(tried)\n"
    }
    return text
  }

  private static func text(_ quantity: Quantity) throws -> String {
    switch quantity {
    case .exact(let value):
      let text = value.description
      if text.utf8.count <= 60 { return "= \(text), exactly" }
      return "in \(try interval(value, value)), known exactly"
    case .enclosure(let ball): return "in \(try interval(ball.lower, ball.upper))"
    }
  }

  private static func interval(_ lower: Rational, _ upper: Rational) throws -> String {
    "[\(lower.decimal(significantDigits: digits, rounding: .down)), "
      + "\(upper.decimal(significantDigits: digits, rounding: .up))]"
  }

  // MARK: JSON

  /// The whole result in one object: an exact value as a string, an enclosure as decimals rounded outward.
  public func json(of subject: String) throws -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("schema", "hessian.certify/1"), .init("subject", .string(subject)), .init("order", .integer(order)),
      .init("reduced_order", .integer(reducedOrder)), .init("norm", try normJSON()),
    ]
    if norm == nil {
      members.append(
        .init(
          "upper_bounds",
          .array(
            upperBounds.map { bound in
              [
                "name": .string(bound.name),
                "value": .string(bound.value.decimal(significantDigits: Self.digits, rounding: .up)),
              ]
            })))
    }
    if case .claim(let claim) = question { members.append(.init("claim", .string(claim.id))) }
    if !isHessianNorm { members.append(.init("norm_of", "the left side of the claim")) }
    if let right { members.append(.init("bound", try Self.json(right))) }
    switch verdict {
    case nil: break
    case .proven: members.append(.init("verdict", "proven"))
    case .refuted: members.append(.init("verdict", "refuted"))
    case .undecided(let tried):
      members += [.init("verdict", "undecided"), .init("tried", .string(tried))]
    }
    members.append(.init("method", .string(method.rawValue)))
    members.append(.init("precision", precision.map { .integer($0) } ?? .null))
    return .object(members)
  }

  /// The enclosure; where there is none, the lower bound and the best upper bound at hand.
  private func normJSON() throws -> JSONValue {
    if let norm { return try Self.json(norm) }
    let upper = upperBounds.map(\.value).min().map { $0.decimal(significantDigits: Self.digits, rounding: .up) }
    return [
      "lower": .string(lowerBound.decimal(significantDigits: Self.digits, rounding: .down)),
      "upper": upper.map { .string($0) } ?? .null,
    ]
  }

  private static func json(_ quantity: Quantity) throws -> JSONValue {
    switch quantity {
    case .exact(let value): .string(value.description)
    case .enclosure(let ball):
      [
        "lower": .string(try ball.lower.decimal(significantDigits: digits, rounding: .down)),
        "upper": .string(try ball.upper.decimal(significantDigits: digits, rounding: .up)),
      ]
    }
  }
}
