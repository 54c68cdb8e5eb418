import AttentionHessian

/// A way of this project to compute a quantity, as the benchmarks call it.
///
/// What depends on the sizes and the data alone may be done once, in the initialiser. What depends on the weights is done
/// in `prepare(_:)`, anew for each set of weights.
protocol Measured: AnyObject {
  /// - Errors: `Refusal` where the quantity cannot be computed at these sizes in this way.
  init(_ inputs: Inputs, _ quantity: MeasuredQuantity, threads: Int) throws

  /// Takes the weights of the calls that follow.
  func prepare(_ weights: [Double]) throws

  /// `H`, row by row.
  func hessian(into result: UnsafeMutableBufferPointer<Double>) throws

  /// `H v`.
  func apply(to vector: UnsafeBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>) throws

  /// `ℓ`.
  func loss() throws -> Double

  /// `‖H‖₂` to a relative error of 1e-8, and how many products with vectors it took.
  func spectralNorm() throws -> (norm: Double, products: Int)
}

/// What is not computed, with the reason.
struct Refusal: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
