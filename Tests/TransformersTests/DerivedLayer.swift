import Arithmetic
import Evaluation
import Formulas
import Testing
import Transformers

/// A layer with its derived Hessian, and points to evaluate it at; derived once for all tests.
struct DerivedLayer: Sendable {
  let derivation: HessianDerivation
  let blocks: [HessianBlock]

  init(_ model: SelfAttention, _ route: Route = .gradientFirst, measuredBy loss: Loss = .meanSquare) {
    derivation = HessianDerivation(Objective(model, measuredBy: loss), route: route)
    blocks = derivation.blocks()
  }

  static let softmax = DerivedLayer(SelfAttention(.softmax)), gaussian = DerivedLayer(SelfAttention(.gaussian))
  static let linear = DerivedLayer(SelfAttention(.linear))
  static let jacobianFirst: [AttentionKernel: DerivedLayer] = AttentionKernel.allCases.reduce(into: [:]) {
    $0[$1] = DerivedLayer(SelfAttention($1), .jacobianFirst)
  }
  static let twoHeads = DerivedLayer(SelfAttention(.softmax, heads: 2))

  static func of(_ kernel: AttentionKernel) -> DerivedLayer {
    switch kernel {
    case .softmax: softmax
    case .gaussian: gaussian
    case .linear: linear
    }
  }

  var objective: Objective { derivation.objective }
  var parameters: [Symbol] { objective.model.parameters }

  /// The block of two parameters by their names.
  func block(_ row: String, _ column: String) -> HessianBlock? {
    blocks.first { $0.row.name == "W_\(row)" && $0.column.name == "W_\(column)" }
  }

  /// Data, parameters, the free seed and, from them, the derivation's names.
  func point<S: RandomScalar>(_ sizes: Sizes, as type: S.Type, seed: UInt64) throws -> Environment<S> {
    var generator = SplitMix64(seed: seed)
    var point = Environment<S>(sizes: sizes.assignment)
    try point.draw([objective.model.input, objective.target] + parameters + [derivation.seedSymbol], using: &generator)
    return try named(point)
  }

  /// The point with the derivation's names bound to what they stand for.
  func named<S: Scalar>(_ point: Environment<S>) throws -> Environment<S> {
    var point = point
    for abbreviation in objective.abbreviations { try point.define(abbreviation.definition) }
    return point
  }

  /// The whole Hessian from the derived blocks.
  func hessian<S: Scalar>(at point: Environment<S>) throws -> Matrix<S> {
    let evaluator = Evaluator(point)
    let values = try blocks.map { try evaluator.value(of: $0.total) }
    let n = parameters.count
    return .blocks((0..<n).map { Array(values[($0 * n)..<(($0 + 1) * n)]) })
  }
}

/// The sizes of a layer; `d_K` is a square, so that its root is rational.
struct Sizes: Sendable, CustomTestStringConvertible {
  let L: Int, d: Int, k: Int, v: Int, o: Int
  init(_ L: Int, _ d: Int, _ k: Int, _ v: Int, _ o: Int = 5) {
    (self.L, self.d, self.k, self.v, self.o) = (L, d, k, v, o)
  }
  var assignment: [String: Int] { ["L": L, "d": d, "d_K": k, "d_V": v, "d_O": o] }
  var testDescription: String { "L=\(L), d=\(d), d_K=\(k), d_V=\(v)" }

  static let standard = [Sizes(2, 3, 4, 5), Sizes(3, 2, 4, 1), Sizes(1, 3, 4, 2), Sizes(3, 4, 1, 2)]
}
