import Testing
import Transformers

@Suite struct LayerKernelTests {
  @Test func everyAttentionGetsTheKernel() throws {
    let text = "linear(4, bias), residual(attention(softmax, heads: 2, key: 3, value: 5), relu), mean"
    let layers = try Layer.parse(list: text + ", head(linear, key: 2, value: 3)")
    let changed = layers.map { $0.with(.gaussian) }
    #expect(
      changed.map(\.description).joined(separator: ", ")
        == text.replacing("softmax", with: "gaussian") + ", head(gaussian, key: 2, value: 3)")
    #expect(changed.map { $0.with(.softmax) } != layers && layers.map { $0.with(.softmax) }[1] == layers[1])
    #expect(layers.flatMap(\.queryKeys) == [.separate(3), .separate(2)])
    // The weights are the same ones.
    let networks = try [layers, changed].map {
      try Network($0.dropLast() + [.linear(width: 2, bias: false)], tokens: 6, width: 4)
    }
    #expect(networks[0].parameters == networks[1].parameters && networks[0].output != networks[1].output)
  }

  @Test func layersWithoutAttentionHaveNone() throws {
    let layers = try Layer.parse(list: "linear(4), gelu, position, norm, mean")
    #expect(layers.flatMap(\.queryKeys).isEmpty && layers.map { $0.with(.gaussian) } == layers)
    #expect(try Layer.parse(list: "head(softmax, joint, value: 3)").flatMap(\.queryKeys) == [.joint])
  }
}
