import Arithmetic

/// Checks that the matrices of an instance fit together.
struct InstanceShapes {
  let instance: LayerInstance

  init(_ instance: LayerInstance) { self.instance = instance }

  func check() throws(InstanceError) {
    guard let first = instance.heads.first else {
      throw InstanceError("heads", "there is no head", advice: "give at least one")
    }
    guard !instance.samples.isEmpty else {
      throw InstanceError("samples", "there is no sample", advice: "give at least one")
    }
    if instance.outputMatrix == nil, instance.heads.count > 1 {
      throw InstanceError(
        "W_O", "\(instance.heads.count) heads need an output matrix that combines them",
        advice: "give W_O with \(instance.heads.count * first.value.columns) rows")
    }
    let width = instance.samples[0].input.columns
    for (index, head) in instance.heads.enumerated() {
      try check(head, index, like: first, width: width)
    }
    let outputWidth = try outputWidth(first)
    for (index, sample) in instance.samples.enumerated() {
      try check(sample, index, width: width, outputWidth: outputWidth)
    }
  }

  private func check(
    _ head: LayerInstance.Head, _ index: Int, like first: LayerInstance.Head, width: Int
  ) throws(InstanceError) {
    let place = instance.heads.count == 1 && instance.outputMatrix == nil ? "" : "heads[\(index)]."
    for (name, matrix) in [("W_Q", head.query), ("W_K", head.key), ("W_V", head.value)] {
      try requireEntries(matrix, place + name)
      guard matrix.rows == width else {
        throw InstanceError(
          place + name, "it has \(count(matrix.rows, "row")), but X has \(count(width, "column"))",
          advice: "give as many rows as X has columns")
      }
    }
    guard head.key.columns == head.query.columns else {
      throw InstanceError(
        place + "W_K", "it has \(count(head.key.columns, "column")), but W_Q has \(head.query.columns)",
        advice: "give both the same number of columns, d_K")
    }
    guard head.query.columns == first.query.columns, head.value.columns == first.value.columns else {
      throw InstanceError(
        "heads[\(index)]", "its matrices have other numbers of columns than those of heads[0]",
        advice: "give every head the same d_K and d_V")
    }
  }

  private func outputWidth(_ head: LayerInstance.Head) throws(InstanceError) -> Int {
    guard let matrix = instance.outputMatrix else { return head.value.columns }
    try requireEntries(matrix, "W_O")
    let rows = instance.heads.count * head.value.columns
    guard matrix.rows == rows else {
      throw InstanceError(
        "W_O",
        "it has \(count(matrix.rows, "row")), but \(count(instance.heads.count, "head")) of "
          + "\(count(head.value.columns, "column")) give \(rows)", advice: "give W_O \(count(rows, "row"))")
    }
    return matrix.columns
  }

  private func check(
    _ sample: LayerInstance.Sample, _ index: Int, width: Int, outputWidth: Int
  ) throws(InstanceError) {
    let place = instance.samples.count == 1 ? "" : "samples[\(index)]."
    try requireEntries(sample.input, place + "X")
    guard sample.input.columns == width else {
      throw InstanceError(
        place + "X", "it has \(count(sample.input.columns, "column")), but that of samples[0] has \(width)",
        advice: "give every sample the same d")
    }
    guard case .matrix(let target) = sample.target else { return }
    try requireEntries(target, place + "Y")
    guard target.rows == sample.input.rows, target.columns == outputWidth else {
      throw InstanceError(
        place + "Y", "it is \(target.rows)×\(target.columns), but the output is \(sample.input.rows)×\(outputWidth)",
        advice: "give a matrix of the output's shape, or \"F\" for the output itself")
    }
  }

  private func requireEntries(_ matrix: Matrix<Rational>, _ place: String) throws(InstanceError) {
    guard matrix.entries.isEmpty else { return }
    throw InstanceError(place, "the matrix is empty", advice: "give at least one row and one column")
  }

  private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
