import Formulas
import MatrixCalculus
import Typesetting

/// Every law with its statement and its source or reason.
enum LawTable {
  static func table() -> Table {
    var table = Table(
      name: "laws",
      caption:
        "The \(Laws.all.count) laws: name, statement, and source or reason. Laws of bookkeeping are marked by a dot.",
      columns: [
        .init("law", alignment: .paragraph(11.8)), .init("statement", alignment: .left),
        .init("source", alignment: .paragraph(9.65)),
      ], isLong: true, notation: PaperNotation.laws)
    for group in Laws.catalogue {
      table.append([.typeset("\\itshape \(LaTeX.escape(group.title))", text: group.title), .empty, .empty])
      for rule in group.rules { table.append(row(rule)) }
    }
    return table
  }

  private static func row(_ rule: Rule) -> [Table.Cell] {
    let notation = PaperNotation.laws.literal
    let lines = rule.statement.latexLines(notation, width: 22)
    let statement = "\\begin{aligned}[t] & " + lines.joined(separator: " \\\\ & ") + " \\end{aligned}"
    let mark = rule.weight == .bookkeeping ? " $\\cdot$" : ""
    return [
      .typeset(LaTeX.lawName(rule.id.rawValue) + mark, text: rule.id.rawValue),
      .typeset("$\(statement)$", text: rule.statement.description),
      rule.citation.map { .typeset($0.latex, text: $0.description) }
        ?? .typeset(LaTeX.prose(rule.justification, notation), text: rule.justification),
    ]
  }
}
