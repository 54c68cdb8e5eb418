import Testing

@testable import TensorFiles

@Suite struct AttentionLayerCatalogueTests {
  static let heads = 2
  static let rows = 4

  /// The fused forms of GPT-2 and GPT-NeoX are recognised by three times as many outputs as inputs.
  static func modelDimension(_ convention: AttentionConvention) -> Int {
    convention == .interleaved || convention == .combinedAttention ? rows : 6
  }

  /// The element of output unit `row` and input `column` of projection 0, 1, 2 (query, key, value) or 3 (output).
  static func weight(_ projection: Int, _ row: Int, _ column: Int) -> Double {
    Double(projection * 1000 + row * 10 + column)
  }
  static func bias(_ projection: Int, _ row: Int) -> Double { -Double(projection * 1000 + row) - 0.5 }

  static func stored(_ projection: Int, rows: Int, columns: Int) -> [Double] {
    (0..<rows).flatMap { row in (0..<columns).map { weight(projection, row, $0) } }
  }

  static func transposed(_ values: [Double], rows: Int) -> [Double] {
    let columns = values.count / rows
    return (0..<columns).flatMap { column in (0..<rows).map { values[$0 * columns + column] } }
  }

  /// A file with the same four projections, named and laid out by one convention.
  static func file(
    _ convention: AttentionConvention, prefix: String, metadata: [(key: String, value: String)]
  ) throws -> SafetensorsFile {
    let names = try #require(AttentionNames.all.first { $0.convention == convention })
    let d = modelDimension(convention)
    var writer = SafetensorsWriter(metadata: metadata)
    func add(_ module: String, _ weight: [Double], _ bias: [Double], columns: Int) {
      let isTransposed = convention == .combinedAttention
      let joint = module == "in_proj" ? "_" : "."
      let shape = [weight.count / columns, columns]
      writer.add(
        prefix + module + joint + "weight", shape: isTransposed ? shape.reversed() : shape,
        values: isTransposed ? transposed(weight, rows: shape[0]) : weight)
      writer.add(prefix + module + joint + "bias", shape: [bias.count], values: bias)
    }

    let weights = (0..<3).map { stored($0, rows: rows, columns: d) }
    let biases = (0..<3).map { projection in (0..<rows).map { bias(projection, $0) } }
    if names.projections.count == 3 {
      for (index, name) in names.projections.enumerated() { add(name, weights[index], biases[index], columns: d) }
    } else if convention == .interleaved {
      let size = rows / heads
      let order = (0..<heads).flatMap { head in (0..<3).map { (head, $0) } }
      let fusedWeights = order.flatMap { head, index in weights[index][(head * size * d)..<((head + 1) * size * d)] }
      let fusedBiases = order.flatMap { head, index in biases[index][(head * size)..<((head + 1) * size)] }
      add(names.projections[0], fusedWeights, fusedBiases, columns: d)
    } else {
      add(names.projections[0], weights.flatMap { $0 }, biases.flatMap { $0 }, columns: d)
    }
    for output in names.outputs.prefix(1) where !output.hasPrefix("^") {
      add(output, stored(3, rows: d, columns: rows), (0..<d).map { bias(3, $0) }, columns: rows)
    }
    return try SafetensorsFile(bytes: writer.bytes(), path: "memory")
  }

