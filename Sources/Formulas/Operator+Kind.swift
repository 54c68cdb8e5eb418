extension Operator {
  /// An operator without what it carries: cheap to compare.
  public enum Kind: UInt8, Hashable, Sendable {
    case symbol, variable, integer, size, identity, zero, ones, commutation, sum, product, scale, hadamard, kronecker
    case transpose, vectorize, diagonal, blockDiagonal, blocks, map, call, jacobian, pullback, contraction, norm
    case maximum, minimum
  }

  public var kind: Kind {
    switch self {
    case .symbol: .symbol
    case .variable: .variable
    case .integer: .integer
    case .size: .size
    case .identity: .identity
    case .zero: .zero
    case .ones: .ones
    case .commutation: .commutation
    case .sum: .sum
    case .product: .product
    case .scale: .scale
    case .hadamard: .hadamard
    case .kronecker: .kronecker
    case .transpose: .transpose
    case .vectorize: .vectorize
    case .diagonal: .diagonal
    case .blockDiagonal: .blockDiagonal
    case .blocks: .blocks
    case .map: .map
    case .call: .call
    case .jacobian: .jacobian
    case .pullback: .pullback
    case .contraction: .contraction
    case .norm: .norm
    case .maximum: .maximum
    case .minimum: .minimum
    }
  }
}
