import Formulas
import MatrixCalculus

extension TheoremOne {
  private static let reading =
    "X_max = `‖X‖₂`, W_max the largest of the three `‖W‖₂`, R_max = `‖F - Y‖_F` and S_max = `√d_V`, read from the printed proof"
  private static let citation = Citation("petrov2025slides", "Theorem 1")
  /// `W_max` in print, and the parts of the layer.
  private static let names = [Claim.PartName(largestWeight, "W_max")] + ClaimedLayer.names
  private static let largestWeight = Formula.maximum([
    ClaimedLayer.WQ.norm(), ClaimedLayer.WK.norm(), ClaimedLayer.WV.norm(),
  ])
  private static let proofCitation = Citation("petrov2025slides", "Theorem 1, proof")

  /// The printed symbols in the matrices of the layer: `X_max = ‖X‖₂`, `W_max` the largest of the three weight norms.
  private static let norms: [Formula: Formula] = [
    .symbol(dataNorm): ClaimedLayer.X.norm(),
    .symbol(weightNorm): largestWeight,
    .symbol(residualNorm): ClaimedLayer.residual.norm(.frobenius), .symbol(shufflingNorm): shufflingNormReading,
  ]

  private static func inMatrices(_ formula: Formula) -> Formula {
    formula.replacing(norms).substituting(sizes: ClaimedLayer.equalWidths)
  }

  /// `‖H‖₂ ≤ M` in the matrices of the layer.
  public static let claim = Claim(
    id: "P1", title: "norm of the Hessian of self-attention", kind: .inequality, citation: citation,
    hypotheses: ["d = d_V", "w* is any point: R_max carries the residual"], sizes: ClaimedLayer.equalWidths,
    reading: reading, names: names, statement: Judgement(ClaimedLayer.hessian.norm(), .atMost, inMatrices(bound)))

  /// The inequalities that the printed proof uses, and the bounds of single blocks.
  public static let steps: [Claim] = ClaimedSteps.theoremOne(proofCitation) + blockSteps

  /// The bound of each of the four blocks that the entries of the maximum stand for.
  private static let blockSteps: [Claim] = entries.compactMap { entry in
    let block = entry.block.split(separator: ",").map(String.init)
    return Claim(
      id: "P1.\(block.joined())", title: "entry of the block (\(entry.block))", kind: .inequality, citation: citation,
      hypotheses: ["d = d_V"], sizes: ClaimedLayer.equalWidths, reading: reading, names: names,
      steps: (block == ["V", "V"] ? ["f"] : block == ["V", "Q"] ? ["c", "d", "f"] : ["b", "c", "d", "e"]).map {
        "P1.\($0)"
      },
      statement: Judgement(ClaimedLayer.block(block[0], block[1]).norm(), .atMost, inMatrices(entry.value)))
  }
}
