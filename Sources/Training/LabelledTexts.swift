import TensorFiles

/// Texts as lists of words, with a class each.
public struct LabelledTexts: Hashable, Sendable {
  /// The words of each text, in lower case.
  public let words: [[String]]
  /// The class of each text, an index into ``classes``.
  public let labels: [Int]
  /// The labels as they are written, numbers in their order and other texts in alphabetical order.
  public let classes: [String]

  public var count: Int { labels.count }

  init(words: [[String]], labels: [Int], classes: [String]) {
    (self.words, self.labels, self.classes) = (words, labels, classes)
  }

  /// Reads texts from a file with one text and its label in each record, compressed with gzip or not.
  ///
  /// A first record whose second field is one of ``headings`` is taken for names of the columns.
  /// - Parameter separator: a comma, with fields quoted as in RFC 4180; or a tab, with quotes that stand for themselves.
  /// - Errors: `inputMissing`; `badData` naming the line that is no text with a label, or where there are not two classes.
  public init(path: String, separator: Separator = .comma) throws(FileError) {
    let bytes = try FileInput.readDecompressed(path)
    func offence(_ line: Int?, _ reason: String, _ advice: String) -> FileError {
      FileError(.badData, path: path, reason: (line.map { "line \($0) " } ?? "") + reason, advice: advice)
    }
    var records: [CSVReader.Record]
    do throws(CSVReader.Problem) {
      records = try CSVReader.records(bytes, separator: separator.byte, hasQuotes: separator == .comma)
    } catch {
      throw offence(error.line, error.reason, error.advice)
    }
    for record in records where record.fields.count != 2 {
      throw offence(
        record.line, "has \(record.fields.count) \(record.fields.count == 1 ? "column" : "columns")",
        "give a text and its label, separated by a \(separator.rawValue)"
          + (separator == .comma ? "; quote a text that holds a comma" : ""))
    }
    if let first = records.first, Self.headings.contains(Self.trimmed(first.fields[1]).lowercased()) {
      records.removeFirst()
    }
    let names = records.map { Self.trimmed($0.fields[1]) }
    if let index = names.firstIndex(of: "") { throw offence(records[index].line, "has no label", "add one") }
    let classes = Self.sorted(Set(names))
    guard (2...1000).contains(classes.count) else {
      throw offence(
        nil, "it has \(classes.count) different \(classes.count == 1 ? "label" : "labels")",
        classes.count < 2 ? "give texts of two classes or more" : "give the class in the second column, of at most 1000"
      )
    }
    let places = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    self.init(
      words: records.map { Self.words($0.fields[0]) }, labels: names.map { places[$0] ?? 0 }, classes: classes)
  }

  /// What may stand between a text and its label.
  public enum Separator: String, CaseIterable, Hashable, Sendable {
    case comma, tab
    var byte: UInt8 { self == .comma ? UInt8(ascii: ",") : 9 }
  }

  /// Names of a column of labels.
  public static let headings = ["label", "class", "sentiment", "category", "target"]

  /// The runs of letters, digits and inner apostrophes of a text, in lower case.
  static func words(_ text: String) -> [String] {
    text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "'" || $0 == "’") }
      .map { $0.trimming { $0 == "'" || $0 == "’" } }.filter { !$0.isEmpty }
  }

  private static func trimmed(_ text: String) -> String { text[...].trimming(\.isWhitespace) }

  private static func sorted(_ names: Set<String>) -> [String] {
    let numbers = names.compactMap { Int($0) }
    return numbers.count == names.count
      ? names.sorted { (Int($0) ?? 0, $0) < (Int($1) ?? 0, $1) }
      : names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The texts in two, as images are: the last `heldOut` of a random order are held out.
  ///
  /// - Precondition: `0 ≤ heldOut < count`.
  public func split(heldOut: Int, seed: UInt64) -> (training: LabelledTexts, heldOut: LabelledTexts) {
    precondition((0..<count).contains(heldOut), "\(heldOut) of \(count) texts held out")
    let order = Permutation.random(of: count, seed: seed)
    return (selecting(order.dropLast(heldOut)), selecting(order.suffix(heldOut)))
  }

  private func selecting(_ indices: ArraySlice<Int>) -> LabelledTexts {
    LabelledTexts(words: indices.map { words[$0] }, labels: indices.map { labels[$0] }, classes: classes)
  }
}

extension Substring {
  /// Without characters of a kind at its ends.
  fileprivate func trimming(_ isLeftOut: (Character) -> Bool) -> String {
    var rest = self
    while let first = rest.first, isLeftOut(first) { rest.removeFirst() }
    while let last = rest.last, isLeftOut(last) { rest.removeLast() }
    return String(rest)
  }
}
