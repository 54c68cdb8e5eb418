import TensorFiles
import Typesetting

extension FileInspection {
  /// The inspection for a person.
  public var text: String {
    var parts = ["\(PrintableText.escaped(path)): \(count(tensors.count, "tensor"))\n"]
    if !metadata.isEmpty {
      let lines = metadata.map { "  \(PrintableText.escaped($0.key)): \(PrintableText.escaped($0.value))\n" }
      parts.append("Metadata\n" + lines.joined())
    }
    if !tensors.isEmpty { parts.append(tensorTable.text) }
    parts += layers.map(text)
    if layers.isEmpty { parts.append("No attention layer is recognised by the usual naming conventions.\n") }
    parts += rejected.map {
      "Layer \(PrintableText.quoted($0.name)) cannot be used: \(PrintableText.escaped($0.reason))\n"
    }
    return parts.joined(separator: "\n")
  }

  private var tensorTable: Table {
    let rows = tensors.map { tensor -> [Table.Cell] in
      [
        .text(PrintableText.escaped(tensor.info.name)), .text(tensor.info.elementType.rawValue),
        .text(tensor.info.shapeDescription), .text(note(tensor)),
      ]
    }
    let columns = [Table.Column("tensor"), Table.Column("type"), Table.Column("shape"), Table.Column("note")]
    return Table(name: "tensors", caption: "", columns: columns, rows: rows)
  }

  private func note(_ tensor: Tensor) -> String {
    guard let element = tensor.nonFinite else { return tensor.info.elementType.isReadable ? "" : "not readable here" }
    return "\(element.text) at [\(element.position.map(String.init).joined(separator: ", "))]"
  }

  private func text(_ inspected: Layer) -> String {
    let layer = inspected.layer
    var text =
      "Attention layer \(PrintableText.quoted(layer.name)) (\(layer.convention.rawValue)), d = \(layer.modelDimension)"
    if let heads = layer.heads { text += ", \(count(heads, "head"))" }
    if let sizes = inspected.headSizes { text += ", d_K = \(sizes.key), d_V = \(sizes.value)" }
    let hasBias = layer.query.bias != nil || layer.key.bias != nil || layer.value.bias != nil
    text += hasBias ? ", with biases" : ", without biases"
    text += layer.output == nil ? ", without output projection\n" : ", with output projection\n"
    if let problem = inspected.problem { return text + "  \(PrintableText.escaped(problem))\n" }
    let rows = inspected.heads.enumerated().map { index, head -> [Table.Cell] in
      [
        .exact("\(index)"), .estimate(head.query, digits: 6), .estimate(head.key, digits: 6),
        .estimate(head.value, digits: 6),
      ]
    }
    let columns = [
      Table.Column("head"), Table.Column("‖W_Q‖₂"), Table.Column("‖W_K‖₂"), Table.Column("‖W_V‖₂"),
    ]
    return text + "\n" + Table(name: "heads", caption: "", columns: columns, rows: rows).text
  }

  private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

  /// The inspection as one object.
  public var json: JSONValue {
    [
      "schema": "hessian.inspect/1", "file": .string(path),
      "metadata": .array(metadata.map { ["key": .string($0.key), "value": .string($0.value)] }),
      "tensors": .array(tensors.map(json)), "layers": .array(layers.map(json)),
      "rejected": .array(rejected.map { ["name": .string($0.name), "reason": .string($0.reason)] }),
    ]
  }

  private func json(_ tensor: Tensor) -> JSONValue {
    let nonFinite = tensor.nonFinite.map { element -> JSONValue in
      ["position": .array(element.position.map(JSONValue.integer)), "value": .string(element.text)]
    }
    return [
      "name": .string(tensor.info.name), "type": .string(tensor.info.elementType.rawValue),
      "shape": .array(tensor.info.shape.map(JSONValue.integer)),
      "readable": .boolean(tensor.info.elementType.isReadable), "first_non_finite": nonFinite ?? .null,
    ]
  }

  private func json(_ inspected: Layer) -> JSONValue {
    let layer = inspected.layer
    let heads = inspected.heads.map { head -> JSONValue in
      ["W_Q_norm": .double(head.query), "W_K_norm": .double(head.key), "W_V_norm": .double(head.value)]
    }
    return [
      "name": .string(layer.name), "convention": .string(layer.convention.rawValue),
      "d": .integer(layer.modelDimension), "head_count": layer.heads.map(JSONValue.integer) ?? .null,
      "d_K": inspected.headSizes.map { .integer($0.key) } ?? .null,
      "d_V": inspected.headSizes.map { .integer($0.value) } ?? .null,
      "biases": .boolean(layer.query.bias != nil || layer.key.bias != nil || layer.value.bias != nil),
      "output_projection": .boolean(layer.output != nil), "heads": .array(heads),
      "problem": inspected.problem.map(JSONValue.string) ?? .null,
    ]
  }
}
