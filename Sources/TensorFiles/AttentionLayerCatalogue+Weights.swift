extension AttentionLayerCatalogue {
  /// The weights of one head, oriented as in the theory; heads are counted from 0 in storage order.
  ///
  /// - Errors: `badData` where the number of heads is unknown or does not divide the rows, the head does not exist, or an
  ///   element is not finite or of a type that cannot be read.
  public func weights(of layer: AttentionLayer, head: Int) throws(FileError) -> AttentionHeadWeights {
    let sizes = try headSizes(of: layer)
    guard (0..<sizes.heads).contains(head) else {
      throw file.badData(
        "layer \(layer.name.quoted) has no head \(head)",
        advice: sizes.heads == 1 ? "its only head is 0" : "its heads are 0 to \(sizes.heads - 1)")
    }
    let shared = head / sizes.queriesPerKey
    let query = try weights(of: layer.query, head: head, size: sizes.key)
    let key = try weights(of: layer.key, head: shared, size: sizes.key)
    let value = try weights(of: layer.value, head: shared, size: sizes.value)
    return AttentionHeadWeights(
      query: query.weight, key: key.weight, value: value.weight, queryBias: query.bias, keyBias: key.bias,
      valueBias: value.bias)
  }

  /// The projection that combines the heads; nil where the file has none.
  ///
  /// - Errors: as for `weights(of:head:)`, and `badData` where its input is not as long as the heads' outputs.
  public func outputWeights(of layer: AttentionLayer) throws(FileError) -> AttentionOutputWeights? {
    guard let output = layer.output else { return nil }
    let sizes = try headSizes(of: layer)
    let (weight, bias) = try weights(of: output, head: 0, size: output.rowCount)
    guard weight.rows == sizes.heads * sizes.value else {
      throw file.badData(
        "tensor \(output.weight.quoted) takes \(weight.rows) entries, but the \(sizes.heads) heads of \(sizes.value) "
          + "give \(sizes.heads * sizes.value)", advice: "give the right number of heads (--heads) or another file")
    }
    return AttentionOutputWeights(weight: weight, bias: bias)
  }

  /// The number of heads and the sizes `d_K` and `d_V` of each.
  ///
  /// - Errors: `badData` where the number of heads is unknown or does not divide the rows.
  public func headSizes(
    of layer: AttentionLayer
  ) throws(FileError) -> (heads: Int, key: Int, value: Int, queriesPerKey: Int) {
    guard let heads = layer.heads else {
      throw file.badData(
        "the number of heads of layer \(layer.name.quoted) is not in the file's metadata", advice: "give it (--heads)")
    }
    let (query, key, value) = (layer.query.rowCount, layer.key.rowCount, layer.value.rowCount)
    guard query % heads == 0 else {
      throw file.badData(
        "\(heads) heads do not divide the \(query) rows of the query of layer \(layer.name.quoted)",
        advice: "give the right number of heads (--heads)")
    }
    let size = query / heads
    guard key % size == 0, heads % (key / size) == 0, value % (key / size) == 0 else {
      throw file.badData(
        "\(heads) heads of \(size) rows do not fit the \(key) rows of the key and \(value) of the value of layer "
          + layer.name.quoted, advice: "give the right number of heads (--heads)")
    }
    return (heads, size, value / (key / size), heads / (key / size))
  }

  /// The transposed rows of one head of a projection, and its part of the bias.
  private func weights(
    of slice: ProjectionSlice, head: Int, size: Int
  ) throws(FileError) -> (weight: StoredMatrix, bias: [Double]?) {
    let tensor = try file.requireTensor(named: slice.weight)
    let inputs = tensor.shape[slice.isTransposed ? 0 : 1]
    let outputs = tensor.shape[slice.isTransposed ? 1 : 0]
    let first = slice.firstRow + head * (slice.headStride ?? size)
    var values = [Double](repeating: 0, count: inputs * size)
    if slice.isTransposed {
      for input in 0..<inputs {
        let start = input * outputs + first
        let row = try file.finiteValues(of: tensor, elements: start..<(start + size))
        values.replaceSubrange((input * size)..<((input + 1) * size), with: row)
      }
    } else {
      let stored = try file.finiteValues(of: tensor, elements: (first * inputs)..<((first + size) * inputs))
      for output in 0..<size {
        for input in 0..<inputs { values[input * size + output] = stored[output * inputs + input] }
      }
    }
    let weight = StoredMatrix(rows: inputs, columns: size, values: values)
    guard let name = slice.bias else { return (weight, nil) }
    let bias = try file.finiteValues(of: try file.requireTensor(named: name), elements: first..<(first + size))
    return (weight, bias)
  }
}
