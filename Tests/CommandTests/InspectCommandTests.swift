import Foundation
import Testing

@Suite struct InspectCommandTests {
  @Test func theExampleLayerIsRecognised() throws {
    let outcome = try BuiltCommand.run("inspect", Repository.example)
    expectSuccess(outcome)
    #expect(outcome.output.contains("hidden_states  F32   [53, 256]"))
    #expect(outcome.output.contains("8 heads, d_K = 32, d_V = 32, with biases, with output projection"))
    #expect(outcome.output.contains("0   2.29890   2.57849   1.62932"))
  }

  @Test func jsonHasEveryHead() throws {
    let outcome = try BuiltCommand.run("inspect", Repository.example, "--json")
    expectSuccess(outcome)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(object["schema"] as? String == "hessian.inspect/1")
    let layers = try #require(object["layers"] as? [[String: Any]])
    let heads = try #require(layers.first?["heads"] as? [[String: Any]])
    #expect(heads.count == 8)
    #expect(heads.allSatisfy { ($0["W_Q_norm"] as? Double ?? 0) > 0 })
  }

  @Test func theNumberOfHeadsCanBeGiven() throws {
    let outcome = try BuiltCommand.run("inspect", Repository.example, "--heads", "7")
    expectSuccess(outcome)
    #expect(outcome.output.contains("7 heads do not divide"))
  }

  @Test func whatIsNotANumberIsNoted() throws {
    let directory = try TemporaryDirectory()
    let header =
      #"{"a":{"dtype":"F64","shape":[2,2],"data_offsets":[0,32]},"i":{"dtype":"I8","shape":[1],"data_offsets":[32,33]}}"#
    var bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) } + Data(header.utf8)
    for value in [1, 2, Double.nan, -Double.infinity] {
      bytes += withUnsafeBytes(of: value.bitPattern.littleEndian) { Data($0) }
    }
    bytes.append(7)
    let file = try directory.file("odd.safetensors")
    try bytes.write(to: URL(fileURLWithPath: file))
    let outcome = try BuiltCommand.run("inspect", file)
    expectSuccess(outcome)
    #expect(outcome.output.contains("nan at [1, 0]"))
    #expect(outcome.output.contains("not readable here"))
    #expect(outcome.output.contains("No attention layer is recognised"))
  }

  @Test func malformedFilesAreRefused() throws {
    let directory = try TemporaryDirectory()
    let whole = try Data(contentsOf: URL(fileURLWithPath: Repository.example))
    func expectBad(_ bytes: Data, _ word: String) throws {
      let file = try directory.file("bad.safetensors")
      try bytes.write(to: URL(fileURLWithPath: file))
      expectRefusal(try BuiltCommand.run("inspect", file), 65, "bad.safetensors", word)
    }
    try expectBad(Data(), "safetensors")
    try expectBad(whole.prefix(1000), "safetensors")
    try expectBad(whole.dropLast(1), "safetensors")
    try expectBad(whole + [0], "safetensors")
    let overlapping =
      #"{"a":{"dtype":"I8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"I8","shape":[2],"data_offsets":[1,3]}}"#
    let header = withUnsafeBytes(of: UInt64(overlapping.utf8.count).littleEndian) { Data($0) }
    try expectBad(header + Data(overlapping.utf8) + [1, 2, 3], "'b'")
    expectRefusal(try BuiltCommand.run("inspect", directory.path), 66, "directory")
    expectRefusal(try BuiltCommand.run("inspect", directory.path + "/none"), 66, "no such file")
    expectRefusal(try BuiltCommand.run("inspect"), 64, "<file>")
    expectRefusal(try BuiltCommand.run("inspect", Repository.example, "--heads", "0"), 64, "--heads", "zero")
  }
}
