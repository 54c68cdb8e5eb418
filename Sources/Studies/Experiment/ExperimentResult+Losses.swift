import Arithmetic
import Transformers
import Typesetting

extension ExperimentResult {
  /// One step on the way from a measured term to the term of a bound.
  public struct Step: Hashable, Sendable {
    /// What stands on this step.
    public let quantity: String
    public let value: Double
    /// Why it is at least the one before.
    public let reason: String
    /// Whether the value is a bound, or measured.
    public let isBound: Bool
  }

  /// From the measured Hessian's term at a distance `r` to that of the bound: what each inequality loses.
  public func hessianSteps(_ distance: ExperimentBounds.Distance) -> [Step] {
    let some = measurement.expansions.filter { $0.radius == distance.radius }
    guard let term = some.map(\.hessian).max(), let gap = measurement.hessianGaps.map(\.norm).max(),
      let single = measurement.largestHessianNorm
    else { return [] }
    let r = Double(distance.radius), square = r * r
    var steps = [
      Step(
        quantity: "½ r² uᵀ(H_{k+1} − H̄_k)u", value: term,
        reason: "measured, mean over samples, largest over directions",
        isBound: false),
      Step(
        quantity: "½ r² ‖H_{k+1} − H̄_k‖₂", value: square * gap / 2,
        reason: "the direction need not be the worst, nor the sample",
        isBound: false),
      Step(
        quantity: "r² max ‖H_i‖₂", value: square * single, reason: "a difference is at most the sum of two norms",
        isBound: false),
    ]
    if let center = bounds.center {
      steps.append(
        Step(
          quantity: "M r²", value: Double(center.hessianBound) * square,
          reason: "`M` at `w*` is the derived bound of the Hessian, in norms of weights and data", isBound: true))
    }
    if let ball = distance.ball {
      steps.append(
        Step(
          quantity: "M_B r²", value: Double(ball.hessianBound) * square,
          reason: "`M_B` holds on the whole ball, whatever the residual there", isBound: true))
    }
    return steps
  }

  /// The steps at every distance as a table.
  public var lossTable: Table {
    var table = Table(
      name: "orders-lost",
      caption:
        "Where the orders of magnitude go in the Hessian's term: each line is at least the one before, and says by "
        + "how many powers of ten. Measured values are no bounds.",
      columns: [
        .init("r"), .init("quantity", alignment: .left), .init("value"), .init("kind", alignment: .left),
        .init("decades lost", key: "decades", alignment: .right), .init("because", alignment: .left),
      ])
    for distance in bounds.distances {
      let steps = hessianSteps(distance)
      for (index, step) in steps.enumerated() {
        table.append([
          .exact(Self.decimal(distance.radius)), .prose("`\(step.quantity)`"), .estimate(step.value, digits: 3),
          .text(step.isBound ? "bound" : "measured"),
          index == 0 ? .empty : .text(Self.decades(step.value, over: steps[index - 1].value)), .prose(step.reason),
        ])
      }
    }
    return table
  }

  /// The terms of the bounds beside the measured ones.
  public var termTable: Table {
    var table = Table(
      name: "terms",
      caption:
        "The bounds `N/(k + 1)` on `|L_{k+1} − L_k|`, term by term, beside the mean of `(k + 1)|L_{k+1} − L_k|` measured at the "
        + "same distance, and the powers of ten between. Origins: derived is a bound; measured is not, and makes what is "
        + "computed from it none.",
      columns: [
        .init("r"), .init("version", alignment: .left), .init("terms", alignment: .left), .init("N"),
        .init("numbers", alignment: .left), .init("measured"), .init("decades", alignment: .right),
      ])
    for distance in bounds.distances {
      let measured = measuredNumerator(distance.radius)
      for outcome in distance.study.rows[0].outcomes {
        guard outcome.version.increment != nil, let found = outcome.found else { continue }
        let terms = found.terms.map {
          "`\(SampleSizeNotation.text($0.formula))` = " + Double($0.value).text(significantDigits: 3)
        }
        let total = found.terms.reduce(0) { $0 + Double($1.value) }
        table.append([
          .exact(Self.decimal(distance.radius)), .text(outcome.version.rawValue), .prose(terms.joined(separator: ", ")),
          .estimate(total, digits: 3), .text(found.origin.rawValue),
          measured.map { .estimate($0, digits: 3) } ?? .empty,
          .text(measured.map { Self.decades(total, over: $0) } ?? ""),
        ])
      }
    }
    return table
  }

  /// The largest over the directions of the mean distance of a sample's loss from the mean of the others.
  func measuredNumerator(_ radius: Rational) -> Double? {
    measurement.expansions.filter { $0.radius == radius }.map(\.loss).max()
  }
}
