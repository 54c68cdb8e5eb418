import Testing

@testable import TensorFiles

/// The shipped real layer.
@Suite struct ExampleLayerTests {
  @Test func holdsTheDocumentedTensors() throws {
    let file = try SafetensorsFile(path: Fixtures.exampleLayer)
    let expected: [(String, [Int])] = [
      ("dense.bias", [256]), ("dense.weight", [256, 256]), ("hidden_states", [53, 256]), ("key.bias", [256]),
      ("key.weight", [256, 256]), ("query.bias", [256]), ("query.weight", [256, 256]), ("value.bias", [256]),
      ("value.weight", [256, 256]),
    ]
    #expect(file.tensors.map(\.name) == expected.map(\.0))
    #expect(file.tensors.map(\.shape) == expected.map(\.1))
    #expect(file.tensors.allSatisfy { $0.elementType == .float32 })
    #expect(file.metadata("heads") == "8")
    for tensor in file.tensors { #expect(try file.firstNonFinite(in: tensor.name) == nil) }
  }

  @Test func isOneLayerOfEightHeads() throws {
    let file = try SafetensorsFile(path: Fixtures.exampleLayer)
    let catalogue = try AttentionLayerCatalogue(of: file)
    let layer = try catalogue.layer(named: "attention")
    #expect(layer.convention == .queryKeyValue)
    #expect(layer.heads == 8)
    #expect(layer.modelDimension == 256)
    #expect(try catalogue.headSizes(of: layer) == (8, 32, 32, 1))
    let stored = try file.values(of: "value.weight")
    let bias = try file.values(of: "value.bias")
    for head in 0..<8 {
      let weights = try catalogue.weights(of: layer, head: head)
      #expect(weights.value.values[255 * 32 + 7] == stored[(head * 32 + 7) * 256 + 255])
      #expect(weights.valueBias == Array(bias[(head * 32)..<(head * 32 + 32)]))
      #expect(weights.homogeneous.modelDimension == 257)
      #expect(Array(weights.homogeneous.value.values.suffix(32)) == weights.valueBias)
    }
    let output = try #require(try catalogue.outputWeights(of: layer))
    #expect(output.weight.rows == 256 && output.weight.columns == 256)
    #expect(try file.matrix(named: "hidden_states").rows == 53)
  }
}
