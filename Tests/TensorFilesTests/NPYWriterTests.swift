import Testing

@testable import TensorFiles

@Suite struct NPYWriterTests {
  @Test func writesTheKnownBytes() {
    let bytes = NPYWriter.bytes(rows: 2, columns: 3, values: [1, -2, 0.5, 0, .infinity, 1e300])
    let dictionary = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }"
    #expect(Array(bytes[..<10]) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0])
    #expect(String(decoding: bytes[10..<128], as: UTF8.self) == dictionary + String(repeating: " ", count: 58) + "\n")
    #expect(bytes.count == 128 + 48)
    #expect(Array(bytes[136..<144]) == [0, 0, 0, 0, 0, 0, 0, 0xC0])
  }

  @Test(arguments: [(0, 0), (0, 5), (5, 0), (1, 1), (123456, 0)])
  func alignsTheData(rows: Int, columns: Int) {
    let bytes = NPYWriter.bytes(rows: rows, columns: columns, values: [Double](repeating: 1, count: rows * columns))
    let length = Int(bytes[8]) + Int(bytes[9]) << 8
    #expect((10 + length) % 64 == 0)
    #expect(bytes.count == 10 + length + 8 * rows * columns)
    #expect(bytes[9 + length] == 0x0A)
  }
}
