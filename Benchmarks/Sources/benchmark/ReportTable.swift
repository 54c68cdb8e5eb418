/// A table of text.
struct ReportTable: Sendable {
  let title: String
  let header: [String]
  let rows: [[String]]

  /// Leaves out columns in which nothing stands.
  init(title: String, header: [String], rows: [[String]]) {
    let kept = header.indices.filter { column in column == 0 || rows.contains { !$0[column].isEmpty } }
    self.title = title
    self.header = kept.map { header[$0] }
    self.rows = rows.map { row in kept.map { row[$0] } }
  }

  /// Aligned with blanks: the first column to the left, numbers to the right.
  var text: String {
    let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
    let lines = ([header] + rows).map { row in
      row.indices.map { column in
        let blanks = String(repeating: " ", count: widths[column] - row[column].count)
        return column == 0 || isWords(column) ? row[column] + blanks : blanks + row[column]
      }.joined(separator: "  ")
    }
    let trimmed = lines.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
    return ([title] + trimmed.map { "  " + $0 }).joined(separator: "\n") + "\n"
  }

  var markdown: String {
    let rule = header.indices.map { $0 == 0 || isWords($0) ? "---" : "---:" }
    let lines = ([header, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
    return (["### \(title)", ""] + lines).joined(separator: "\n") + "\n"
  }

  private func isWords(_ column: Int) -> Bool { ["remark", "fastest peer"].contains(header[column]) }
}
