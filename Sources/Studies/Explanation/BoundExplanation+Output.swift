import Arithmetic
import Formulas
import TensorFiles
import Typesetting

extension BoundExplanation {
  // MARK: Text

  /// The explanation as a person reads it in a terminal.
  ///
  /// - Errors: a number too large to print.
  public func text() throws -> String {
    let outer = try Self.percent(share(of: .outer)), functional = try Self.percent(share(of: .functional))
    var parts = [
      try heading(),
      plain(try shareTable().text) + "Outer-product parts H_o: \(outer); functional parts H_f: \(functional)\n",
      plain(try dependenceTable().text),
    ]
    if let printed = try printedTable() { parts.append(plain(printed.text)) }
    parts.append(plain(try branchTable().text))
    if let laws = lawTable, let chain = chainTable {
      parts += [plain(laws.text) + tightText, try worstText(), plain(chain.text)]
    }
    return parts.joined(separator: "\n")
  }

  private func heading() throws -> String {
    var lines = [subject, "", "M = \(try bound.value.upperText()) (rounded up): \(BoundReport.derivedStatus)"]
    if assumesZeroResidual { lines.append("    \(BoundReport.zeroResidualRemark)") }
    if let printed {
      lines.append("M as printed = \(try printed.bound.value.upperText()) (rounded up): \(BoundReport.printedStatus)")
    }
    for ratio in try ratios() { lines.append("\(ratio.name) = \(ratio.text)") }
    if let remark = try printedRemark() { lines.append(remark) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What the printed bound is worth at the instance.
  func printedRemark() throws -> String? {
    guard let printed, let isForSizes = printed.isForSizes else { return nil }
    if !isForSizes { return "Theorem 1 is printed for d = d_V, which does not hold here." }
    guard case .enclosed(let norm) = slack?.measurement else { return nil }
    return try norm.lower > (try printed.bound.value.upper)
      ? "Theorem 1 as printed does not hold here: ‖H‖₂ is above its M, by rigorous enclosures." : nil
  }

  /// The names and values of the ratios between measured, derived and printed.
  func ratios() throws -> [(name: String, key: String, text: String, value: Double)] {
    func ratio(_ name: String, _ key: String, _ quotient: Ball) throws -> (String, String, String, Double) {
      (name, key, try Self.decimals(quotient), Double(try quotient.upper))
    }
    func estimate(_ name: String, _ key: String, _ value: Double) -> (String, String, String, Double) {
      (name, key, "\(value.text(significantDigits: 5)) (estimate)", value)
    }
    var ratios: [(String, String, String, Double)] = []
    if let printed {
      ratios.append(
        try ratio("derived / printed", "derived_printed", bound.value.ball.divided(by: printed.bound.value.ball)))
    }
    switch slack?.measurement {
    case .enclosed(let norm):
      let text = try norm.fraction ?? Self.decimals(norm.ball)
      ratios.insert(("‖H‖₂", "norm", "\(text) (enclosed)", Double(try norm.upper)), at: 0)
      guard norm.ball.isPositive else { break }
      ratios.append(try ratio("derived / ‖H‖₂", "derived_norm", bound.value.ball.divided(by: norm.ball)))
      if let printed {
        ratios.append(try ratio("printed / ‖H‖₂", "printed_norm", printed.bound.value.ball.divided(by: norm.ball)))
      }
    case .estimate(let norm):
      ratios.insert(estimate("‖H‖₂", "norm", norm), at: 0)
      guard norm > 0 else { break }
      ratios.append(estimate("derived / ‖H‖₂", "derived_norm", try bound.value.upper.roundedUp / norm))
      if let printed {
        ratios.append(estimate("printed / ‖H‖₂", "printed_norm", try printed.bound.value.upper.roundedUp / norm))
      }
    case nil: break
    }
    return ratios
  }

  /// The inequalities that are equalities here.
  private var tightText: String {
    guard let tight = slack?.proof.tightLaws, !tight.isEmpty else { return "" }
    return "Nothing is lost, up to rounding, in \(tight.map(\.rule.description).joined(separator: ", ")).\n"
  }

  /// The inequality that loses most, and its single use that does, with both sides.
  func worstText() throws -> String {
    guard let proof = slack?.proof, let law = proof.laws.first, let worst = proof.worst else { return "" }
    let block = worst.block == nil ? "" : " in block \(name(of: worst))"
    return """
      Loses most: \(law.rule), \(Self.text(of: law.statement))
        in \(law.uses) \(law.uses == 1 ? "use" : "uses"), a factor of \
      \(Self.factor(law.loss).text(significantDigits: 4)) of \
      \((proof.end / proof.start).text(significantDigits: 4)) (estimates)
      Single use that loses most: \(worst.rule)\(block), a factor of \
      \(Self.factor(worst.loss).text(significantDigits: 4)) on M
        \(worst.left) = \(worst.leftValue.text(significantDigits: 5))
        ≤ \(worst.right) = \(worst.rightValue.text(significantDigits: 5))

      """
  }

  private func plain(_ text: String) -> String { text.filter { $0 != "`" } }

  // MARK: Tables

  /// All tables, in the order of the text.
  public func tables() throws -> [Table] {
    try [shareTable(), dependenceTable(), printedTable(), branchTable(), lawTable, chainTable].compactMap { $0 }
  }

  /// All tables as one in CSV: a line for each cell, with its table, row and column.
  public func csv() throws -> String {
    var all = Table(
      name: "explain", caption: "", columns: ["table", "row", "item", "quantity", "value"].map { .init($0) })
    for table in try tables() {
      for (index, row) in table.rows.enumerated() {
        for (column, cell) in zip(table.columns, row).dropFirst() {
          all.append([
            .text(String(table.name.dropFirst("explain-".count))), .exact("\(index + 1)"), row[0],
            .text(column.key), cell,
          ])
        }
      }
    }
    return all.csv
  }

  /// All tables as LaTeX fragments to be `\input`, one after the other.
  public func latex(provenance: String) throws -> String {
    try tables().map { $0.latex(provenance: provenance) }.joined(separator: "\n\n")
  }

  // MARK: Figure

  /// The ladder from `‖H‖₂` through each group of inequalities of the proof to `M`; `nil` where there is no instance.
  public func figure() throws -> LadderFigure? {
    guard let slack else { return nil }
    let proof = slack.proof
    let start: Double
    let quality: String
    switch slack.measurement {
    case .enclosed(let norm): (start, quality) = (Double(try norm.upper), "enclosed")
    case .estimate(let norm): (start, quality) = (norm, "estimate")
    }
    var rungs = [
      LadderFigure.Rung(
        .start, "‖H‖₂, \(quality)", latex: "$\\lVert H\\rVert_2$, \(quality)", value: start,
        note: start.text(significantDigits: 4))
    ]
    for rung in proof.rungs where rung.loss >= Self.visibleLoss {
      guard let law = proof.laws.first(where: { $0.rule == rung.rule }) else { continue }
      rungs.append(
        .init(
          .step, Self.text(of: law.statement), latex: "$\(Self.latex(of: law.statement))$", value: rung.value,
          note: "× \(Self.factor(rung.loss).text(significantDigits: 3))" + mostly(rung)))
    }
    let end = try bound.value.upper.roundedUp
    rungs.append(
      .init(
        .end, "M, derived", latex: "$M$, derived", value: end, note: try bound.value.upperText(digits: 4)))
    if let printed {
      rungs.append(
        .init(
          .comparison, "M, Theorem 1 as printed", latex: "$M$, Theorem~1 as printed",
          value: try printed.bound.value.upper.roundedUp, note: try printed.bound.value.upperText(digits: 4)))
    }
    return LadderFigure(
      title: "From the Hessian's norm to its bound",
      subtitle:
        "\(subject)\neach bar is what one inequality of the proof loses, used in all blocks at a time; those that lose "
        + "less than 0.5 % are left out",
      summary:
        "A chain of numbers from the norm of the Hessian to the derived bound on a logarithmic axis, a step for each "
        + "inequality of the proof, and the printed bound beside it.",
      valueLabel: "bound on ‖H‖₂ (logarithmic)", rungs: rungs)
  }

  /// Where a group of several uses loses most.
  private func mostly(_ rung: ProofSlack.Rung) -> String {
    rung.uses > 1 && rung.worst.block != nil ? " in \(name(of: rung.worst))" : ""
  }

  private static let visibleLoss = 0.005
}
