import Formulas

/// Where the numbers of an operand are kept.
enum TensorBuffer: Hashable, Sendable {
  case node(Int)
  /// A piece of a tensor that is never whole in memory, one for each thread.
  case scratch(Int)
  case input(Int)
  case output(Int)
}

/// Where an operand starts: an offset and, for each loop around the operation, what a turn adds to it.
struct TensorPlace: Hashable, Sendable {
  var buffer: TensorBuffer
  var offset = 0
  var steps: [Int] = []
}

/// A step of a program: an operation on strided tensors, or a counted loop.
struct TensorOperation: Sendable {
  enum Kind: Equatable, Sendable {
    case loop
    /// `target (+)= scale · Σ Π factors`; a dimension of target stride 0 is summed over.
    case multiply
    /// The same with two factors; the last three dimensions are m, n and k.
    case matrixProduct
    case map(TensorFunction)
    case rowShift
    /// The lower triangle of a square matrix from its upper one.
    case mirror
    /// Of a dense matrix; the dimensions are its rows and columns.
    case norm(Norm)
    case maximum, minimum
  }

  var kind: Kind
  /// What it computes, for a person: the term, and the tensors in the order of its factors.
  var term: Term?
  var body: [TensorOperation] = []
  /// The constants whose product is the scale.
  var constants: [Int] = []
  /// Whether the scale is zero: what clears a target.
  var isZero = false
  var accumulates = false
  var streams = false
  /// The dimension that is one shorter in each turn of the innermost loop.
  var shrinking: Int?
  var target = TensorPlace(buffer: .scratch(0))
  var factors: [TensorPlace] = []
  var extents: [Int] = []
  var targetStrides: [Int] = []
  var factorStrides: [[Int]] = []

  /// Floating-point operations, all turns of loops counted.
  var flops: Double {
    switch kind {
    case .loop:
      // A shrinking extent is on average half of itself.
      Double(extents[0]) * body.reduce(0) { $0 + $1.flops }
    case .mirror: 0
    // Filling and copying are no arithmetic.
    case .multiply: product * Double(max(0, factors.count - 1) + (accumulates || isReduction ? 1 : 0))
    case .matrixProduct: 2 * product
    case .map, .rowShift, .norm, .maximum, .minimum: product
    }
  }

  private var isReduction: Bool { zip(extents, targetStrides).contains { $0 > 1 && $1 == 0 } }

  /// Numbers read and written, without regard to caches.
  var traffic: Double {
    if kind == .loop { return Double(extents[0]) * body.reduce(0) { $0 + $1.traffic } }
    if kind == .mirror { return Double(extents[0]) * Double(extents[0]) }
    if targetStrides.isEmpty { return 2 * product }
    func count(_ strides: [Int]) -> Double {
      zip(extents, strides).enumerated().reduce(1.0) { result, pair in
        pair.element.1 == 0 ? result : result * Double(pair.element.0) * (pair.offset == shrinking ? 0.5 : 1)
      }
    }
    return count(targetStrides) * (accumulates ? 2 : 1) + factorStrides.reduce(0) { $0 + count($1) }
  }

  private var product: Double {
    extents.enumerated().reduce(1.0) { $0 * Double($1.element) * ($1.offset == shrinking ? 0.5 : 1) }
  }
}