  @Test(arguments: AttentionConvention.allCases, ["model.layers.3.attn.", ""])
  func readsEveryConvention(convention: AttentionConvention, prefix: String) throws {
    let d = Self.modelDimension(convention)
    let file = try Self.file(convention, prefix: prefix, metadata: [("num_attention_heads", "2")])
    let catalogue = try AttentionLayerCatalogue(of: file)
    #expect(catalogue.rejected == [])
    let layer = try catalogue.layer()
    #expect(layer.name == (prefix.isEmpty ? "attention" : String(prefix.dropLast())))
    #expect(layer.convention == convention)
    #expect(layer.modelDimension == d)
    for head in 0..<2 {
      let weights = try catalogue.weights(of: layer, head: head)
      for (projection, matrix) in [weights.query, weights.key, weights.value].enumerated() {
        let expected = (0..<d).flatMap { input in (0..<2).map { Self.weight(projection, head * 2 + $0, input) } }
        #expect(matrix == StoredMatrix(rows: d, columns: 2, values: expected))
      }
      for (projection, bias) in [weights.queryBias, weights.keyBias, weights.valueBias].enumerated() {
        #expect(bias == [Self.bias(projection, head * 2), Self.bias(projection, head * 2 + 1)])
      }
    }
    guard convention != .longProjections else { return #expect(layer.output == nil) }
    let output = try #require(try catalogue.outputWeights(of: layer))
    let expected = Self.transposed(Self.stored(3, rows: d, columns: 4), rows: d)
    #expect(output.weight == StoredMatrix(rows: 4, columns: d, values: expected))
    #expect(output.bias == (0..<d).map { Self.bias(3, $0) })
  }

  @Test func readsCombinedAttentionStoredAsALinearLayer() throws {
    var writer = SafetensorsWriter(metadata: [("heads", "2")])
    writer.add("h.c_attn.weight", shape: [12, 4], values: (0..<3).flatMap { Self.stored($0, rows: 4, columns: 4) })
    let catalogue = try AttentionLayerCatalogue(of: SafetensorsFile(bytes: writer.bytes(), path: "memory"))
    let layer = try catalogue.layer(named: "h")
    #expect(!layer.query.isTransposed)
    let weights = try catalogue.weights(of: layer, head: 1)
    #expect(weights.value.values == (0..<4).flatMap { input in (2..<4).map { Self.weight(2, $0, input) } })
    #expect(weights.valueBias == nil)
    #expect(weights.homogeneous.value.rows == 5)
    #expect(weights.homogeneous.value.values.suffix(2) == [0, 0])
  }

  @Test func sharesKeysBetweenGroupedQueries() throws {
    var writer = SafetensorsWriter(metadata: [("num_heads", "4")])
    writer.add("a.q_proj.weight", shape: [8, 3], values: Self.stored(0, rows: 8, columns: 3))
    writer.add("a.k_proj.weight", shape: [4, 3], values: Self.stored(1, rows: 4, columns: 3))
    writer.add("a.v_proj.weight", shape: [6, 3], values: Self.stored(2, rows: 6, columns: 3))
    let catalogue = try AttentionLayerCatalogue(of: SafetensorsFile(bytes: writer.bytes(), path: "memory"))
    let layer = try catalogue.layer()
    let sizes = try catalogue.headSizes(of: layer)
    #expect(sizes == (4, 2, 3, 2))
    for head in 0..<4 {
      let weights = try catalogue.weights(of: layer, head: head)
      #expect(weights.query.values[0] == Self.weight(0, head * 2, 0))
      #expect(weights.key.values[0] == Self.weight(1, head / 2 * 2, 0))
      #expect(weights.value.values[0] == Self.weight(2, head / 2 * 3, 0))
    }
    let weights = try catalogue.weights(of: layer, head: 3)
    #expect(weights.valueDimension == 3 && weights.keyDimension == 2 && weights.modelDimension == 3)
    #expect(try catalogue.outputWeights(of: layer) == nil)
  }

  @Test func findsTheOutputOfBERT() throws {
    var writer = SafetensorsWriter(metadata: [("heads", "1")])
    for (index, name) in ["query", "key", "value"].enumerated() {
      writer.add("l.attention.self.\(name).weight", shape: [2, 3], values: Self.stored(index, rows: 2, columns: 3))
    }
    writer.add("l.attention.output.dense.weight", shape: [3, 2], values: Self.stored(3, rows: 3, columns: 2))
    let layer = try AttentionLayerCatalogue(of: SafetensorsFile(bytes: writer.bytes(), path: "memory")).layer()
    #expect(layer.name == "l.attention.self")
    #expect(layer.output?.weight == "l.attention.output.dense.weight")
  }

  // MARK: What cannot be used

  @Test func saysWhichLayersAndHeadsExist() throws {
    let file = try Self.file(.projections, prefix: "a.", metadata: [("heads", "2")])
    let catalogue = try AttentionLayerCatalogue(of: file)
    let noLayer = #expect(throws: FileError.self) { try catalogue.layer(named: "b") }
    #expect(noLayer?.description == "in 'memory': there is no attention layer 'b'; name one of 'a' (--layer)")
    for head in [2, -1, Int.max, Int.min] {
      let noHead = #expect(throws: FileError.self) { try catalogue.weights(of: try catalogue.layer(), head: head) }
      #expect(noHead?.description == "in 'memory': layer 'a' has no head \(head); its heads are 0 to 1")
    }
  }

  @Test func asksForTheNumberOfHeads() throws {
    let file = try Self.file(.projections, prefix: "a.", metadata: [])
    let catalogue = try AttentionLayerCatalogue(of: file)
    let error = #expect(throws: FileError.self) { try catalogue.weights(of: try catalogue.layer(), head: 0) }
    #expect(error?.advice == "give it (--heads)")
    let three = try AttentionLayerCatalogue(of: file, heads: 3)
    let wrong = #expect(throws: FileError.self) { try three.weights(of: try three.layer(), head: 0) }
    #expect(wrong?.reason == "3 heads do not divide the 4 rows of the query of layer 'a'")
    let four = try AttentionLayerCatalogue(of: file, heads: 4)
    #expect(try four.weights(of: try four.layer(), head: 3).keyDimension == 1)
    for heads in [0, -1, Int.min] {
      #expect(throws: FileError.self) { try AttentionLayerCatalogue(of: file, heads: heads) }
    }
    #expect(throws: FileError.self) {
      try AttentionLayerCatalogue(of: try Self.file(.projections, prefix: "", metadata: [("heads", "eight")]))
    }
  }

