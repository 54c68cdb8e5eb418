import Formulas
import MatrixCalculus

/// The printed growth `σ^{2·3^D}` of the outer-product part by the queries, for `D` layers of linear attention and data `σX`.
///
/// The output of `D` layers is homogeneous of degree `3^D` in the data: each layer multiplies its tokens three times. Its
/// derivatives by weights are so too, and the outer-product part is their product, whatever the residual: the order of
/// growth is an identity, and for every `σ`, not only small ones.
/// - Source: [ormaniec2024, §4].
public enum LinearAttentionClaims {
  /// For each number of layers the identity, then the order of growth.
  public static let claims: [Claim] = (1...3).flatMap { [homogeneity($0)] + ($0 > 1 ? [growth($0)] : []) }

  private static let citation = Citation("ormaniec2024", "Section 4")
  private static let sigma = Formula.symbol(BlockGrowthClaims.scale), X = Formula.symbol("X", "L", "d")
  private static let sizes = "d_K, d and d_V fixed"

  private static func reading(_ count: Int) -> String {
    "for the block of the queries of the first layer; the printed exponent is 2 times 3 to the number of layers, here \(count)"
  }

  private static func layers(_ count: Int) -> String { count == 1 ? "one layer" : "\(count) layers" }

  private static func homogeneity(_ count: Int) -> Claim {
    let part = parts[count - 1]
    return Claim(
      id: "P3.homogeneity.\(count)", title: "H_o(Q,Q) of \(layers(count)) of linear attention scales with the data",
      kind: .identity, citation: citation, hypotheses: [sizes], reading: reading(count),
      names: [.init(scaled(part), "H_o(sigma X)"), .init(part.value, "H_o(X)")],
      statement: Judgement(scaled(part), .equal, part.value.scaled(by: sigma.power(exponent(count)))))
  }

  private static func growth(_ count: Int) -> Claim {
    let part = parts[count - 1]
    return Claim(
      id: "P3.growth.linear.\(count)",
      title: "growth of H_o(Q,Q) of \(layers(count)) of linear attention with the data",
      kind: .asymptotic, citation: citation, hypotheses: ["the data `σX` with σ tending to 0", sizes],
      reading: reading(count), names: [.init(scaled(part), "H_o")],
      statement: Judgement(scaled(part).norm(), .equal, sigma.power(exponent(count))))
  }

  /// `2·3^D`.
  private static func exponent(_ count: Int) -> Int { (0..<count).reduce(2) { power, _ in 3 * power } }

  /// For one layer, two and three.
  private static let parts = (1...3).map { count in Deferred { outerPart(count) } }

  /// The same with the data `σX`.
  private static func scaled(_ part: Deferred<Formula>) -> Formula { part.value.replacing([X: X.scaled(by: sigma)]) }

  /// The outer-product part by the queries of the first layer, in the data and the weights.
  private static func outerPart(_ count: Int) -> Formula {
    let layers = [Layer](
      repeating: .head(.linear, queryKey: .separate("d_K"), valueWidth: "d_V"), count: count)
    let network: Network
    do {
      network = try Network(layers, training: .only(["W_Q^1"]))
    } catch {
      preconditionFailure("\(error)")
    }
    let derivation = HessianDerivation(Objective(network)), query = network.parameters[0]
    return derivation.unfolded(derivation.outerProduct(query, query).judgement.right)
  }
}
