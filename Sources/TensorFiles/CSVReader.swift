/// Reads tables of comma-separated values, quoted as in RFC 4180.
public enum CSVReader {
  /// One line of a table; a quoted field may hold line breaks, so that it need not be one line of the text.
  public struct Record: Hashable, Sendable {
    /// The line of the text that it begins on, from 1.
    public let line: Int
    public let fields: [String]
  }

  /// Why a text is no table.
  public struct Problem: Error, Hashable, Sendable {
    /// The line of the text, from 1.
    public let line: Int
    /// What is wrong, and what to change, as clauses.
    public let reason: String
    public let advice: String
  }

  /// The records of a text; lines without any character are left out.
  ///
  /// Lines end in a line feed, or in a carriage return and a line feed. A quote inside a field that does not begin with one
  /// stands for itself.
  /// - Parameters:
  ///   - separator: what stands between fields, an ASCII character.
  ///   - hasQuotes: whether a field that begins with a quote ends at the next single one; otherwise quotes stand for themselves.
  /// - Errors: a quote that is not closed, and text behind a closing quote.
  public static func records(
    _ bytes: [UInt8], separator: UInt8 = UInt8(ascii: ","), hasQuotes: Bool = true
  ) throws(Problem) -> [Record] {
    var reader = Reader(bytes: bytes, separator: separator, hasQuotes: hasQuotes)
    var records: [Record] = []
    while reader.index < bytes.count {
      if let record = try reader.record() { records.append(record) }
    }
    return records
  }

  private struct Reader {
    let bytes: [UInt8]
    let separator: UInt8
    let hasQuotes: Bool
    var index = 0
    var line = 1

    private static let (quote, feed, carriage) = (UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"))

    /// The next record; `nil` for an empty line.
    mutating func record() throws(Problem) -> Record? {
      let start = index, first = line
      var fields: [String] = []
      while true {
        fields.append(try field())
        guard index < bytes.count else { break }
        let end = bytes[index]
        index += 1
        if end == separator { continue }
        line += 1
        break
      }
      let length = index - start
      let isEmpty = fields == [""] && length <= 2 && (length == 0 || bytes[start] != Self.quote)
      return isEmpty ? nil : Record(line: first, fields: fields)
    }

    /// Reads up to a separator, a line feed or the end, and stays there.
    private mutating func field() throws(Problem) -> String {
      guard hasQuotes, index < bytes.count, bytes[index] == Self.quote else {
        let start = index
        while index < bytes.count, bytes[index] != separator, bytes[index] != Self.feed { index += 1 }
        var end = index
        let isLast = index == bytes.count || bytes[index] == Self.feed
        if isLast, end > start, bytes[end - 1] == Self.carriage { end -= 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self)
      }
      return try quoted()
    }

    private mutating func quoted() throws(Problem) -> String {
      let opening = line
      var content: [UInt8] = []
      index += 1
      while true {
        guard index < bytes.count else {
          throw Problem(
            line: opening, reason: "opens a quote that is not closed",
            advice: "close it, or write \"\" for a quote inside")
        }
        let byte = bytes[index]
        index += 1
        if byte == Self.quote {
          guard index < bytes.count, bytes[index] == Self.quote else { break }
          index += 1
        }
        if byte == Self.feed { line += 1 }
        content.append(byte)
      }
      if index + 1 < bytes.count, bytes[index] == Self.carriage, bytes[index + 1] == Self.feed { index += 1 }
      if index + 1 == bytes.count, bytes[index] == Self.carriage { index += 1 }
      guard index == bytes.count || bytes[index] == separator || bytes[index] == Self.feed else {
        throw Problem(
          line: line, reason: "has text behind a closing quote", advice: "write \"\" for a quote inside a quoted field")
      }
      return String(decoding: content, as: UTF8.self)
    }
  }
}
