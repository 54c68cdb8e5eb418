import Formulas

extension Table {
  /// The table for a terminal: the caption, aligned columns, numbers at the right.
  public var text: String {
    let headers = columns.indices.map { column in
      let sign = quality(ofColumn: column).map(\.sign) ?? ""
      return SVGText.plain(columns[column].header.text) + (sign.isEmpty ? "" : " \(sign)")
    }
    let cells = rows.map { row in row.indices.map { cellText(row[$0], column: $0) } }
    let widths = columns.indices.map { column in
      ([headers[column]] + cells.map { $0[column] }).map(TerminalText.width).max() ?? 0
    }
    func line(_ texts: [String]) -> String {
      columns.indices.map { column in
        TerminalText.padded(texts[column], to: widths[column], isRight: isRightAligned(column))
      }.joined(separator: "  ").trimmingTrailingSpaces
    }
    var lines = caption.isEmpty ? [] : [SVGText.plain(caption), ""]
    lines.append(line(headers))
    lines.append(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "))
    lines += cells.map(line)
    if !legend.isEmpty { lines.append(legend.joined(separator: "; ")) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The table as comma-separated values (RFC 4180), the keys of the columns first.
  ///
  /// Floats have 17 significant digits; signs such as `≈` are left out.
  public var csv: String {
    let header = columns.map { Table.quotedForCSV($0.key) }.joined(separator: ",")
    let lines = rows.map { row in row.map { Table.quotedForCSV($0.csv) }.joined(separator: ",") }
    return ([header] + lines).joined(separator: "\n") + "\n"
  }

  /// The table as JSON: exact values as strings, bounds as `{"upper": …}` or `{"lower": …}`, estimates as numbers.
  public var json: JSON {
    .object([
      ("name", .string(name)), ("caption", .string(caption)),
      ("columns", .array(columns.map { .string($0.key) })),
      ("rows", .array(rows.map { row in .object(zip(columns, row).map { ($0.key, $1.json) }) })),
    ])
  }

  private func isRightAligned(_ column: Int) -> Bool {
    switch columns[column].alignment {
    case .right, .number: true
    case .left, .center, .paragraph: false
    case .automatic: rows.contains { $0[column].quality != nil }
    }
  }

  private func cellText(_ cell: Cell, column: Int) -> String {
    let text = cell.text
    guard let own = cell.quality, quality(ofColumn: column) == nil else { return text }
    return own.sign.isEmpty ? text : "\(own.sign) \(text)"
  }

  private static func quotedForCSV(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
  }
}

extension Table.Cell {
  /// The cell in plain text.
  var text: String {
    if let numeralText { return numeralText }
    switch self {
    case .text(let text), .typeset(_, let text), .exact(let text), .upper(let text), .lower(let text): return text
    case .formula(let formula): return formula.description
    case .estimate(let value, let digits): return value.text(significantDigits: digits)
    case .below(let exponent): return "< 1e\(exponent)"
    case .verdict(let holds, let word): return (holds ? "✓" : "✗") + (word.isEmpty ? "" : " \(word)")
    case .empty: return ""
    }
  }

  fileprivate var csv: String {
    switch self {
    case .text(let text), .typeset(_, let text), .exact(let text), .upper(let text), .lower(let text): text
    case .formula(let formula): formula.description
    case .estimate(let value, _):
      value.isFinite ? DecimalNumeral.formatted("%.17g", value) : value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
    case .below(let exponent): "<1e\(exponent)"
    case .verdict(let holds, let word): word.isEmpty ? "\(holds)" : word
    case .empty: ""
    }
  }

  fileprivate var json: JSON {
    switch self {
    case .text(let text), .typeset(_, let text), .exact(let text): .string(text)
    case .formula(let formula): .string(formula.description)
    case .upper(let text): .object([("upper", .string(text))])
    case .lower(let text): .object([("lower", .string(text))])
    case .estimate(let value, _): .number(value)
    case .below(let exponent): .object([("below", .string("1e\(exponent)"))])
    case .verdict(let holds, let word): .object([("holds", .bool(holds)), ("verdict", .string(word))])
    case .empty: .null
    }
  }
}

/// Text in the cells of a terminal.
enum TerminalText {
  /// The number of terminal cells that a text takes.
  static func width(_ text: String) -> Int { text.reduce(0) { $0 + width($1) } }

  static func padded(_ text: String, to width: Int, isRight: Bool) -> String {
    let padding = String(repeating: " ", count: max(0, width - self.width(text)))
    return isRight ? padding + text : text + padding
  }

  private static func width(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    return wide.contains { $0.contains(scalar.value) } ? 2 : 1
  }

  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
    0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD,
  ]
}
