/// A symmetric linear map of `ℝⁿ`, given by its products with vectors; its matrix need not exist anywhere.
public protocol SymmetricMap {
  /// The number `n` of entries of a vector.
  var dimension: Int { get }

  /// Writes `A v` to `result`.
  ///
  /// - Precondition: both buffers have `dimension` entries and do not overlap. `result` holds anything before the call,
  ///   and every entry of the product after it.
  func apply(to vector: UnsafeBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>) throws
}

extension SymmetricMap {
  /// `A v` as an array.
  ///
  /// - Precondition: `v` has `dimension` entries.
  public func callAsFunction(_ v: [Double]) throws -> [Double] {
    precondition(v.count == dimension, "the vector needs \(dimension) entries, not \(v.count)")
    return try [Double](unsafeUninitializedCapacity: dimension) { result, count in
      result.initialize(repeating: 0)
      try v.withUnsafeBufferPointer { try apply(to: $0, into: result) }
      count = dimension
    }
  }
}

/// A symmetric linear map given by a function of arrays.
public struct SymmetricFunction: SymmetricMap {
  public let dimension: Int
  private let function: ([Double]) throws -> [Double]

  /// - Precondition: the function is linear and symmetric, and keeps the length of vectors.
  public init(dimension: Int, _ function: @escaping ([Double]) throws -> [Double]) {
    (self.dimension, self.function) = (dimension, function)
  }

  public func apply(to vector: UnsafeBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>) throws {
    let product = try function(Array(vector))
    precondition(product.count == dimension, "a product of \(product.count) entries for \(dimension)")
    _ = result.update(fromContentsOf: product)
  }
}
