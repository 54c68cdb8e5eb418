import Formulas

extension Table {
  /// The table as a booktabs fragment to be `\input`: a comment with its provenance and the packages it needs, then the
  /// tabular.
  public func latex(provenance: String) -> String {
    let kinds = columns.indices.map { columnKind($0) }
    var lines = provenance.split(whereSeparator: \.isNewline).map { "% \($0)" }
    lines.append("% \(caption.split(whereSeparator: \.isNewline).joined(separator: " "))")
    lines += packages(kinds).map { "% \\usepackage{\($0)}" }
    let environment = isLong ? "longtable" : "tabular"
    let note = legend.joined(separator: "; ")
    lines.append("\\begin{\(environment)}{@{}\(kinds.map(\.specification).joined())@{}}")
    if isLong { lines.append("\\caption{\(LaTeX.prose(caption, notation))}\\\\") }
    let head = ["\\toprule", columns.indices.map { headerLaTeX($0) }.joined(separator: " & ") + " \\\\", "\\midrule"]
    lines += isLong ? head + ["\\endfirsthead"] + head + ["\\endhead"] : head
    for row in rows {
      lines.append(
        row.indices.map { cellLaTeX(row[$0], column: $0, isNumeric: kinds[$0].isNumeric) }.joined(separator: " & ")
          + " \\\\")
    }
    lines.append("\\bottomrule")
    if !note.isEmpty {
      lines.append("\\multicolumn{\(columns.count)}{@{}l@{}}{\\footnotesize \(LaTeX.escape(note))}")
    }
    lines.append("\\end{\(environment)}")
    return lines.joined(separator: "\n") + "\n"
  }

  private struct ColumnKind {
    let specification: String
    let isNumeric: Bool
  }

  private func packages(_ kinds: [ColumnKind]) -> [String] {
    ["booktabs", "siunitx"] + (isLong ? ["longtable"] : []) + ["amsmath", "amssymb"]
      + (kinds.contains { $0.specification.contains("raggedright") } ? ["array"] : [])
  }

  private func columnKind(_ column: Int) -> ColumnKind {
    switch columns[column].alignment {
    case .left: return ColumnKind(specification: "l", isNumeric: false)
    case .center: return ColumnKind(specification: "c", isNumeric: false)
    case .right: return ColumnKind(specification: "r", isNumeric: false)
    case .paragraph(let width):
      let specification = ">{\\raggedright\\arraybackslash}p{\(width.text(decimals: 1))em}"
      return ColumnKind(specification: specification, isNumeric: false)
    case .number(let format): return ColumnKind(specification: "S[table-format=\(format)]", isNumeric: true)
    case .automatic:
      let cells = rows.map { $0[column] }
      let numerals = cells.filter { $0.numeral != nil }
      let isMixed = Set(cells.compactMap(\.quality)).count > 1
      guard !numerals.isEmpty, !isMixed else {
        let isCentred = cells.contains { if case .verdict = $0 { true } else { false } }
        return ColumnKind(specification: isCentred ? "c" : isMixed ? "r" : "l", isNumeric: false)
      }
      return ColumnKind(specification: "S[table-format=\(tableFormat(numerals))]", isNumeric: true)
    }
  }

  /// The smallest siunitx format that has room for all the numerals.
  private func tableFormat(_ cells: [Cell]) -> String {
    var (whole, decimals, power) = (1, 0, 0)
    var (isNegative, isPowerNegative) = (false, false)
    for case let text? in cells.map(\.numeralText) {
      let parts = text.split(separator: "e")
      let number = parts[0].drop { $0 == "-" }.split(separator: ".")
      isNegative = isNegative || text.hasPrefix("-")
      whole = max(whole, number[0].count)
      if number.count == 2 { decimals = max(decimals, number[1].count) }
      if parts.count == 2 {
        power = max(power, parts[1].drop { $0 == "-" }.count)
        isPowerNegative = isPowerNegative || parts[1].hasPrefix("-")
      }
    }
    return (isNegative ? "-" : "") + "\(whole).\(decimals)"
      + (power > 0 ? "e\(isPowerNegative ? "-" : "")\(power)" : "")
  }

  private func headerLaTeX(_ column: Int) -> String {
    let title: String
    switch columns[column].header {
    case .text(let text): title = text.contains("`") ? LaTeX.prose(text, notation) : LaTeX.escape(text)
    case .formula(let formula):
      let latex = formula.latex(notation)
      title = "$\(latex.contains("\\frac") ? "\\displaystyle " : "")\(latex)$"
    }
    let sign = quality(ofColumn: column).map(\.sign) ?? ""
    return LaTeX.braced(sign.isEmpty ? title : "\(title) \(LaTeX.escape(sign))")
  }

  private func cellLaTeX(_ cell: Cell, column: Int, isNumeric: Bool) -> String {
    if let text = cell.numeralText {
      if isNumeric { return text }
      let sign = quality(ofColumn: column) == nil ? cell.quality?.sign ?? "" : ""
      return (sign.isEmpty ? "" : "\(LaTeX.escape(sign))\\,") + "\\num{\(text)}"
    }
    let latex = cell.latex(notation)
    return isNumeric && !latex.isEmpty ? LaTeX.braced(latex) : latex
  }
}

extension Table.Cell {
  /// What is not a decimal numeral, in LaTeX text.
  fileprivate func latex(_ notation: Notation) -> String {
    switch self {
    case .text(let text): return LaTeX.escape(text)
    case .typeset(let latex, _): return latex
    case .formula(let formula): return "$\(formula.latex(notation))$"
    case .exact(let text), .upper(let text), .lower(let text):
      let parts = text.split(separator: "/")
      guard parts.count == 2, parts.allSatisfy({ Int($0) != nil || DecimalNumeral(String($0)) != nil }) else {
        return LaTeX.escape(text)
      }
      return "$\(parts[0])/\(parts[1])$"
    case .estimate(let value, let digits): return LaTeX.escape(value.text(significantDigits: digits))
    case .below(let exponent): return "$< 10^{\(exponent)}$"
    case .verdict(let holds, let word):
      return "$\(holds ? "\\checkmark" : "\\times")$" + (word.isEmpty ? "" : " \(LaTeX.escape(word))")
    case .empty: return ""
    }
  }
}
