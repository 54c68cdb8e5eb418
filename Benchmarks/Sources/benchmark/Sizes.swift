/// The sizes of a measured head: `X : L×d`, `W_Q, W_K : d×d_K`, `W_V : d×d_V`.
struct Sizes: Hashable, Sendable, CustomStringConvertible {
  /// `L`.
  let sequenceLength: Int
  /// `d`.
  let width: Int
  /// `d_K`.
  let keyWidth: Int
  /// `d_V`.
  let valueWidth: Int
  /// The number of parameters where they are those of a whole network.
  private var networkParameters: Int?

  init(_ sequenceLength: Int, _ width: Int, _ keyWidth: Int, _ valueWidth: Int) {
    (self.sequenceLength, self.width) = (sequenceLength, width)
    (self.keyWidth, self.valueWidth) = (keyWidth, valueWidth)
  }

  /// `L = d = d_K = d_V`.
  init(equal size: Int) { self.init(size, size, size, size) }

  /// A network of so many parameters, of no single `d_K` and `d_V`.
  init(network parameters: Int, sequenceLength: Int, width: Int) {
    self.init(sequenceLength, width, 0, 0)
    networkParameters = parameters
  }

  /// `n = 2 d d_K + d d_V` for a head, the number of parameters.
  var dimension: Int { networkParameters ?? width * (2 * keyWidth + valueWidth) }

  /// The bytes of a dense Hessian.
  var matrixBytes: Double { 8 * Double(dimension) * Double(dimension) }

  var description: String {
    if networkParameters != nil { return "L=\(sequenceLength) d=\(width) (n=\(dimension))" }
    let isEqual = Set([sequenceLength, width, keyWidth, valueWidth]).count == 1
    return isEqual
      ? "L=d=d_K=d_V=\(width) (n=\(dimension))"
      : "L=\(sequenceLength) d=\(width) d_K=\(keyWidth) d_V=\(valueWidth) (n=\(dimension))"
  }
}

extension Sizes {
  private var numbers: (Double, Double, Double, Double) {
    (Double(sequenceLength), Double(width), Double(keyWidth), Double(valueWidth))
  }

  /// Floating-point operations of one dense Hessian by its row-wise closed form, each of two mirrored blocks once: the same
  /// count for every contestant.
  var hessianOperations: Double {
    let (l, d, k, v) = numbers
    // Sums over tokens of Kronecker products: Q,Q and K,K by halves, then Q,K, V,Q and V,K.
    let blocks = 2 * l * d * d * k * k + 2 * l * d * d * k * k + 4 * l * d * d * v * k
    // The moments C_i and S_i, and their products with the weights.
    let moments = 2 * l * l * d * d + 4 * l * d * d * k + 2 * l * d * d * v
    let outer = 2 * l * v * d * k + l * d * k * k + l * d * d * v + l * k * k * v + 2 * l * k * v * d
    return blocks + moments + outer
  }

  /// Floating-point operations of one product `Hv`, with what depends on the weights alone at hand.
  var productOperations: Double {
    let (l, d, k, v) = numbers
    return 8 * l * d * k + 4 * l * d * v + 12 * l * l * (k + v)
  }

  /// Floating-point operations of the loss.
  var forwardOperations: Double {
    let (l, d, k, v) = numbers
    return 4 * l * d * k + 2 * l * d * v + 2 * l * l * (k + v)
  }
}
