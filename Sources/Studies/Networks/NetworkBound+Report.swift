import Arithmetic
import TensorFiles
import Transformers
import Typesetting

extension NetworkBound {
  /// The bounds of the blocks and of the whole Hessian, rounded up.
  public var text: String {
    let objective = bound.derivation.objective
    var text = "\(objective.model.heading), loss \(objective.measure.rawValue)\n"
    text += "‖X‖₂ ≤ \(norms.data), ‖W‖₂ ≤ \(norms.weight) for each weight"
    if let residual = norms.residual { text += ", ‖R‖_F ≤ \(residual)" }
    if let target = norms.target { text += ", ‖Y‖_F ≤ \(target)" }
    text += "\n"
    for hypothesis in usedHypotheses { text += "where \(hypothesis)\n" }
    text += "\n" + table.text
    return text
      + "\n‖H‖₂ ≤ \(Self.decimal(value)) for all \(objective.model.parameters.count) matrices together, rounded up\n"
  }

  /// The same in one object.
  public var json: JSONValue {
    let objective = bound.derivation.objective
    return [
      "schema": "hessian.bound-network/1", "network": .string(objective.model.kindName),
      "loss": .string(objective.measure.rawValue), "data_norm": .string("\(norms.data)"),
      "weight_norm": .string("\(norms.weight)"), "hypotheses": .array(usedHypotheses.map { .string($0) }),
      "blocks": .array(
        blocks.map {
          [
            "row": .string($0.row.name), "column": .string($0.column.name), "bound": .double($0.value.roundedUp),
          ]
        }),
      "hessian": .double(value.roundedUp),
    ]
  }

  /// What the bounds assume beyond the norms.
  private var usedHypotheses: [String] {
    let objective = bound.derivation.objective
    let used = Set(bound.proof.rulesUsed)
    let rules = (objective.hypotheses + objective.boundHypotheses).filter { used.contains($0.id) }
    return (rules.isEmpty ? [] : ["each row of the target Y is a distribution"])
      + (objective.kinks.isEmpty ? [] : ["no entry of a matrix under max(·, 0) is zero"])
  }

  private var table: Table {
    Table(
      name: "network-bound", caption: "", columns: [Table.Column("block"), Table.Column("norm at most")],
      rows: blocks.map { [.text("\($0.row.name), \($0.column.name)"), .upper(Self.decimal($0.value))] })
  }

  /// Five significant digits, rounded up.
  private static func decimal(_ value: Rational) -> String { value.decimal(significantDigits: 5, rounding: .up) }
}
