/// What a contestant computes in one call.
enum MeasuredQuantity: String, Sendable {
  /// From the weights to the dense Hessian.
  case dense
  /// From a vector to its product with the Hessian, with what depends on the weights alone at hand.
  case product
  /// From the weights to the loss.
  case forward
  /// From the weights to `‖H‖₂`.
  case norm
  /// One step of training: losses and gradients of a batch, and the optimiser.
  case step
  /// From a point of a plane through the weights to the mean loss of a batch there.
  case point

  /// The largest difference that counts as agreement, relative to the largest entry.
  var tolerance: Double { self == .norm ? 1e-8 : 1e-12 }

  /// The floating-point operations that are counted for a call, `nil` where they depend on the method.
  func operations(_ sizes: Sizes) -> Double? {
    switch self {
    case .dense: sizes.hessianOperations
    case .product: sizes.productOperations
    case .forward: sizes.forwardOperations
    case .norm, .step, .point: nil
    }
  }
}
