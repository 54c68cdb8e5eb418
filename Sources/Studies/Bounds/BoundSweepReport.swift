import Arithmetic
import TensorFiles

/// A sweep as a table, comma-separated values or JSON, a part at a time.
public struct BoundSweepReport: Sendable {
  public enum Format: Hashable, Sendable { case text, csv, json }

  public let sweep: BoundSweep
  public let format: Format
  /// What stands for each value of each axis.
  private let labels: [[String]]
  private let widths: [Int]

  private static let printedName = "m_printed"
  private static let derivedName = "m_derived"

  public init(_ sweep: BoundSweep, format: Format) {
    self.sweep = sweep
    self.format = format
    labels = sweep.axes.map { axis in axis.values.map { Self.label($0, format) } }
    widths = zip(sweep.axes, labels).map { axis, labels in
      max(axis.name.count, labels.reduce(0) { max($0, $1.count) })
    }
  }

  /// Writes the report in parts.
  public func write(_ sink: (String) throws -> Void) throws {
    try sink(head)
    var isFirst = true
    try sweep.forEachChunk { chunk in
      var text = ""
      for offset in chunk.printed.indices {
        switch format {
        case .json:
          text += isFirst ? "\n    " : ",\n    "
          isFirst = false
          appendJSON(chunk, offset, to: &text)
        case .csv: appendCSV(chunk, offset, to: &text)
        case .text: appendText(chunk, offset, to: &text)
        }
      }
      try sink(text)
    }
    try sink(tail)
  }

  private func label(_ axis: Int, _ combination: Int) -> String {
    labels[axis][sweep.index(ofAxis: axis, at: combination)]
  }

  private func appendCSV(_ chunk: BoundSweep.Chunk, _ offset: Int, to text: inout String) {
    for axis in labels.indices {
      text += label(axis, chunk.start + offset)
      text += ","
    }
    text += DecimalText.seventeenDigits(chunk.printed[offset])
    text += ","
    text += DecimalText.seventeenDigits(chunk.derived[offset])
    text += "\n"
  }

  private func appendJSON(_ chunk: BoundSweep.Chunk, _ offset: Int, to text: inout String) {
    text += "["
    for axis in labels.indices { text += "\"\(label(axis, chunk.start + offset))\", " }
    let values = [chunk.printed[offset], chunk.derived[offset]].map { JSONWriter().text(.double($0)) }
    text += "\(values[0]), \(values[1])]"
  }

  private func appendText(_ chunk: BoundSweep.Chunk, _ offset: Int, to text: inout String) {
    for axis in labels.indices {
      text += Self.padded(label(axis, chunk.start + offset), widths[axis])
      text += "  "
    }
    text += Self.padded(Self.roundedUp(chunk.printed[offset]), 12)
    text += "  "
    text += Self.padded(Self.roundedUp(chunk.derived[offset]), 12)
    text += "\n"
  }

  // MARK: Frame

  private var names: [String] { sweep.axes.map(\.name) + [Self.printedName, Self.derivedName] }

  private var isZeroResidual: Bool { !sweep.axes.contains { $0.name == "r_max" || $0.name == "target_norm" } }

  private var head: String {
    switch format {
    case .csv: return names.joined(separator: ",") + "\n"
    case .text:
      var text = "m_printed: Theorem 1 (\(BoundReport.printedStatus))\n"
      text += "m_derived: derived bound (\(BoundReport.derivedStatus))\n"
      if isZeroResidual { text += BoundReport.zeroResidualRemark + "\n" }
      text += "both rounded up\n\n"
      return text + zip(names, widths + [12, 12]).map { Self.padded($0, $1) }.joined(separator: "  ") + "\n"
    case .json:
      let remark: JSONValue = isZeroResidual ? .string(BoundReport.zeroResidualRemark) : .null
      let columns = JSONWriter().text(.array(names.map { .string($0) }))
      return """
        {
          "schema": "hessian.bound-sweep/1",
          "remark": \(JSONWriter().text(remark)),
          "printed_status": \(JSONWriter().text(.string(BoundReport.printedStatus))),
          "derived_status": \(JSONWriter().text(.string(BoundReport.derivedStatus))),
          "columns": \(columns),
          "rows": [
        """
    }
  }

  private var tail: String { format == .json ? "\n  ]\n}\n" : "" }

  // MARK: Numbers

  /// Exact values as fractions in JSON; elsewhere as decimals, which other programs read.
  private static func label(_ value: Rational, _ format: Format) -> String {
    if value.isInteger || format == .json { return value.description }
    return "\(Double(value))"
  }

  private static func roundedUp(_ value: Double) -> String {
    guard let exact = Rational(exactly: value) else { return DecimalText.seventeenDigits(value) }
    return exact.decimal(significantDigits: 6, rounding: .up)
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