  @Test func givesTheCallersNumberOfHeadsPrecedence() throws {
    let file = try Self.file(.projections, prefix: "a.", metadata: [("heads", "2")])
    #expect(try AttentionLayerCatalogue(of: file, heads: 4).layer().heads == 4)
  }

  @Test(
    arguments: [
      (["q_proj.weight": [4, 6], "k_proj.weight": [4, 6]], "there is no tensor 'x.v_proj.weight' beside its query"),
      (["q_proj.weight": [4], "k_proj.weight": [4, 1], "v_proj.weight": [4, 1]], "which is not a matrix"),
      (
        ["q_proj.weight": [4, 3], "k_proj.weight": [4, 5], "v_proj.weight": [4, 5]], "so this is not self-attention"
      ),
      (
        ["q_proj.weight": [4, 3], "k_proj.weight": [3, 3], "v_proj.weight": [4, 3]], "query and key have 4 and 3 rows"
      ),
      (["q_proj.weight": [0, 3], "k_proj.weight": [0, 3], "v_proj.weight": [0, 3]], "'x.q_proj.weight' is empty"),
      (
        ["q_proj.weight": [4, 3], "q_proj.bias": [3], "k_proj.weight": [4, 3], "v_proj.weight": [4, 3]],
        "does not fit the 4 rows"
      ),
      (["qkv.weight": [10, 3]], "are not query, key and value of equal size"),
      (["query_key_value.weight": [12, 4]], "give their number (--heads)"),
      (["in_proj_weight": [6]], "which is not a matrix"),
    ] as [(KeyValuePairs<String, [Int]>, String)])
  func rejectsWhatDoesNotFit(tensors: KeyValuePairs<String, [Int]>, reason: String) throws {
    var writer = SafetensorsWriter()
    for (name, shape) in tensors {
      writer.add("x." + name, shape: shape, values: .init(repeating: 1, count: shape.reduce(1, *)))
    }
    let catalogue = try AttentionLayerCatalogue(of: SafetensorsFile(bytes: writer.bytes(), path: "memory"))
    #expect(catalogue.layers.isEmpty)
    #expect(catalogue.rejected.map(\.name) == ["x"])
    #expect(catalogue.rejected.first?.reason.contains(reason) == true, "\(catalogue.rejected)")
    let error = #expect(throws: FileError.self) { try catalogue.layer(named: "x") }
    #expect(error?.reason.hasPrefix("layer 'x' cannot be used: ") == true)
    #expect(throws: FileError.self) { try catalogue.layer() }
  }

  @Test func rejectsInterleavedHeadsThatDoNotFit() throws {
    var writer = SafetensorsWriter(metadata: [("heads", "3")])
    writer.add("x.query_key_value.weight", shape: [12, 4], values: .init(repeating: 1, count: 48))
    let catalogue = try AttentionLayerCatalogue(of: SafetensorsFile(bytes: writer.bytes(), path: "memory"))
    #expect(catalogue.rejected.first?.reason == "the 12 rows of 'x.query_key_value.weight' are not those of 3 heads")
  }

  @Test func refusesWeightsThatAreNotFinite() throws {
    var writer = SafetensorsWriter(metadata: [("heads", "2")])
    for name in ["query", "key", "value"] {
      writer.add("\(name).weight", shape: [2, 2], values: [1, 2, 3, name == "key" ? .nan : 4])
    }
    let catalogue = try AttentionLayerCatalogue(of: SafetensorsFile(bytes: writer.bytes(), path: "memory"))
    _ = try catalogue.weights(of: try catalogue.layer(), head: 0)
    let error = #expect(throws: FileError.self) { try catalogue.weights(of: try catalogue.layer(), head: 1) }
    #expect(error?.reason == "element [1, 1] of tensor 'key.weight' is nan")
  }

  @Test func asksWhichOfSeveralLayers() throws {
    var writer = SafetensorsWriter()
    for layer in 0..<14 {
      for name in ["q", "k", "v"] { writer.add("l.\(layer).\(name).weight", shape: [1, 1], values: [1]) }
    }
    let catalogue = try AttentionLayerCatalogue(of: SafetensorsFile(bytes: writer.bytes(), path: "memory"))
    let error = #expect(throws: FileError.self) { try catalogue.layer() }
    #expect(error?.reason == "there are 14 attention layers")
    #expect(error?.advice.hasSuffix("'l.11' and 2 more (--layer)") == true)
  }

  @Test func saysThatThereIsNoLayer() throws {
    let file = try SafetensorsFile(path: Fixtures.directory + "dtype_F32.safetensors")
    let error = #expect(throws: FileError.self) { try AttentionLayerCatalogue(of: file).layer() }
    #expect(error?.reason == "no attention layer is recognised")
  }
}
