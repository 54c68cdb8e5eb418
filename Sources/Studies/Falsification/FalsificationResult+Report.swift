import Arithmetic
import Evaluation
import TensorFiles
import Typesetting

extension FalsificationResult {
  /// Everything in one JSON object: the summary, the certificate and the witness.
  public func json() throws -> JSONValue {
    var members = try FalsificationSummary(self).json.members ?? []
    if let (witness, certification) = violation {
      members.append(
        .init(
          "certificate",
          [
            "left": try certification.left.json(), "right": try certification.right.json(),
            "precision": certification.precision.map { .integer($0) } ?? .null,
          ]))
      members.append(.init("witness", witness.json))
    }
    return .object(members)
  }

  /// The result for reading.
  public func text() throws -> String {
    let summary = try FalsificationSummary(self)
    var text = "\(PrintableText.escaped(subject)): \(violation == nil ? "no violation found" : "refuted")\n"
    if let (witness, certification) = violation {
      let left = try certification.left.lower.decimal(significantDigits: 6, rounding: .down)
      let right = try certification.right.upper.decimal(significantDigits: 6, rounding: .up)
      text += "  at the witness left ≥ \(left), right ≤ \(right), certified "
      text += certification.precision.map { "with balls of \($0) bits" } ?? "in exact rationals"
      text += "\n"
      if let ratio = summary.certifiedRatio { text += "  left/right ≥ \(ratio)\n" }
      text += "\n"
      for symbol in witness.statement.freeMatrices {
        guard let matrix = witness.point[symbol] else { continue }
        text += "\(symbol) =\n" + matrix.description.split(separator: "\n").map { "  \($0)\n" }.joined()
      }
    }
    text += "\nlargest left/right found (floating-point estimates, not bounds):\n"
    for row in summary.rows {
      let sizes = SizeTuple.text(row.sizes)
      text += "  \(sizes.isEmpty ? "" : sizes + ": ")\(row.ratio.map(summary.decimal) ?? "none"), "
      text += "\(row.starts) starts, \(row.evaluations) evaluations\n"
    }
    return text + "tried: \(summary.tried)\n"
  }

  /// The files that keep the result: the witness as an instance file and as a LaTeX example, and the summary.
  ///
  /// - Parameter name: what their names begin with.
  public func files(named name: String) throws -> [GeneratedFile] {
    let writer = JSONWriter(.pretty)
    var files: [GeneratedFile] = []
    if let (witness, certification) = violation {
      files.append(GeneratedFile(path: "\(name).json", text: writer.text(witness.json) + "\n"))
      files.append(GeneratedFile(path: "\(name).tex", text: try witness.latex(certification)))
    }
    files.append(
      GeneratedFile(path: "\(name).search.json", text: writer.text(try FalsificationSummary(self).json) + "\n"))
    return files
  }
}
