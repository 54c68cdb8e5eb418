import Testing

@testable import TensorFiles

@Suite struct SafetensorsWriterTests {
  @Test func readsBackWhatItWrites() throws {
    var generator = SplitMix64(state: 3)
    let doubles = (0..<35).map { _ in Double(bitPattern: generator.next()) }
    let floats = (0..<7).map { _ in Double(Float.random(in: -1...1, using: &generator)) }
    var writer = SafetensorsWriter(metadata: [("heads", "8"), ("a\"\n", "é")])
    writer.add("small", shape: [7], values: floats, as: .float32)
    writer.add("large", shape: [5, 7], values: doubles)
    writer.add("scalar", shape: [], values: [.pi])
    writer.add("empty", shape: [3, 0], values: [])
    let directory = try TemporaryDirectory()
    try writer.write(to: directory.file("x.safetensors"))
    let file = try SafetensorsFile(path: directory.file("x.safetensors"))
    #expect(file.tensors.map(\.name) == ["large", "scalar", "empty", "small"])
    #expect(file.metadata("heads") == "8")
    #expect(file.metadata("a\"\n") == "é")
    #expect(try file.values(of: "small") == floats)
    #expect(try file.values(of: "scalar") == [.pi])
    #expect(try file.values(of: "empty") == [])
    #expect(
      zip(try file.values(of: "large"), doubles).allSatisfy { $0.bitPattern == $1.bitPattern || $0.isNaN && $1.isNaN })
    #expect(file.tensor(named: "large")?.shape == [5, 7])
    #expect(directory.names == ["x.safetensors"])
  }

  @Test func alignsTheData() {
    for length in 0..<9 {
      var writer = SafetensorsWriter()
      writer.add(String(repeating: "n", count: length), shape: [1], values: [1])
      #expect(writer.bytes().count % 8 == 0)
    }
  }

  @Test func writesTheKnownBytes() {
    var writer = SafetensorsWriter()
    writer.add("a", shape: [1], values: [-2], as: .float32)
    let header = #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  "#
    #expect(writer.bytes() == safetensors(header: header, data: [0, 0, 0, 0xC0]))
    #expect(SafetensorsWriter().bytes() == safetensors(header: "{}      "))
  }
}
