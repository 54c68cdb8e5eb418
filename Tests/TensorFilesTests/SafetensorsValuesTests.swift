import Testing

@testable import TensorFiles

@Suite struct SafetensorsValuesTests {
  @Test func readsEveryHalfPrecisionPattern() throws {
    let bytes = (0...UInt16.max).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let header = #"{"half":["F16",[65536],[0,131072]],"brain":["BF16",[65536],[131072,262144]]}"#
    let file = try SafetensorsFile(bytes: safetensors(header: header, data: bytes + bytes), path: "memory")
    let half = try file.values(of: "half")
    let brain = try file.values(of: "brain")
    for bits in 0...UInt16.max {
      let index = Int(bits)
      #expect(Self.agree(half[index], Self.reference(bits, exponentBits: 5, fractionBits: 10)), "F16 \(bits)")
      #expect(Self.agree(brain[index], Self.reference(bits, exponentBits: 8, fractionBits: 7)), "BF16 \(bits)")
    }
  }

  /// The definition: `(−1)^s · 2^(e−b) · 1.f`, or `(−1)^s · 2^(1−b) · 0.f` where e = 0.
  private static func reference(_ bits: UInt16, exponentBits: Int, fractionBits: Int) -> Double {
    let bias = 1 << (exponentBits - 1) - 1
    let exponent = Int(bits >> fractionBits) & (1 << exponentBits - 1)
    let fraction = Double(bits & (1 << fractionBits - 1)) / Double(1 << fractionBits)
    let sign: Double = bits >> 15 == 1 ? -1 : 1
    if exponent == 1 << exponentBits - 1 { return fraction == 0 ? sign * .infinity : .nan }
    let power = Double(sign: .plus, exponent: max(exponent, 1) - bias, significand: 1)
    return sign * power * (exponent == 0 ? fraction : 1 + fraction)
  }

  private static func agree(_ left: Double, _ right: Double) -> Bool {
    left.isNaN ? right.isNaN : left.bitPattern == right.bitPattern
  }

  @Test func readsUnalignedElements() throws {
    let header = #"{"a":["U8",[1],[0,1]],"b":["F64",[2],[1,17]],"c":["F32",[1],[17,21]],"d":["F16",[1],[21,23]]}"#
    let data: [UInt8] = [
      9, 0x18, 0x2D, 0x44, 0x54, 0xFB, 0x21, 0x09, 0x40, 0, 0, 0, 0, 0, 0, 0xF0, 0xBF, 0xDB, 0x0F, 0x49, 0x40, 0x48,
      0x42,
    ]
    for padding in 0..<8 {
      let bytes = safetensors(header: header + String(repeating: " ", count: padding), data: data)
      let file = try SafetensorsFile(bytes: bytes, path: "memory")
      #expect(try file.values(of: "b") == [.pi, -1])
      #expect(try file.values(of: "c") == [Double(Float(bitPattern: 0x4049_0FDB))])
      #expect(try file.values(of: "d") == [3.140625])
    }
    let file = try SafetensorsFile(path: Fixtures.directory + "unaligned_f64_ok.safetensors")
    #expect(try file.values(of: "b").count == 1)
  }

  @Test func refusesTypesThatAreNoDoubles() throws {
    let file = try SafetensorsFile(path: Fixtures.directory + "dtype_I64.safetensors")
    let error = #expect(throws: FileError.self) { try file.values(of: "a") }
    #expect(error?.kind == .badData)
    #expect(error?.reason == "tensor 'a' has elements of type I64, which cannot be read")
    #expect(error?.advice == "convert it to one of F16, BF16, F32, F64")
  }

  @Test func namesTheTensorsThereAre() throws {
    let file = try SafetensorsFile(path: Fixtures.directory + "unaligned_f64_ok.safetensors")
    let error = #expect(throws: FileError.self) { try file.values(of: "c") }
    #expect(error?.description == "in '\(file.path)': there is no tensor 'c'; the tensors are 'a', 'b'")
  }

  @Test func refusesTensorsAndElementsOfAnotherFile() throws {
    let large = try SafetensorsFile(path: Fixtures.exampleLayer)
    let small = try SafetensorsFile(path: Fixtures.directory + "dtype_F32.safetensors")
    let tensor = try #require(large.tensor(named: "query.weight"))
    #expect(throws: FileError.self) { try small.values(of: tensor, elements: 0..<65536) }
    let own = try #require(small.tensor(named: "a"))
    #expect(try small.values(of: own, elements: 2..<2).isEmpty)
    #expect(try small.values(of: own, elements: 1..<2).count == 1)
    for elements in [0..<3, -1..<1, 2..<Int.max, Int.min..<0] {
      #expect(throws: FileError.self) { try small.values(of: own, elements: elements) }
    }
  }

  @Test func findsNonFiniteElements() throws {
    var writer = SafetensorsWriter()
    writer.add("fine", shape: [2], values: [1, -.greatestFiniteMagnitude])
    writer.add("bad", shape: [2, 1, 3], values: [0, 1, 2, 3, -.infinity, .nan])
    writer.add("empty", shape: [0, 3], values: [])
    let file = try SafetensorsFile(bytes: writer.bytes(), path: "memory")
    #expect(try file.firstNonFinite(in: "fine") == nil)
    #expect(try file.firstNonFinite(in: "empty") == nil)
    #expect(try file.firstNonFinite(in: "bad") == NonFiniteElement(position: [1, 0, 1], text: "-inf"))
    #expect(try file.values(of: "bad")[5].isNaN)
  }

  @Test func readsMatrices() throws {
    var writer = SafetensorsWriter()
    writer.add("m", shape: [2, 3], values: [1, 2, 3, 4, 5, 6])
    writer.add("batch", shape: [1, 1, 3, 2], values: [1, 2, 3, 4, 5, 6])
    writer.add("vector", shape: [6], values: [1, 2, 3, 4, 5, 6])
    writer.add("cube", shape: [2, 3, 1], values: [1, 2, 3, 4, 5, 6])
    writer.add("nan", shape: [1, 2], values: [1, .nan])
    let file = try SafetensorsFile(bytes: writer.bytes(), path: "memory")
    #expect(try file.matrix(named: "m") == StoredMatrix(rows: 2, columns: 3, values: [1, 2, 3, 4, 5, 6]))
    #expect(try file.matrix(named: "batch").rows == 3)
    for name in ["vector", "cube", "nan", "none"] { #expect(throws: FileError.self) { try file.matrix(named: name) } }
    let error = #expect(throws: FileError.self) { try file.matrix(named: "nan") }
    #expect(error?.reason == "element [0, 1] of tensor 'nan' is nan")
  }

  @Test func countsElementsWithoutOverflow() {
    #expect(TensorInfo.elementCount(of: []) == 1)
    #expect(TensorInfo.elementCount(of: [3, 0, 5]) == 0)
    #expect(TensorInfo.elementCount(of: [Int.max, 1]) == Int.max)
    #expect(TensorInfo.elementCount(of: [Int.max, 2]) == nil)
    #expect(TensorInfo.elementCount(of: [Int.max, 2, 0]) == 0)
    #expect(TensorInfo.elementCount(of: [Int.max, 3, 0]) == nil)
    #expect(TensorInfo.elementCount(of: [-1]) == nil)
  }
}
