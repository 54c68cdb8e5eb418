import Formulas

extension TransformerHessianTheorem {
  private static let citation = Citation("transformerhessian2025", "Theorem 1")
  private static let proofCitation = Citation("transformerhessian2025", "Theorem 1, proof")
  private static let reading = "all norms are spectral, of Target too; `d = d_V`, as in the blocks the paper builds on"

  private static let norms: [Formula: Formula] = [
    .symbol(dataNorm): ClaimedLayer.X.norm(), .symbol(queryNorm): ClaimedLayer.WQ.norm(),
    .symbol(keyNorm): ClaimedLayer.WK.norm(), .symbol(valueNorm): ClaimedLayer.WV.norm(),
    .symbol(targetNorm): ClaimedLayer.Y.norm(),
  ]

  /// `‖H‖₂ ≤ M` in the matrices of the layer.
  public static let claim = Claim(
    id: "P2", title: "norm of the Hessian of self-attention", kind: .inequality, citation: citation,
    hypotheses: ["d = d_V"], sizes: ClaimedLayer.equalWidths, reading: reading, names: ClaimedLayer.names,
    statement: Judgement(ClaimedLayer.hessian.norm(), .atMost, bound.replacing(norms)))

  /// The inequalities that the printed proof uses, the bounds of single blocks, and that the four entries bound all nine.
  public static let steps: [Claim] =
    ClaimedSteps.transformerTheorem(proofCitation, residualBound: residualBound.replacing(norms)) + [coverage]
    + blockSteps

  private static let coverage = Claim(
    id: "P2.g", title: "the four entries bound all nine blocks", kind: .inequality, citation: proofCitation,
    hypotheses: ["d = d_V"], sizes: ClaimedLayer.equalWidths, reading: reading, names: ClaimedLayer.names,
    statement: Judgement(
      ClaimedLayer.largestBlock, .atMost, Formula.maximum(entries.map(\.value)).replacing(norms)))

  private static let blockSteps: [Claim] = entries.map { entry in
    let names = entry.block.split(separator: ",").map(String.init)
    return Claim(
      id: "P2.\(names.joined())", title: "entry of the block (\(entry.block))", kind: .inequality, citation: citation,
      hypotheses: ["d = d_V"], sizes: ClaimedLayer.equalWidths, reading: reading, names: ClaimedLayer.names,
      steps: (names == ["V", "V"] ? ["a"] : names == ["V", "Q"] ? ["a", "b", "d", "f"] : ["b", "c", "d", "f"])
        .map { "P2.\($0)" },
      statement: Judgement(
        ClaimedLayer.block(names[0], names[1]).norm(), .atMost, entry.value.replacing(norms)))
  }
}
