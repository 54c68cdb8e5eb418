/// The header of a safetensors file, checked completely: what passes here can be read without a further check.
struct SafetensorsHeader {
  /// Headers above this size are refused, as by the reference reader.
  static let maximumLength = 100_000_000

  /// The tensors in the order their elements are stored.
  let tensors: [TensorInfo]
  /// The members of `__metadata__` in the order of the file, duplicates included.
  let metadata: [(key: String, value: String)]
  /// Where the elements of the tensors begin in the file.
  let dataOffset: Int

  init(of bytes: UnsafeRawBufferPointer, path: String) throws(FileError) {
    do {
      try self.init(of: bytes)
    } catch {
      throw FileError(
        .badData, path: path, reason: "this is not a valid safetensors file: \(error.reason)",
        advice: "download or export it again")
    }
  }

  /// Why a header is refused.
  private struct Refusal: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  private init(of bytes: UnsafeRawBufferPointer) throws(Refusal) {
    guard bytes.count >= 8 else {
      throw Refusal("it has \(bytes.count) bytes, fewer than the 8 of the header's length")
    }
    let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard length <= Self.maximumLength else {
      throw Refusal("its header is said to have \(length) bytes, more than the permitted \(Self.maximumLength)")
    }
    guard Int(length) <= bytes.count - 8 else {
      throw Refusal("its header is said to have \(length) bytes, but only \(bytes.count - 8) follow")
    }
    dataOffset = 8 + Int(length)
    let json: JSONValue
    do {
      json = try JSONValue(parsing: UnsafeRawBufferPointer(rebasing: bytes[8..<dataOffset]))
    } catch {
      throw Refusal("its header is not valid JSON (\(error))")
    }
    guard let members = json.members else { throw Refusal("its header is \(json.kindName), not an object") }
    if let name = json.firstDuplicateKey { throw Refusal("its header has two entries \(name.quoted)") }

    var tensors: [TensorInfo] = []
    var metadata: [(key: String, value: String)] = []
    for member in members {
      if ExactName(member.key) == ExactName("__metadata__") {
        metadata = try Self.metadata(member.value)
      } else {
        tensors.append(try Self.tensor(member.key, member.value))
      }
    }
    self.metadata = metadata
    self.tensors = try Self.tiling(tensors, byteCount: bytes.count - dataOffset)
  }

  private static func metadata(_ value: JSONValue) throws(Refusal) -> [(key: String, value: String)] {
    if value == .null { return [] }
    guard let members = value.members else { throw Refusal("its '__metadata__' is \(value.kindName), not an object") }
    var metadata: [(key: String, value: String)] = []
    for member in members {
      guard let text = member.value.stringValue else {
        throw Refusal("\(member.key.quoted) of its '__metadata__' is \(member.value.kindName), not a string")
      }
      metadata.append((member.key, text))
    }
    return metadata
  }

  // MARK: One tensor

  /// A tensor from its object, or from the array `[dtype, shape, data_offsets]` that the reference reader accepts too.
  private static func tensor(_ name: String, _ value: JSONValue) throws(Refusal) -> TensorInfo {
    var type: JSONValue?
    var shape: JSONValue?
    var offsets: JSONValue?
    switch value {
    case .object(let members):
      // Other fields are ignored, as by the reference reader: a later version of the format may add some.
      for member in members {
        switch member.key {
        case "dtype": try set(&type, member, of: name)
        case "shape": try set(&shape, member, of: name)
        case "data_offsets": try set(&offsets, member, of: name)
        default: break
        }
      }
    case .array(let elements) where elements.count == 3:
      (type, shape, offsets) = (elements[0], elements[1], elements[2])
    default:
      throw Refusal(
        "the entry of tensor \(name.quoted) is \(value.kindName), not an object of dtype, shape, data_offsets")
    }
    guard let type else { throw Refusal("tensor \(name.quoted) has no 'dtype'") }
    guard let shape else { throw Refusal("tensor \(name.quoted) has no 'shape'") }
    guard let offsets else { throw Refusal("tensor \(name.quoted) has no 'data_offsets'") }
    return try tensor(name, type: elementType(type, of: name), shape: dimensions(shape, of: name), offsets)
  }

