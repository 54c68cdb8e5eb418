import TensorFiles

/// The files the tests read, found from this source file.
enum Fixtures {
  static let directory = String(#filePath.dropLast("/Fixtures.swift".count)) + "/Fixtures/"
  static let exampleLayer =
    String(#filePath.dropLast("/Tests/TensorFilesTests/Fixtures.swift".count))
    + "/Examples/albert-attention.safetensors"

  /// The conformance files with the verdicts of the reference reader, in the order of `expected.json`.
  static let verdicts: [Verdict] = {
    guard let json = try? FileInput.readJSON(directory + "expected.json"), let members = json.members else { return [] }
    return members.map { Verdict(name: $0.key, json: $0.value) }
  }()

  struct Verdict: Sendable, CustomStringConvertible {
    let name: String
    let json: JSONValue

    var isAccepted: Bool { json["accept"] == .boolean(true) }
    var tensors: [JSONValue] { json["tensors"]?.elements ?? [] }
    var path: String { directory + name + ".safetensors" }
    var description: String { name }
  }
}

/// The bytes of a safetensors file with this header and data.
func safetensors(header: String, data: [UInt8] = []) -> [UInt8] {
  var length = UInt64(header.utf8.count).littleEndian
  return withUnsafeBytes(of: &length) { Array($0) } + Array(header.utf8) + data
}

/// Steele, Lea and Flood's generator, the same numbers on every machine.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
