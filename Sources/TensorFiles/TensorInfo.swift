/// What a file says about one of its tensors.
public struct TensorInfo: Hashable, Sendable {
  /// The key in the header, unique in its file.
  public let name: String
  /// The type of the elements.
  public let elementType: TensorElementType
  /// The dimensions, row-major; none for a scalar.
  public let shape: [Int]
  /// Where the elements stand, counted from the end of the header.
  public let byteRange: Range<Int>
  /// The product of the dimensions.
  public let elementCount: Int

  /// The product of the dimensions, `1` for none; nil if a dimension is negative, if the product of the first few exceeds
  /// 2⁶⁴−1 (even where a later zero would mend it), or if the whole product exceeds 2⁶³−1.
  public static func elementCount(of shape: [Int]) -> Int? {
    var count: UInt64 = 1
    for dimension in shape {
      guard let factor = UInt64(exactly: dimension) else { return nil }
      let (product, overflows) = count.multipliedReportingOverflow(by: factor)
      if overflows { return nil }
      count = product
    }
    return Int(exactly: count)
  }

  /// The indices, one for each dimension, of the element with a row-major index.
  ///
  /// - Precondition: the index belongs to an element.
  static func position(ofElement index: Int, shape: [Int]) -> [Int] {
    var position: [Int] = []
    var rest = index
    for dimension in shape.reversed() {
      position.append(rest % dimension)
      rest /= dimension
    }
    return position.reversed()
  }

  /// The shape as it is printed, such as `[256, 32]`.
  public var shapeDescription: String { "[" + shape.map(String.init).joined(separator: ", ") + "]" }
}
