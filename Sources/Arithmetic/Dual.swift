/// A first-order jet `v + t ε` with `ε² = 0`: the meaning of `∂` along a direction.
///
/// `Dual<Dual<S>>` carries two independent first-order directions, hence a mixed second derivative, exactly.
@frozen
public struct Dual<Base: Scalar>: Hashable, Sendable {
  /// The value `v`.
  public let value: Base
  /// The directional derivative `t`.
  public let tangent: Base

  /// `value + tangent ε`.
  @inlinable public init(_ value: Base, tangent: Base) {
    self.value = value
    self.tangent = tangent
  }

  /// The constant `value`.
  @inlinable public init(constant value: Base) {
    self.value = value
    tangent = .zero
  }
}

extension Dual: CustomStringConvertible {
  public var description: String { "(\(value) + \(tangent) ε)" }
}

extension Dual: RandomScalar where Base: RandomScalar {
  /// Independent samples of value and tangent.
  @inlinable public static func random<Generator: RandomNumberGenerator>(using generator: inout Generator) -> Self {
    let value = Base.random(using: &generator)
    return Self(value, tangent: Base.random(using: &generator))
  }
}
