import Foundation
import Testing

@testable import TensorFiles

/// Damaged files must be refused or read within their bounds, never trap.
@Suite struct SafetensorsMutationTests {
  static let seeds: [[UInt8]] = {
    var seeds = Fixtures.verdicts.filter(\.isAccepted).compactMap { try? FileInput.read($0.path) }
    var writer = SafetensorsWriter(metadata: [("heads", "2"), ("é\n", "\u{1F600}")])
    for name in ["query", "key", "value", "dense"] {
      writer.add("l.\(name).weight", shape: [4, 4], values: (0..<16).map { Double($0) / 3 }, as: .float32)
      writer.add("l.\(name).bias", shape: [4], values: [1, 2, 3, 4], as: .float64)
    }
    seeds.append(writer.bytes())
    return seeds
  }()

  @Test func twentyThousandMutationsNeitherTrapNorReadOutOfBounds() throws {
    var generator = SplitMix64(state: 0x5AFE)
    var accepted = 0
    for _ in 0..<20_000 {
      var bytes = Self.seeds.randomElement(using: &generator)!
      for _ in 0..<Int.random(in: 1...3, using: &generator) { Self.mutate(&bytes, using: &generator) }
      guard let file = try? SafetensorsFile(region: Self.guarded(bytes), path: "memory") else { continue }
      accepted += 1
      var end = 0
      for tensor in file.tensors {
        #expect(tensor.byteRange.lowerBound == end)
        end = tensor.byteRange.upperBound
        if let values = try? file.values(of: tensor.name) { #expect(values.count == tensor.elementCount) }
      }
      guard let catalogue = try? AttentionLayerCatalogue(of: file) else { continue }
      for layer in catalogue.layers {
        _ = try? catalogue.weights(of: layer, head: 1)
        _ = try? catalogue.outputWeights(of: layer)
      }
    }
    // Were all of them refused at once, nothing would have been tested.
    #expect(accepted > 500 && accepted < 15_000, "\(accepted) accepted")
  }

  @Test func everyTruncationIsRefused() {
    let bytes = Self.seeds.last!
    for count in 0..<bytes.count {
      #expect(throws: FileError.self) {
        try SafetensorsFile(region: Self.guarded(Array(bytes[..<count])), path: "memory")
      }
    }
  }

  /// Mutates the file, or its header alone with the length that stands before it made right again.
  private static func mutate(_ bytes: inout [UInt8], using generator: inout SplitMix64) {
    let length = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard bytes.count >= 8, length <= UInt64(bytes.count - 8), Int.random(in: 0..<4, using: &generator) > 0 else {
      return damage(&bytes, using: &generator)
    }
    var header = Array(bytes[8..<(8 + Int(length))])
    damage(&header, using: &generator)
    bytes = LittleEndian.bytes(UInt64(header.count)) + header + bytes[(8 + Int(length))...]
  }

  private static func damage(_ bytes: inout [UInt8], using generator: inout SplitMix64) {
    guard !bytes.isEmpty else { return bytes.append(UInt8.random(in: 0...255, using: &generator)) }
    let place = Int.random(in: 0..<bytes.count, using: &generator)
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
    case 2: bytes.removeSubrange(place...)
    case 3: bytes.remove(at: place)
    case 4: bytes.insert(contentsOf: bytes[place..<min(place + 9, bytes.count)], at: place)
    case 5:
      let other = seeds.randomElement(using: &generator)!
      bytes.replaceSubrange(place..., with: other[Int.random(in: 0...other.count, using: &generator)...])
    case 6:
      bytes.insert(
        contentsOf: Array([" ", "[0,4]", "\"x\":1,", "0", "\\", ","].randomElement(using: &generator)!.utf8), at: place)
    default:
      // One digit of the header for another keeps the JSON valid and lets the sizes lie.
      let digits = bytes.indices.filter { (0x30...0x39).contains(bytes[$0]) }
      if let digit = digits.randomElement(using: &generator) {
        bytes[digit] = UInt8.random(in: 0x30...0x39, using: &generator)
      }
    }
  }

  /// The bytes right before a page that must not be touched: reading past the end ends the process.
  private static func guarded(_ bytes: [UInt8]) -> ByteRegion {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let size = (bytes.count + page - 1) / page * page
    let start = mmap(nil, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)!
    precondition(start != MAP_FAILED && mprotect(start + size, page, PROT_NONE) == 0, "no guarded memory")
    let place = start + (size - bytes.count)
    bytes.withUnsafeBytes { if $0.count > 0 { memcpy(place, $0.baseAddress!, $0.count) } }
    return ByteRegion(UnsafeRawBufferPointer(start: place, count: bytes.count)) { region in
      munmap(UnsafeMutableRawPointer(mutating: region.baseAddress! + region.count - size), size + page)
    }
  }
}
