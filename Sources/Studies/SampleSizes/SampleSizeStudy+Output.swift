import Arithmetic
import Formulas
import TensorFiles
import Transformers
import Typesetting

extension SampleSizeStudy {
  /// Every version's sample size for every tolerance, and the empirical ones.
  public var table: Table { table(caption: caption) }

  func table(caption: String) -> Table {
    var table = Table(
      name: "sample-size", caption: caption,
      columns: [
        .init("ε", key: "epsilon"), .init("version", alignment: .left), .init("k*", key: "k_star", alignment: .right),
        .init("bound at k*", key: "bound_at_k_star", alignment: .right),
        .init("at k* − 1", key: "bound_before", alignment: .right),
        .init("dominated by", key: "dominated_by", alignment: .left), .init("share", key: "share", alignment: .right),
        .init("numbers", key: "numbers", alignment: .left),
      ], notation: SampleSizeNotation.notation)
    for row in rows {
      for outcome in row.outcomes { if let cells = Self.cells(outcome) { table.append(cells) } }
      guard let empirical = row.empirical else { continue }
      for (name, count) in [
        ("measured mean", empirical.mean),
        ("measured \(RunningMeans.percent(empirical.probability))", empirical.quantile),
      ] {
        table.append([
          Self.tolerance(row.tolerance), .text(name),
          count.map { .exact("\($0)") } ?? .text("not reached within \(empirical.samples)"), .empty, .empty, .empty,
          .empty, .text(SampleSizeNumbers.Origin.measured.rawValue),
        ])
      }
    }
    return table
  }

  private static func cells(_ outcome: SampleSizeOutcome) -> [Table.Cell]? {
    guard let found = outcome.found else { return nil }
    let size = found.size, term = found.terms[found.dominating]
    let total = found.terms.reduce(Rational.zero) { $0 + $1.value }
    let share = found.terms.count > 1 ? (try? term.value.divided(by: total)).map { Double($0) } : nil
    return [
      tolerance(outcome.tolerance), .text(outcome.version.rawValue), .exact(SampleSizeNotation.whole(size.count)),
      .upper(size.boundAtCount.decimal(significantDigits: 6, rounding: .up)),
      size.boundBefore.map { .lower($0.decimal(significantDigits: 6, rounding: .down)) } ?? .empty,
      .typeset("$\(term.formula.latex(SampleSizeNotation.notation))$", text: SampleSizeNotation.text(term.formula)),
      share.map { .text("\(($0 * 100).text(decimals: 1)) %") } ?? .empty, .text(found.origin.rawValue),
    ]
  }

  private static func tolerance(_ value: Rational) -> Table.Cell {
    .exact(SampleSizeNotation.number(value))
  }

  private var caption: String {
    "Sample sizes k*: the least number of samples from which on a bound is at most ε, for \(subject). For the versions "
      + "printed to hessian-free the bound is N/(k + 1) on the change of the mean loss by one more sample; for mean-square "
      + "N/(k + 1)²; for hoeffding the probability, at most δ = \(SampleSizeNotation.number(numbers.failure)), that the mean "
      + "loss is more than ε from its expectation; for bernstein the width at that probability."
  }

  /// The study as a person reads it in a terminal.
  public var text: String {
    var lines = ["Sample sizes k* for \(subject)", ""]
    lines.append(table(caption: "").text)
    let versions = rows[0].outcomes
    lines.append("What is at most ε from k* on, and under which hypotheses:")
    for outcome in versions where outcome.found != nil {
      let claims = outcome.version.claims
      lines.append(
        "  \(outcome.version.rawValue): \(outcome.version.quantity); \(outcome.version.hypotheses.joined(separator: "; "))"
      )
      if !claims.isEmpty { lines.append("    on trial: hessian audit \(claims.joined(separator: " "))") }
    }
    for outcome in versions {
      if let reason = outcome.reason { lines.append("unavailable  \(outcome.version.rawValue): \(reason)") }
    }
    for row in rows {
      for outcome in row.outcomes {
        guard let criterion = outcome.found?.criterion, let count = outcome.found?.size.count else { continue }
        let sign = outcome.version == .meanSquare ? "√(N/ε)" : "N/ε"
        lines.append(
          "\(outcome.version.rawValue), ε = \(SampleSizeNotation.number(row.tolerance)): m* = \(sign) "
            + "\(SampleSizeNotation.short(criterion)) as the criterion prints it; k* = \(SampleSizeNotation.whole(count)) "
            + "as the bound divides by k + 1")
      }
    }
    if let measured { lines += measured.lines }
    lines.append(Self.remark)
    return lines.joined(separator: "\n") + "\n"
  }

  /// Why small increments are not enough.
  public static let remark =
    "A mean loss that changes by at most N/(k + 1) per sample need not settle: the sum of 1/(k + 1) over all k diverges, "
    + "as the harmonic series does. From k to 2k samples the mean may still move by N ln 2, however large k is. The "
    + "distance to the limit is bounded only by the statistical versions, which assume independent samples and a w that was "
    + "not fitted to them."

  // MARK: JSON

  /// Everything as one object: exact values as strings.
  public var json: JSONValue {
    [
      "schema": "hessian.kstar/2", "subject": .string(subject), "numbers": numbers.json,
      "rows": .array(
        rows.map { row in
          [
            "epsilon": .string(row.tolerance.description), "versions": .array(row.outcomes.map(\.json)),
            "empirical": row.empirical?.json ?? .null,
          ]
        }), "measured": measured?.json ?? .null,
    ]
  }
}

extension SampleSizeOutcome {
  fileprivate var json: JSONValue {
    guard let found else {
      return ["version": .string(version.rawValue), "available": false, "reason": .string(reason ?? "")]
    }
    return [
      "version": .string(version.rawValue), "available": true, "quantity": .string(version.quantity),
      "hypotheses": .array(version.hypotheses.map { .string($0) }),
      "claims": .array(version.claims.map { .string($0) }), "k_star": .string(found.size.count.description),
      "bound_at_k_star": .string(found.size.boundAtCount.description),
      "bound_before": found.size.boundBefore.map { .string($0.description) } ?? .null,
      "numerator": found.size.numerator.map { .string($0.description) } ?? .null,
      "m_star": found.criterion.map { .string($0.description) } ?? .null,
      "terms": .array(
        found.terms.map { ["term": .string($0.formula.description), "value": .string($0.value.description)] }),
      "dominating": .string(found.terms[found.dominating].formula.description),
      "numbers": .string(found.origin.rawValue),
    ]
  }
}

extension SampleSizeStudy.Empirical {
  fileprivate var json: JSONValue {
    [
      "mean": mean.map { .integer($0) } ?? .null, "quantile": quantile.map { .integer($0) } ?? .null,
      "probability": .double(probability), "samples": .integer(samples),
    ]
  }
}

extension SampleSizeNumbers {
  fileprivate var json: JSONValue {
    let named: [(String, Value?)] = [
      ("radius", radius), ("loss_bound", lossBound), ("hessian_bound", hessianBound),
      ("ball_hessian_bound", ballHessianBound), ("loss_gap", lossGap), ("gradient_gap", gradientGap),
      ("loss_supremum", lossSupremum), ("variance", variance), ("sigma", deviation),
    ]
    return .object(
      named.map { name, value in
        .init(
          name,
          value.map { ["value": .string($0.value.description), "origin": .string($0.origin.rawValue)] } ?? .null)
      } + [
        .init("delta", .string(failure.description)),
        .init("parameters", parameters.map { .integer($0) } ?? .null),
      ])
  }
}
