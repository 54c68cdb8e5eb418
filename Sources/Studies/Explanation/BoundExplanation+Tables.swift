import Arithmetic
import Formulas
import MatrixCalculus
import Typesetting

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension BoundExplanation {
  /// Each term's share of `M`, block by block.
  ///
  /// - Errors: a number too large to print.
  public func shareTable() throws -> Table {
    var table = Table(
      name: "explain-shares",
      caption:
        "What each term of each block bound contributes to `M`, the norm of the matrix of block bounds, weighted by "
        + "its largest eigenvector; both blocks off the diagonal count, and the shares add up to one.",
      columns: [
        .init("block", alignment: .left), .init("part", alignment: .left), .init("term", alignment: .left),
        .init("bound"), .init("share", alignment: .right),
      ])
    for share in bound.shares {
      table.append([
        .text("\(parameters[share.row]),\(parameters[share.column])"),
        part(of: share.term) == .functional
          ? .typeset("$H_f$", text: "H_f") : .typeset("$H_o$", text: "H_o"), .formula(bound.shown(share.term)),
        try share.value.cell(),
        .text(try Self.percent(share.share)),
      ])
    }
    return table
  }

  /// The exact elasticities of the derived bound, and what halving each input gives.
  public func dependenceTable() throws -> Table {
    try Self.dependenceTable(
      bound, name: "explain-inputs",
      caption: "How the derived bound `M` depends on each input, the others fixed: the elasticity "
        + "`∂ log M/∂ log s`, and `M` with half of it.")
  }

  /// The same for the printed bound.
  public func printedTable() throws -> Table? {
    try printed.map {
      try Self.dependenceTable(
        $0.bound, name: "explain-printed",
        caption: "The same for `M` of Theorem 1 as printed (\(BoundReport.printedStatus)).")
    }
  }

  private static func dependenceTable(_ bound: ExplainedBound, name: String, caption: String) throws -> Table {
    var table = Table(
      name: name, caption: caption,
      columns: [.init("input", alignment: .left)] + (bound.isNamed ? [] : [.init("symbol", alignment: .left)]) + [
        .init("value"), .init("elasticity", alignment: .right), .init("M with half of it", key: "halved"),
        .init("factor", alignment: .right),
      ])
    for dependence in bound.dependences {
      let symbol: [Table.Cell] = bound.isNamed ? [] : [.formula(.symbol(dependence.input.symbol))]
      table.append(
        [.formula(dependence.input.name)] + symbol + [
          value(of: dependence.input), .text(try decimals(dependence.elasticity)), try dependence.halved.cell(),
          .text(try decimals(dependence.factor)),
        ])
    }
    return table
  }

  private static func value(of input: ExplainedBound.Input) -> Table.Cell {
    let text = input.value.description
    return text.utf8.count <= 12
      ? .exact(text) : .upper(input.value.decimal(significantDigits: 6, rounding: .up))
  }

  /// The maxima and minima with the operand that counts, and where another one takes over.
  public func branchTable() throws -> Table {
    var table = Table(
      name: "explain-branches",
      caption:
        "Which operand of each maximum and minimum counts here, and at which value of each input, the others fixed, "
        + "another one takes over, as far as a factor of a million either way.",
      columns: [
        .init("bound", alignment: .left), .init("counts", alignment: .left), .init("input", alignment: .left),
        .init("at about", key: "at", alignment: .right), .init("then", alignment: .left),
      ])
    let all = branches.map { ("derived", $0) } + (printed.map { [("printed", $0.branch)] } ?? [])
    for (name, branch) in all {
      let active = branch.active.map { branch.names[$0] }.joined(separator: " and ")
      if branch.switches.isEmpty {
        table.append([
          .text(name), .text(active), .text("any"), .empty, .text(branch.active.count > 1 ? "equal" : "the same"),
        ])
      }
      for change in branch.switches {
        table.append([
          .text(name), .text(active), .formula(change.input.name),
          .text(Self.trimmed(change.value.decimal(significantDigits: 5, rounding: .nearest))),
          .text(branch.names[change.operand]),
        ])
      }
    }
    return table
  }

  /// The inequalities of the proof by what they lose; `nil` where there is no instance.
  public var lawTable: Table? {
    guard let proof = slack?.proof else { return nil }
    var table = Table(
      name: "explain-laws",
      caption: "The inequalities of the proof by what they lose at this instance: the factor by which all uses of each "
        + "raise the bound along the chain, and its part of the logarithm of `M/‖H‖₂`.",
      columns: [
        .init("law", alignment: .left), .init("inequality", alignment: .left), .init("uses"), .init("factor"),
        .init("part", alignment: .right),
      ])
    let total = proof.laws.reduce(0) { $0 + $1.loss }
    for law in proof.laws where !law.isTight {
      table.append([
        .text(law.rule.description), Self.cell(law.statement), .exact("\(law.uses)"),
        .estimate(Self.factor(law.loss), digits: 4),
        .text(total > 0 && total.isFinite ? Self.percent(law.loss / total) : ""),
      ])
    }
    return table
  }

  /// The chain from `‖H‖₂` to `M`, without what loses nothing; `nil` where there is no instance.
  public var chainTable: Table? {
    guard let proof = slack?.proof else { return nil }
    var table = Table(
      name: "explain-chain",
      caption:
        "The chain of the proof at this instance: what `‖H‖₂` is bounded by after each group of equal inequalities, "
        + "used in all blocks at a time, and the use in it that loses most.",
      columns: [
        .init("inequality", alignment: .left), .init("uses"), .init("bound"), .init("factor"),
        .init("most in", key: "block", alignment: .left), .init("of", key: "left", alignment: .left),
      ])
    table.append([.text("the norm itself"), .empty, .estimate(proof.start, digits: 5), .empty, .empty, .empty])
    for rung in proof.rungs where !rung.isTight {
      table.append([
        proof.laws.first { $0.rule == rung.rule }.map { Self.cell($0.statement) } ?? .empty, .exact("\(rung.uses)"),
        .estimate(rung.value, digits: 5), .estimate(Self.factor(rung.loss), digits: 4), .text(name(of: rung.worst)),
        rung.worst.block == nil ? .empty : Self.cell(short: rung.worst.left),
      ])
    }
    return table
  }

  /// A formula where it is short enough for a table.
  private static func cell(short formula: Formula) -> Table.Cell {
    formula.description.count <= 56 ? .formula(formula) : .text("…")
  }

  /// The block of a use, such as `Q,K`.
  func name(of use: ProofSlack.Use) -> String {
    use.block.map { "\(parameters[$0.row]),\(parameters[$0.column])" } ?? ""
  }

  private static func cell(_ statement: Judgement) -> Table.Cell {
    .typeset("$\(latex(of: statement))$", text: text(of: statement))
  }

  /// An inequality in short: a matrix of blocks is written by its general entry.
  static func text(of statement: Judgement) -> String {
    isCompression(statement) ? "‖[B_ij]‖₂ ≤ ‖[‖B_ij‖₂]‖₂" : statement.description
  }

  static func latex(of statement: Judgement) -> String {
    isCompression(statement)
      ? #"\lVert [B_{ij}] \rVert_2 \le \lVert [\lVert B_{ij} \rVert_2] \rVert_2"# : statement.latex()
  }

  private static func isCompression(_ statement: Judgement) -> Bool {
    statement.left.kind == .norm && statement.left.operands[0].kind == .blocks
  }

  // MARK: Numbers

  /// The nearest decimals of an enclosed number that its enclosure determines, of those six.
  static func decimals(_ ball: Ball) throws -> String {
    if ball.isZero { return "0" }
    let (lower, upper) = (try ball.lower, try ball.upper)
    let digits = lower.decimal(significantDigits: 6, rounding: .nearest)
    guard digits == upper.decimal(significantDigits: 6, rounding: .nearest) else {
      let bounds = try ball.decimalBounds(digits: 6)
      return "[\(bounds.lower), \(bounds.upper)]"
    }
    return trimmed(digits)
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains("."), !text.contains("e") else { return text }
    var text = text
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }

  static func percent(_ ball: Ball) throws -> String { percent(Double(try ball.lower)) }
  static func percent(_ part: Double) -> String { "\((100 * part).text(decimals: 1)) %" }

  static func factor(_ loss: Double) -> Double { loss.isFinite ? exp(loss) : loss }
}
