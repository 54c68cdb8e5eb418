import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Transformers

/// Printed block formulas compared with the derived blocks, exactly.
public struct ClaimCheck: Sendable {
  public let claim: Claim
  public let sizes: LayerSizes
  public let points: Int
  /// Whether both sides were equal at every point.
  public let holds: Bool

  /// Compares each printed block with the derived one at random points of F_p.
  ///
  /// - Parameter sizes: with `d = d_V`, as the claims assume.
  public static func blocks(sizes: LayerSizes, points: Int, seed: UInt64) throws -> [ClaimCheck] {
    precondition(sizes.width == sizes.valueWidth, "the printed blocks assume d = d_V")
    // √d_K is adjoined where the field does not have it.
    if (try? Modular(sizes.keyWidth).squareRoot()) == nil {
      return try blocks(sizes: sizes, points: points, seed: seed, as: Formal<Surd<Modular>>.self)
    }
    return try blocks(sizes: sizes, points: points, seed: seed, as: Formal<Modular>.self)
  }

  private static func blocks<S: RandomScalar>(
    sizes: LayerSizes, points: Int, seed: UInt64, as type: S.Type
  ) throws -> [ClaimCheck] {
    let derivation = HessianDerivation(Objective(SelfAttention(.softmax)), route: .jacobianFirst)
    let claims = BlockClaims.claims(about: derivation)
    var holds = Array(repeating: true, count: claims.count)
    for point in 0..<points {
      let evaluator = Evaluator(try environment(derivation, sizes, seed: seed &+ UInt64(point), as: type))
      for (i, claim) in claims.enumerated() where holds[i] {
        holds[i] = try evaluator.value(of: claim.statement.left) == evaluator.value(of: claim.statement.right)
      }
    }
    return zip(claims, holds).map { ClaimCheck(claim: $0, sizes: sizes, points: points, holds: $1) }
  }

  /// A random point with `d = d_V`, the logits bound to their value and the derivation's names to theirs.
  private static func environment<S: RandomScalar>(
    _ derivation: HessianDerivation, _ sizes: LayerSizes, seed: UInt64, as type: S.Type
  ) throws -> Environment<S> {
    let special: [String: Size] = ["d": "d_V"]
    var generator = SplitMix64(seed: seed)
    var point = Environment<S>(sizes: sizes.assignment)
    let symbols = derivation.symbols.map { Symbol($0.name, $0.shape.substituting(special)) }
    try point.draw(symbols, using: &generator)
    for abbreviation in derivation.objective.abbreviations {
      let statement = abbreviation.definition.statement
      try point.define(
        Rule(abbreviation.definition.id, .definition) {
          statement.left.substituting(sizes: special) ==> statement.right.substituting(sizes: special)
        })
    }
    let named = symbols.reduce(into: [String: Formula]()) { $0[$1.name] = .symbol($1) }
    if let X = named["X"], let query = named["W_Q"], let key = named["W_K"] {
      point[BlockClaims.logits] = try AttentionKernel.softmax.logits(query: X * query, key: X * key).value(in: point)
    }
    return point
  }
}
