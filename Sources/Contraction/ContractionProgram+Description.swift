extension ContractionProgram {
  /// Every operation on a line.
  public var listing: String {
    (["prepare:"] + preparation.flatMap { lines($0, 1) } + ["run:"] + operations.flatMap { lines($0, 1) })
      .joined(separator: "\n")
  }

  /// The operations of a run, in few words each.
  public var operationLines: [String] { operations.map { lines($0, 0).joined(separator: " ") } }

  private func lines(_ operation: TensorOperation, _ depth: Int) -> [String] {
    let indent = String(repeating: "  ", count: depth)
    if operation.kind == .loop { return [indent + "loop \(operation.extents[0])"] + operation.body.flatMap { lines($0, depth + 1) } }
    let operands = ([operation.target] + operation.factors).enumerated().map { index, place in
      let strides = index == 0 ? operation.targetStrides : index <= operation.factorStrides.count ? operation.factorStrides[index - 1] : []
      return "\(place.buffer)+\(place.offset)\(place.steps.isEmpty ? "" : " steps \(place.steps)") \(strides)"
    }
    return [indent + "\(operation.kind)\(operation.isZero ? " zero" : "")\(operation.accumulates ? " +=" : "") \(operation.extents) constants \(operation.constants)\(operation.shrinking.map { " shrinking \($0)" } ?? "") : " + operands.joined(separator: " | ")]
  }
}
