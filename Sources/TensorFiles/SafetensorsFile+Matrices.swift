/// An element that is NaN or infinite, and where it stands.
public struct NonFiniteElement: Hashable, Sendable {
  /// The indices, from 0, one for each dimension.
  public let position: [Int]
  /// What stands there: `nan`, `inf` or `-inf`.
  public let text: String
}

/// A matrix read from a file.
public struct StoredMatrix: Hashable, Sendable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The `rows·columns` elements, row-major.
  public let values: [Double]

  /// A matrix from its row-major elements; there have to be `rows·columns` of them.
  public init(rows: Int, columns: Int, values: [Double]) {
    precondition(rows >= 0 && columns >= 0, "a matrix of \(rows)×\(columns)")
    precondition(values.count == rows * columns, "\(values.count) elements for a matrix of \(rows)×\(columns)")
    self.rows = rows
    self.columns = columns
    self.values = values
  }
}

extension SafetensorsFile {
  /// The first element of a tensor that is NaN or infinite, nil if all are finite.
  ///
  /// - Errors: as for `values(of:)`.
  public func firstNonFinite(in name: String) throws(FileError) -> NonFiniteElement? {
    let tensor = try requireTensor(named: name)
    return Self.firstNonFinite(in: try values(of: name), shape: tensor.shape)
  }

  /// The first of these row-major elements that is NaN or infinite, nil if all are finite.
  ///
  /// - Precondition: the number of elements is the product of the shape.
  public static func firstNonFinite(in values: [Double], shape: [Int]) -> NonFiniteElement? {
    precondition(TensorInfo.elementCount(of: shape) == values.count, "\(values.count) elements for shape \(shape)")
    guard let index = values.firstIndex(where: { !$0.isFinite }) else { return nil }
    return NonFiniteElement(
      position: TensorInfo.position(ofElement: index, shape: shape), text: DecimalText.seventeenDigits(values[index]))
  }

  /// A tensor of two dimensions, all of whose elements are finite; further leading dimensions of size 1 are dropped.
  ///
  /// - Errors: as for `values(of:)`, and `badData` where the shape is not a matrix or an element is NaN or infinite.
  public func matrix(named name: String) throws(FileError) -> StoredMatrix {
    let tensor = try requireTensor(named: name)
    let shape = tensor.shape.suffix(2)
    guard shape.count == 2, tensor.shape.dropLast(2).allSatisfy({ $0 == 1 }) else {
      throw badData(
        "tensor \(name.quoted) has the shape \(tensor.shapeDescription), which is not a matrix",
        advice: "name a tensor of two dimensions")
    }
    let values = try finiteValues(of: tensor, elements: 0..<tensor.elementCount)
    return StoredMatrix(rows: tensor.shape[tensor.shape.count - 2], columns: shape.last ?? 0, values: values)
  }

  /// A part of a tensor's elements, all of which have to be finite.
  func finiteValues(of tensor: TensorInfo, elements: Range<Int>) throws(FileError) -> [Double] {
    let values = try values(of: tensor, elements: elements)
    guard let index = values.firstIndex(where: { !$0.isFinite }) else { return values }
    let position = TensorInfo.position(ofElement: elements.lowerBound + index, shape: tensor.shape)
    let place = position.map(String.init).joined(separator: ", ")
    throw badData(
      "element [\(place)] of tensor \(tensor.name.quoted) is \(DecimalText.seventeenDigits(values[index]))",
      advice: "use weights whose elements are all finite")
  }
}
