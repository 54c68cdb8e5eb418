/// A safetensors file, mapped into memory and checked completely when it is opened.
///
/// Elements are converted tensor by tensor on request; the file is never copied whole. It must not be shortened while
/// it is in use.
///
/// The header is read as by the reference reader (version 0.8), but stricter in three places: two tensors of one name,
/// a size above 2⁶³−1, and a dtype that is not a plain string are refused.
public struct SafetensorsFile: Sendable {
  /// The file, as the caller named it.
  public let path: String
  /// The tensors in the order their elements are stored.
  public let tensors: [TensorInfo]
  /// The entries of `__metadata__` in the order of the file, duplicates included.
  public let metadata: [(key: String, value: String)]

  private let region: ByteRegion
  private let dataOffset: Int
  private let indices: [ExactName: Int]

  /// Opens a file.
  ///
  /// - Errors: `inputMissing` where there is no readable regular file; `badData` with the reason where it is not a
  ///   valid safetensors file.
  public init(path: String) throws(FileError) {
    try self.init(region: try ByteRegion(mapping: path), path: path)
  }

  /// The file with these bytes; `path` is what error messages call it.
  public init(bytes: [UInt8], path: String) throws(FileError) {
    try self.init(region: ByteRegion(copying: bytes), path: path)
  }

  init(region: ByteRegion, path: String) throws(FileError) {
    let header = try SafetensorsHeader(of: region.bytes, path: path)
    self.path = path
    self.region = region
    tensors = header.tensors
    metadata = header.metadata
    dataOffset = header.dataOffset
    indices = Dictionary(uniqueKeysWithValues: header.tensors.enumerated().map { (ExactName($1.name), $0) })
  }

  /// The last entry of `__metadata__` with this key.
  public func metadata(_ key: String) -> String? { metadata.last { ExactName($0.key) == ExactName(key) }?.value }

  /// The tensor of this name, nil if there is none.
  public func tensor(named name: String) -> TensorInfo? { indices[ExactName(name)].map { tensors[$0] } }

  /// The elements of a tensor of this file, row-major, each exactly (signalling NaNs become quiet).
  ///
  /// - Errors: `badData` where there is no such tensor (the message lists those there are) or its type cannot be read.
  public func values(of name: String) throws(FileError) -> [Double] {
    let tensor = try requireTensor(named: name)
    return try values(of: tensor, elements: 0..<tensor.elementCount)
  }

  /// A part of the elements of a tensor of this file, by their row-major indices.
  ///
  /// - Errors: as for `values(of:)`, and `badData` where an index is beyond the tensor's elements.
  public func values(of tensor: TensorInfo, elements: Range<Int>) throws(FileError) -> [Double] {
    guard self.tensor(named: tensor.name) == tensor else {
      throw badData("tensor \(tensor.name.quoted) is not of this file", advice: "look it up in this file")
    }
    guard elements.lowerBound >= 0, elements.upperBound <= tensor.elementCount else {
      throw badData(
        "tensor \(tensor.name.quoted) has \(tensor.elementCount) elements, not \(elements.upperBound)",
        advice: "ask for elements it has")
    }
    defer { withExtendedLifetime(region) {} }
    let start = dataOffset + tensor.byteRange.lowerBound
    let bytes = UnsafeRawBufferPointer(rebasing: region.bytes[start..<(start + tensor.byteRange.count)])
    switch tensor.elementType {
    case .float16: return Self.decode(bytes, elements) { FloatingPointDecoding.float16(UInt16(littleEndian: $0)) }
    case .bfloat16: return Self.decode(bytes, elements) { FloatingPointDecoding.bfloat16(UInt16(littleEndian: $0)) }
    case .float32: return Self.decode(bytes, elements) { Double(Float(bitPattern: UInt32(littleEndian: $0))) }
    case .float64: return Self.decode(bytes, elements) { Double(bitPattern: UInt64(littleEndian: $0)) }
    default:
      let readable = TensorElementType.readable.map(\.rawValue).joined(separator: ", ")
      throw badData(
        "tensor \(tensor.name.quoted) has elements of type \(tensor.elementType.rawValue), which cannot be read",
        advice: "convert it to one of \(readable)")
    }
  }

  private static func decode<Bits: FixedWidthInteger>(
    _ bytes: UnsafeRawBufferPointer, _ elements: Range<Int>, _ value: (Bits) -> Double
  ) -> [Double] {
    let size = MemoryLayout<Bits>.size
    return [Double](unsafeUninitializedCapacity: elements.count) { buffer, count in
      for (position, element) in elements.enumerated() {
        // Nothing in the format aligns a tensor to its element size.
        buffer.initializeElement(
          at: position, to: value(bytes.loadUnaligned(fromByteOffset: element * size, as: Bits.self)))
      }
      count = elements.count
    }
  }

  func requireTensor(named name: String) throws(FileError) -> TensorInfo {
    if let tensor = tensor(named: name) { return tensor }
    throw badData(
      "there is no tensor \(name.quoted)",
      advice: tensors.isEmpty ? "the file has no tensors" : "the tensors are \(tensors.map(\.name).quotedList)")
  }

  func badData(_ reason: String, advice: String) -> FileError {
    FileError(.badData, path: path, reason: reason, advice: advice)
  }
}
