/// Tables as comma-separated values, quoted as in RFC 4180; lines end in a line feed.
public enum CSVWriter {
  /// One field of a table.
  public enum Field: Hashable, Sendable, ExpressibleByStringLiteral {
    /// Quoted where it holds a comma, a quote or a line break.
    case text(String)
    /// Written with 17 significant digits, or as `nan`, `inf`, `-inf`.
    case number(Double)

    /// A text field.
    public init(stringLiteral value: String) { self = .text(value) }
  }

  /// The text of a table, with a line of column names if there are any.
  ///
  /// - Precondition: all lines have the same number of fields.
  public static func text(header: [String]? = nil, rows: [[Field]]) -> String {
    let lines = (header.map { [$0.map(Field.text)] } ?? []) + rows
    var text = ""
    for line in lines {
      precondition(line.count == lines[0].count, "a line of \(line.count) fields in a table of \(lines[0].count)")
      text += line.map(Self.text).joined(separator: ",")
      text += "\n"
    }
    return text
  }

  /// The text of a `rows×columns` matrix.
  ///
  /// - Precondition: there are `rows·columns` values, row-major.
  public static func text(rows: Int, columns: Int, values: [Double]) -> String {
    precondition(
      TensorInfo.elementCount(of: [rows, columns]) == values.count, "\(values.count) values for \(rows)×\(columns)")
    var text = ""
    for row in 0..<rows {
      let line = values[(row * columns)..<((row + 1) * columns)]
      text += line.map(DecimalText.seventeenDigits).joined(separator: ",")
      text += "\n"
    }
    return text
  }

  private static func text(_ field: Field) -> String {
    switch field {
    case .number(let value): return DecimalText.seventeenDigits(value)
    case .text(let text):
      let needsQuotes = text.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
      guard needsQuotes else { return text }
      var quoted = "\""
      for scalar in text.unicodeScalars {
        if scalar == "\"" { quoted += "\"" }
        quoted.unicodeScalars.append(scalar)
      }
      return quoted + "\""
    }
  }
}
