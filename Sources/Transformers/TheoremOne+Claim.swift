import Formulas
import MatrixCalculus

extension TheoremOne {
  /// `‖H‖₂ ≤ M` in the matrices of the layer: `X_max = ‖X‖₂`, `W_max` the largest of the three weight norms.
  public static let claim: Claim = {
    let derivation = HessianDerivation(Objective(SelfAttention(.softmax)))
    let objective = derivation.objective
    let norms: [Formula: Formula] = [
      .symbol(dataNorm): Formula.symbol(objective.model.input).norm(),
      .symbol(weightNorm): .maximum(objective.model.parameters.map { Formula.symbol($0).norm() }),
      .symbol(residualNorm): objective.residual.norm(.frobenius), .symbol(shufflingNorm): shufflingNormReading,
    ]
    let equal: [String: Size] = ["d": "d_V"]
    return Claim(
      id: "P1", kind: .inequality, citation: Citation("petrov2025slides", "Theorem 1"),
      hypotheses: ["d = d_V", "w* is any point: R_max carries the residual"], sizes: equal,
      reading: "R_max = ‖F − Y‖_F and S_max = √d_V, read from the printed proof",
      statement: Judgement(
        derivation.unfolded(derivation.matrix().norm()).substituting(sizes: equal), .atMost,
        bound.replacing(norms).substituting(sizes: equal)))
  }()
}
