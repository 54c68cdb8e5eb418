import Arithmetic

/// A proven upper bound of `‖H‖₂` from elsewhere, such as one in norms of the data and the weights.
public struct NamedBound: Sendable {
  /// What the bound is called in a result.
  public let name: String
  /// A number that is at least `‖H‖₂` of the instance, rounded up.
  public let value: @Sendable (LayerInstance) throws -> Rational

  public init(_ name: String, value: @escaping @Sendable (LayerInstance) throws -> Rational) {
    (self.name, self.value) = (name, value)
  }

  /// The least of the derived bounds at the instance.
  public static let derived = NamedBound("the sharpest of the derived bounds") {
    try BoundLadder($0).sharpest.value.upper
  }
}
