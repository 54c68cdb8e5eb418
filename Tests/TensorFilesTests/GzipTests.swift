import Testing

@testable import TensorFiles

@Suite struct GzipTests {
  /// RFC 1952's checksum, bit by bit.
  private func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in (sum >> 1) ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
  }

  /// A gzip file of one member, whose blocks are stored as they are.
  private func member(_ bytes: [UInt8]) -> [UInt8] {
    var file: [UInt8] = [0x1F, 0x8B, 8, 0, 1, 2, 3, 4, 0, 3]
    func append(_ number: UInt32, _ count: Int) {
      for k in 0..<count { file.append(UInt8(truncatingIfNeeded: number >> (8 * k))) }
    }
    for start in stride(from: 0, through: bytes.count, by: 65_535) {
      let block = bytes[start..<min(start + 65_535, bytes.count)]
      file.append(start + 65_535 > bytes.count ? 1 : 0)
      append(UInt32(block.count), 2)
      append(~UInt32(block.count), 2)
      file += block
    }
    append(checksum(bytes), 4)
    append(UInt32(bytes.count), 4)
    return file
  }

  /// "1,2\n" as `gzip -9n` compresses it.
  private let compressed: [UInt8] = [
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x33, 0xD4, 0x31, 0xE2, 0x02, 0x00, 0x33, 0x42,
    0x21, 0x55, 0x04, 0x00, 0x00, 0x00,
  ]

  private func read(_ bytes: [UInt8], limit: Int = 1 << 20) throws -> [UInt8] {
    let directory = try TemporaryDirectory(), path = directory.file("file")
    try AtomicFile.write(bytes, to: path)
    return try FileInput.readDecompressed(path, limit: limit)
  }

  private func error(_ bytes: [UInt8], limit: Int = 1 << 20) -> FileError? {
    #expect(throws: FileError.self) { try read(bytes, limit: limit) }
  }

  @Test func readsPlainAndCompressedFiles() throws {
    let text = Array("1,2\n".utf8)
    #expect(try read(text) == text)
    #expect(try read([]) == [])
    #expect(try read([0x1F]) == [0x1F])
    #expect(try read(compressed) == text)
    #expect(try read(member(text)) == text)
    #expect(try read(member([])) == [])
    let long = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
    #expect(try read(member(long)) == long)
  }

  @Test func membersAreOneFile() throws {
    let text = Array("1,2\n".utf8), long = [UInt8](repeating: 7, count: 70_000)
    #expect(try read(compressed + compressed) == text + text)
    #expect(try read(member(text) + member([]) + compressed + member(long)) == text + text + long)
  }

  @Test func everyTruncationIsFound() throws {
    let file = member(Array("1,2,3\n".utf8)) + compressed, first = member(Array("1,2,3\n".utf8)).count
    for count in 2..<file.count where count != first {
      let error = error(Array(file[..<count]))
      #expect(error?.kind == .badData)
      #expect(error?.reason.hasPrefix("the compressed data end early, after ") == true, "\(count) bytes")
    }
    // What ends with a member is a whole file.
    #expect(try read(Array(file[..<first])) == Array("1,2,3\n".utf8))
  }

  @Test func everyChangeOfTheDataIsFound() {
    let text = Array("1,2\n".utf8)
    for file in [compressed, member(text)] {
      for index in 2..<file.count {
        for bit in 0..<8 {
          var changed = file
          changed[index] ^= 1 << bit
          // Time, level, system and the bits that fill up a byte are not data.
          if let found = try? Gzip.decompressed(changed, path: "file", limit: 1 << 20) {
            #expect(found == text, "byte \(index), bit \(bit)")
            #expect(index < file.count - 8, "checksum and length")
            #expect(file == compressed || !(11..<19).contains(index), "length and content of a block")
          }
        }
      }
    }
  }

  @Test func saysWhatIsWrong() {
    var changed = member(Array("1,2\n".utf8))
    changed[15] ^= 1
    #expect(error(changed)?.reason == "the compressed data are damaged, after 4 good bytes")
    #expect(error(compressed + [1, 2, 3])?.reason == "the compressed data are damaged, after 4 good bytes")
    #expect(error(compressed + [0x1F])?.reason == "the compressed data end early, after 4 good bytes")
  }

  @Test func limitsWhatComesOut() throws {
    let long = [UInt8](repeating: 1, count: 1000)
    #expect(try read(member(long), limit: 1023) == long)
    #expect(error(member(long) + member(long), limit: 1023)?.reason == "it has more than 1023 bytes")
    let many = (0..<100).reduce(into: [UInt8]()) { files, _ in files += bomb }
    #expect(error(many, limit: 50_000)?.reason == "it has more than 50000 bytes when decompressed")
  }

  /// A thousand zeros.
  private let bomb: [UInt8] = [
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x63, 0x60, 0x18, 0x05, 0xA3, 0x60, 0x14, 0x0C,
    0x77, 0x00, 0x00, 0x80, 0x17, 0x0B, 0x06, 0xE8, 0x03, 0x00, 0x00,
  ]
}
