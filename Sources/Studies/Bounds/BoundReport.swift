import Arithmetic
import TensorFiles
import Typesetting

/// The printed Theorem 1 term by term and the derived bound beside it, as text or JSON.
public struct BoundReport: Sendable {
  public let evaluation: BoundEvaluation
  private var input: BoundEvaluation.Input { evaluation.input }

  public init(_ evaluation: BoundEvaluation) { self.evaluation = evaluation }

  /// What a result that assumes no residual is worth.
  static let zeroResidualRemark = "valid only at zero residual (give --r-max or --target-norm)"
  static let printedStatus = "printed claim for d = d_V; false in general"
  static let derivedStatus = "derived, with a proof: see hessian derive --bound"

  // MARK: Text

  /// - Errors: a number too large to print.
  public func text() throws -> String {
    var text = "X_max = \(short(input.dataNorm)), W_max = \(short(input.weightNorm)), "
    text += "‖W_Q‖ = \(short(input.queryNorm)), ‖W_K‖ = \(short(input.keyNorm)), ‖W_V‖ = \(short(input.valueNorm))\n"
    text += "L = \(input.sequenceLength), d_V = \(input.valueWidth), d_K = \(input.keyWidth)\n"
    text += "S_max = \(input.shufflingNorm.map(short) ?? "√d_V"), α = \(input.attentionNorm.map(short) ?? "√L")\n"
    text += "R_max = \(try short(evaluation.residualNorm))"
    if case .zero = input.residual { text += ": \(Self.zeroResidualRemark)" }
    text += "\n\n" + (try printedTable().text)
    let names = evaluation.maximal.map { evaluation.entries[$0].block }.joined(separator: " and ")
    text += "M = \(try short(evaluation.printed)), attained by \(names)\n"
    text += "\n" + (try derivedTable().text)
    text += "M_derived = \(try short(evaluation.derived)), the norm of the matrix of these\n"
    return text
  }

  private func printedTable() throws -> Table {
    let count = evaluation.entries.map(\.terms.count).max() ?? 0
    let columns =
      [Table.Column("entry")] + (0..<count).map { Table.Column("term \($0 + 1)") }
      + [Table.Column("sum"), Table.Column("exactly")]
    let rows = try evaluation.entries.map { entry -> [Table.Cell] in
      let terms = try (0..<count).map { $0 < entry.terms.count ? try entry.terms[$0].cell() : .empty }
      return [.text(entry.block)] + terms + [try entry.value.cell(), .text(entry.value.fraction ?? "")]
    }
    return Table(
      name: "theorem-1", caption: "Theorem 1 (\(Self.printedStatus))", columns: columns, rows: rows)
  }

  private func derivedTable() throws -> Table {
    let rows = try evaluation.blocks.map { block -> [Table.Cell] in
      [.text("\(block.row),\(block.column)"), try block.value.cell(), .text(block.value.fraction ?? "")]
    }
    return Table(
      name: "derived", caption: "Derived bound (\(Self.derivedStatus))",
      columns: [Table.Column("block"), Table.Column("bound"), Table.Column("exactly")], rows: rows)
  }

  private func short(_ number: Rational) -> String {
    let text = number.description
    return text.utf8.count <= 40 ? text : "about " + number.decimal(significantDigits: 6, rounding: .nearest)
  }

  private func short(_ quantity: Quantity) throws -> String {
    guard let fraction = quantity.fraction else { return "\(try quantity.upperText()) (rounded up)" }
    let decimal = try quantity.upperText()
    return fraction == decimal || !fraction.contains("/") ? fraction : "\(fraction) ≤ \(decimal)"
  }

  // MARK: JSON

  /// The whole result in one object.
  public func json() throws -> JSONValue {
    let entries = try evaluation.entries.map { entry -> JSONValue in
      [
        "blocks": .string(entry.block), "formula": .string(entry.formula.description),
        "terms": .array(try entry.terms.map { try $0.json() }), "value": try entry.value.json(),
      ]
    }
    let blocks = try evaluation.blocks.map { block -> JSONValue in
      [
        "row": .string(block.row), "column": .string(block.column), "formula": .string(block.formula.description),
        "value": try block.value.json(),
      ]
    }
    let isZero = if case .zero = input.residual { true } else { false }
    return [
      "schema": "hessian.bound/1", "input": try inputJSON(),
      "remark": isZero ? .string(Self.zeroResidualRemark) : .null,
      "printed": [
        "status": .string(Self.printedStatus), "entries": .array(entries),
        "largest": .array(evaluation.maximal.map { .string(evaluation.entries[$0].block) }),
        "M": try evaluation.printed.json(),
      ],
      "derived": [
        "status": .string(Self.derivedStatus), "blocks": .array(blocks), "M": try evaluation.derived.json(),
      ],
    ]
  }

  private func inputJSON() throws -> JSONValue {
    [
      "x_max": .string(input.dataNorm.description), "w_max": .string(input.weightNorm.description),
      "w_q": .string(input.queryNorm.description), "w_k": .string(input.keyNorm.description),
      "w_v": .string(input.valueNorm.description), "length": .integer(input.sequenceLength),
      "d_v": .integer(input.valueWidth), "d_k": .integer(input.keyWidth),
      "r_max": try evaluation.residualNorm.json(),
      "s_max": .string(input.shufflingNorm?.description ?? "√d_V"),
      "alpha": .string(input.attentionNorm?.description ?? "√L"),
    ]
  }
}