  private static func set(
    _ field: inout JSONValue?, _ member: JSONValue.Member, of name: String
  ) throws(Refusal) {
    guard field == nil else { throw Refusal("tensor \(name.quoted) has two fields '\(member.key)'") }
    field = member.value
  }

  private static func elementType(_ value: JSONValue, of name: String) throws(Refusal) -> TensorElementType {
    guard let text = value.stringValue else {
      throw Refusal("the dtype of tensor \(name.quoted) is \(value.kindName), not a string")
    }
    guard let type = TensorElementType(rawValue: text) else {
      let known = TensorElementType.allCases.map(\.rawValue).joined(separator: ", ")
      throw Refusal("tensor \(name.quoted) has the unknown dtype \(text.quoted) (known are \(known))")
    }
    return type
  }

  private static func dimensions(_ value: JSONValue, of name: String) throws(Refusal) -> [Int] {
    guard let elements = value.elements else {
      throw Refusal("the shape of tensor \(name.quoted) is \(value.kindName), not an array")
    }
    var shape: [Int] = []
    for element in elements {
      guard let dimension = element.unsignedInteger, let dimension = Int(exactly: dimension) else {
        throw Refusal("the shape of tensor \(name.quoted) has an entry that is not a size")
      }
      shape.append(dimension)
    }
    return shape
  }

  private static func tensor(
    _ name: String, type: TensorElementType, shape: [Int], _ offsets: JSONValue
  ) throws(Refusal) -> TensorInfo {
    guard let elements = offsets.elements, elements.count == 2,
      let begin = elements[0].unsignedInteger.flatMap(Int.init(exactly:)),
      let end = elements[1].unsignedInteger.flatMap(Int.init(exactly:))
    else { throw Refusal("the data_offsets of tensor \(name.quoted) are not two whole numbers") }
    guard begin <= end else {
      throw Refusal("tensor \(name.quoted) ends at byte \(end), before its beginning \(begin)")
    }
    let count = TensorInfo.elementCount(of: shape)
    let bits = count?.multipliedReportingOverflow(by: type.bitCount)
    guard let count, let bits, !bits.overflow else {
      throw Refusal(
        "the size of tensor \(name.quoted) overflows: its shape is \(shape.map(String.init).joined(separator: "×"))")
    }
    guard bits.partialValue % 8 == 0 else {
      throw Refusal("the \(count) elements of tensor \(name.quoted) (\(type.rawValue)) do not fill whole bytes")
    }
    guard bits.partialValue / 8 == end - begin else {
      throw Refusal(
        "tensor \(name.quoted) needs \(bits.partialValue / 8) bytes by its shape and dtype, but has \(end - begin)")
    }
    return TensorInfo(name: name, elementType: type, shape: shape, byteRange: begin..<end, elementCount: count)
  }

  // MARK: All tensors

  /// The tensors in storage order, which must tile the `byteCount` bytes after the header without hole or overlap.
  private static func tiling(_ tensors: [TensorInfo], byteCount: Int) throws(Refusal) -> [TensorInfo] {
    // Empty tensors can share their place; the order of the header decides between them.
    let order = tensors.indices.sorted { left, right in
      let (a, b) = (tensors[left].byteRange, tensors[right].byteRange)
      return (a.lowerBound, a.upperBound, left) < (b.lowerBound, b.upperBound, right)
    }
    var end = 0
    for index in order {
      let tensor = tensors[index]
      guard tensor.byteRange.lowerBound == end else {
        let gap = tensor.byteRange.lowerBound > end ? "leaves a hole" : "overlaps another tensor"
        throw Refusal(
          "tensor \(tensor.name.quoted) \(gap): it begins at byte \(tensor.byteRange.lowerBound), not at \(end)")
      }
      end = tensor.byteRange.upperBound
    }
    guard end == byteCount else {
      throw Refusal("its tensors take \(end) bytes, but \(byteCount) follow the header")
    }
    return order.map { tensors[$0] }
  }
}
