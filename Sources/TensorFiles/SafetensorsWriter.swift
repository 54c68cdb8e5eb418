/// Composes a safetensors file of F64 and F32 tensors.
public struct SafetensorsWriter: Sendable {
  /// The precision a tensor is stored in.
  public enum Precision: Hashable, Sendable {
    case float64
    /// Rounded to the nearest; what exceeds the range becomes infinite.
    case float32
  }

  private struct Entry {
    let name: String
    let shape: [Int]
    let values: [Double]
    let precision: Precision
  }

  private let metadata: [(key: String, value: String)]
  private var entries: [Entry] = []

  /// A file without tensors; the metadata are written in this order.
  public init(metadata: [(key: String, value: String)] = []) { self.metadata = metadata }

  /// Adds a tensor by its row-major elements.
  ///
  /// - Precondition: the number of elements is the product of the shape, and the name is new and not `__metadata__`.
  public mutating func add(_ name: String, shape: [Int], values: [Double], as precision: Precision = .float64) {
    precondition(TensorInfo.elementCount(of: shape) == values.count, "\(values.count) elements for shape \(shape)")
    precondition(name != "__metadata__", "the name '__metadata__' is reserved")
    precondition(!entries.contains { ExactName($0.name) == ExactName(name) }, "two tensors \(name.quoted)")
    entries.append(Entry(name: name, shape: shape, values: values, precision: precision))
  }

  /// The bytes of the file: the F64 tensors first, so that every tensor is aligned to its element size, each kind in the
  /// order it was added.
  public func bytes() -> [UInt8] {
    var members: [JSONValue.Member] = []
    if !metadata.isEmpty {
      let entries = metadata.map { JSONValue.Member($0.key, .string($0.value)) }
      members.append(JSONValue.Member("__metadata__", .object(entries)))
    }
    var data: [UInt8] = []
    for precision in [Precision.float64, .float32] {
      for entry in entries where entry.precision == precision {
        let begin = data.count
        Self.append(entry, to: &data)
        let info: JSONValue = [
          "dtype": .string(precision == .float64 ? "F64" : "F32"),
          "shape": .array(entry.shape.map { .integer($0) }),
          "data_offsets": [.integer(begin), .integer(data.count)],
        ]
        members.append(JSONValue.Member(entry.name, info))
      }
    }
    var header = Array(JSONWriter(.compact).text(.object(members)).utf8)
    header += [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8)
    return LittleEndian.bytes(UInt64(header.count)) + header + data
  }

  /// Writes the file whole or not at all.
  ///
  /// - Errors: as for `AtomicFile.write(_:to:)`.
  public func write(to path: String) throws(FileError) { try AtomicFile.write(bytes(), to: path) }

  private static func append(_ entry: Entry, to data: inout [UInt8]) {
    for value in entry.values {
      switch entry.precision {
      case .float64: data += LittleEndian.bytes(value.bitPattern)
      case .float32: data += LittleEndian.bytes(Float(value).bitPattern)
      }
    }
  }
}

/// Integers as bytes, the least significant first.
enum LittleEndian {
  static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
