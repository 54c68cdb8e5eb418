import Formulas
import MatrixCalculus

extension TheoremTwo {
  /// The printed bound for the losses of the layer: one sample and one more, both fitted exactly at `w*`, so that `w*`
  /// minimises either loss and all losses there are 0.
  static let layer = Claim(
    id: "P4", title: "effect of one more sample on the mean loss", kind: .inequality, citation: slides,
    hypotheses: ["w* minimises the loss of every sample", "k = 1", "w = w* + Δ"], sizes: ClaimedLayer.equalWidths,
    reading: "the bound on the loss is meant at w* and M bounds `‖H_i(w*)‖`; here every sample is fitted at w*, "
      + "so that the losses and gradients there are 0",
    names: [1, 2].flatMap { names(of: $0) }, replacement: "P4.m1",
    statement: Judgement(
      (half * (loss(2) - loss(1))).norm(), .atMost,
      half * .maximum([1, 2].map { at($0, hessian).norm() }) * .sum(changes.map { $0.norm(.frobenius).power(2) })))

  /// The model of the loss that the printed proof takes for the loss.
  static let model = Claim(
    id: "P4.d", title: "the loss is its quadratic model", kind: .inequality, citation: proofCitation,
    hypotheses: ["w* fits the sample", "w = w* + Δ"], sizes: ClaimedLayer.equalWidths,
    reading: "the loss as its second-order Taylor polynomial at w*: the remainder is left out",
    names: names(of: 1),
    statement: Judgement(
      (loss(1) - half * (step.transposed * at(1, hessian) * step)).norm(), .atMost, .integer(0)))

  // MARK: The layer at w* + Δ

  private static let weights = [ClaimedLayer.WQ, ClaimedLayer.WK, ClaimedLayer.WV]
  /// `Δ_Q`, `Δ_K`, `Δ_V`.
  private static let changes = zip(["Delta_Q", "Delta_K", "Delta_V"], weights).map {
    Formula.symbol($0, $1.shape.rows, $1.shape.columns)
  }
  /// All changes below one another.
  private static let step = Formula.blocks(changes.map { [$0.vectorized] })
  private static let output = ClaimedLayer.derivation.objective.model.output.substituting(
    sizes: ClaimedLayer.equalWidths)
  private static let changedOutput = output.replacing(
    Dictionary(uniqueKeysWithValues: zip(weights, zip(weights, changes).map { $0 + $1 })))
  /// The Hessian at `w*`, where the residual is zero.
  private static let hessian = ClaimedLayer.unfolded(
    ClaimedLayer.matrix.replacing([.symbol("R", "L", "d_V"): .zero("L", "d_V")]))

  /// A formula for one of the samples.
  private static func at(_ index: Int, _ formula: Formula) -> Formula {
    formula.replacing([ClaimedLayer.X: .symbol("X_\(index)", ClaimedLayer.L, ClaimedLayer.n)])
  }
  private static func loss(_ index: Int) -> Formula {
    at(index, changedOutput - output).norm(.frobenius).power(2) * Formula.size(ClaimedLayer.L * ClaimedLayer.n).inverse
  }
  private static func names(of index: Int) -> [Claim.PartName] {
    [.init(loss(index), "ell_\(index)(w)"), .init(at(index, hessian), "H_\(index)(w*)")]
  }
}
