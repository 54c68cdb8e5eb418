import TensorFiles

/// Per-sample losses in a file: comma-separated values or JSON.
///
/// A CSV file has one line for each sample and one column for each point `w`; a first line of names is passed over. A JSON
/// file has an array of numbers, an array of such arrays, one for each point, or either under the key `losses`.
public enum LossFile {
  /// The most bad rows that a message names.
  static let namedRows = 8

  /// The losses by point and sample.
  ///
  /// - Errors: `FileError` as for reading, and `badData` naming every row that is not all finite numbers of at least 0, or has
  ///   another number of columns, with its line.
  public static func losses(_ path: String) throws(FileError) -> [[Double]] {
    let text = try FileInput.readText(path)
    let start = text.first { !$0.isWhitespace }
    let isJSON = path.lowercased().hasSuffix(".json") || start == "[" || start == "{"
    let losses = isJSON ? try json(try FileInput.readJSON(path), path) : try csv(text, path)
    do {
      try LossDataError.check(losses)
    } catch {
      throw problem(path, "\(error)", "give a loss of at least 0 for each of two or more samples")
    }
    return losses
  }

  private static func problem(_ path: String, _ reason: String, _ advice: String) -> FileError {
    FileError(.badData, path: path, reason: reason, advice: advice)
  }

  // MARK: CSV

  private static func csv(_ text: String, _ path: String) throws(FileError) -> [[Double]] {
    var rows: [[Double]] = [], bad: [String] = []
    var isFirst = true
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmed }
      if fields.allSatisfy(\.isEmpty), fields.count == 1 { continue }
      defer { isFirst = false }
      if isFirst, fields.allSatisfy({ Double($0) == nil && !$0.isEmpty }) { continue }
      switch row(fields, like: rows.first?.count) {
      case .success(let values): rows.append(values)
      case .failure(let reason): bad.append("line \(index + 1): \(reason.text)")
      }
    }
    try require(bad, path)
    guard let first = rows.first else {
      throw problem(path, "there are no losses", "write one loss for each sample, a line each")
    }
    return first.indices.map { column in rows.map { $0[column] } }
  }

  private struct Reason: Error { let text: String }

  private static func row(_ fields: [String], like count: Int?) -> Result<[Double], Reason> {
    if let count, fields.count != count {
      return .failure(Reason(text: "\(fields.count) columns, where the first row has \(count)"))
    }
    var values: [Double] = []
    for field in fields {
      let isPlain = field.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
      guard isPlain, let value = Double(field) else {
        let text = PrintableText.quoted(field)
        return .failure(Reason(text: field.isEmpty ? "an empty field" : "\(text) is no finite number"))
      }
      guard value.isFinite, value >= 0 else {
        return .failure(Reason(text: "\(field) is \(value < 0 ? "negative" : "too large")"))
      }
      values.append(value)
    }
    return .success(values)
  }

  private static func require(_ bad: [String], _ path: String) throws(FileError) {
    guard !bad.isEmpty else { return }
    let rest = bad.count > namedRows ? "; and \(bad.count - namedRows) more" : ""
    throw problem(
      path, bad.prefix(namedRows).joined(separator: "; ") + rest,
      "a loss is a finite number of at least 0: correct these")
  }

  // MARK: JSON

  private static func json(_ value: JSONValue, _ path: String) throws(FileError) -> [[Double]] {
    var value = value
    if let members = value.members {
      guard let losses = value["losses"] else {
        let names = members.map { PrintableText.quoted($0.key) }.joined(separator: ", ")
        throw problem(path, "there is no key 'losses' among \(names)", "put the losses under this key")
      }
      value = losses
    }
    guard let elements = value.elements, !elements.isEmpty else {
      throw problem(path, "there are no losses", "give an array with the loss of each sample")
    }
    let isNested = elements.contains { $0.elements != nil }
    var bad: [String] = [], points: [[Double]] = []
    for (point, values) in (isNested ? elements.map { $0.elements ?? [$0] } : [elements]).enumerated() {
      var losses: [Double] = []
      for (sample, value) in values.enumerated() {
        if let loss = value.doubleValue, loss >= 0 {
          losses.append(loss)
        } else {
          let found = value.numberText ?? value.kindName
          bad.append(
            (isNested ? "point \(point), " : "") + "sample \(sample): \(found) is no finite number of at least 0")
        }
      }
      points.append(losses)
    }
    try require(bad, path)
    return points
  }
}

extension Substring {
  fileprivate var trimmed: String {
    String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" || $0 == "\r" }.reversed())
  }
}
