import Formulas
import MatrixCalculus

/// The printed statements of [ormaniec2024] about the size of blocks: their growth with the scale of the data, and that
/// attention to single tokens has no curvature by queries and keys.
public enum BlockGrowthClaims {
  /// The scale of the data.
  public static let scale = Symbol("sigma", .scalar)

  private static let sigma = Formula.symbol(scale)
  private static let citation = Citation("ormaniec2024", "Section 4")

  public static let claims: [Claim] = growth + oneHot

  // MARK: Growth

  private static let growth: [Claim] = [
    growth("P3.growth.o.QQ", "H_o(Q,Q)", part(.softmax, "Q", "Q", \.outerProduct), 6),
    growth("P3.growth.f.QQ", "H_f(Q,Q)", part(.softmax, "Q", "Q", \.functional), 5),
    growth("P3.growth.o.VQ", "H_o(V,Q)", part(.softmax, "V", "Q", \.outerProduct), 4),
    growth("P3.growth.VV", "H(V,V)", part(.softmax, "V", "V", \.total), 2),
    growth("P3.growth.linear", "H_o(Q,Q) of one layer of linear attention", part(.linear, "Q", "Q", \.outerProduct), 6),
  ]

  private static func growth(_ id: String, _ name: String, _ formula: Formula, _ exponent: Int) -> Claim {
    let scaled = formula.replacing([.symbol("X", "L", "d"): Formula.symbol("X", "L", "d").scaled(by: sigma)])
    return Claim(
      id: id, title: "growth of \(name) with the data", kind: .asymptotic, citation: citation,
      hypotheses: ["the data `σX` with σ tending to 0", "Y fixed", "d_K, d and d_V fixed, L at least 3"],
      reading: id.hasSuffix("linear")
        ? "the printed exponent is 2 times 3 to the number of layers; here for one layer"
        : "attention tends to uniform as the logits tend to 0",
      names: [.init(scaled, String(name.prefix { $0 != " " }))],
      statement: Judgement(scaled.norm(), .equal, sigma.power(exponent)))
  }

  /// A part of a block in `X`, `Y` and the weights.
  private static func part(
    _ kernel: AttentionKernel, _ row: String, _ column: String, _ part: (HessianBlock) -> Formula
  ) -> Formula {
    let derivation = kernel == .softmax ? ClaimedLayer.derivation : linear
    let parameters = derivation.objective.model.parameters
    guard let u = parameters.first(where: { $0.name == "W_\(row)" }),
      let w = parameters.first(where: { $0.name == "W_\(column)" })
    else { preconditionFailure("there is no block \(row),\(column)") }
    return derivation.unfolded(part(derivation.block(u, w)))
  }

  private static let linear = HessianDerivation(Objective(SelfAttention(.linear)))

  // MARK: One-hot attention

  /// A row `(0, …, 0, 1, 0, …, 0)` with the one behind `p` zeros and before `q`.
  private static let row = Formula.blocks([[.zero(1, "p"), .integer(1), .zero(1, "q")]])
  private static let rowReading =
    "the Jacobian and the third moments are block diagonal over the rows of the weights: stated for one row with its 1 in "
    + "any place. Every term of the blocks by queries and keys has the one or the other as a factor"

  private static let oneHot: [Claim] = [
    Claim(
      id: "P3.onehot.D", title: "softmax Jacobian at one-hot weights", kind: .identity, citation: citation,
      hypotheses: ["every token attends to one token"], reading: rowReading,
      statement: RowwiseFunctions.softmaxJacobian(row) ==> .zero(row.shape.columns, row.shape.columns)),
    Claim(
      id: "P3.onehot.kappa", title: "third moments at one-hot weights", kind: .identity, citation: citation,
      hypotheses: ["every token attends to one token"], reading: rowReading,
      statement: RowwiseFunctions.thirdMoment(row, .symbol("G", 1, row.shape.columns))
        ==> .zero(row.shape.columns, row.shape.columns)),
  ]
}
