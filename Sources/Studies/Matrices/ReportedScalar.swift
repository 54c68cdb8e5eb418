import Arithmetic
import TensorFiles
import Typesetting

/// A type of numbers that results are reported in: exact or floating.
public protocol ReportedScalar: RationalImage {
  /// Whether the numbers are exact.
  static var isExact: Bool { get }
  /// The number in comma-separated values: a fraction `a/b`, or 17 significant digits.
  var csv: String { get }
  /// The number in JSON: exact values are strings.
  var json: JSONValue { get }
  /// The number in a table.
  var cell: Table.Cell { get }
  /// The nearest floating value.
  var estimate: Double { get }
  /// Whether this is a number.
  var isFiniteNumber: Bool { get }
}

extension Rational: ReportedScalar {
  public static var isExact: Bool { true }
  public var csv: String { description }
  public var json: JSONValue { .string(description) }
  public var cell: Table.Cell { .exact(description) }
  public var estimate: Double { Double(self) }
  public var isFiniteNumber: Bool { true }
}

extension Double: ReportedScalar {
  public static var isExact: Bool { false }
  public var csv: String { DecimalText.seventeenDigits(self) }
  public var json: JSONValue { .double(self) }
  public var cell: Table.Cell { .estimate(self, digits: 6) }
  public var estimate: Double { self }
  public var isFiniteNumber: Bool { isFinite }
}

extension Matrix where S: ReportedScalar {
  /// Comma-separated values, a line for each row.
  public var csv: String {
    var text = ""
    for i in 0..<rows {
      for (j, entry) in row(i).enumerated() {
        if j > 0 { text += "," }
        text += entry.csv
      }
      text += "\n"
    }
    return text
  }

  /// An array of rows.
  public var json: JSONValue { .array((0..<rows).map { .array(row($0).map(\.json)) }) }

  /// The matrix itself where all entries are numbers.
  public func requiringFinite() throws(LossEvaluationError) -> Self {
    guard let index = entries.firstIndex(where: { !$0.isFiniteNumber }) else { return self }
    throw .notFinite(row: index / columns, column: index % columns)
  }
}
