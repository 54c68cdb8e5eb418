import Formulas
import MatrixCalculus

/// Inequalities that the printed proofs use on the way, each in free matrices and as a claim of its own.
enum ClaimedSteps {
  private static let L = ClaimedLayer.L, n = ClaimedLayer.n
  private static let X = ClaimedLayer.X, A = ClaimedLayer.A, T = ClaimedLayer.T
  private static let weightsReading = "A = softmax(T) for any logits T"
  private static let secondReading = "`∂²A/∂T²` is the `L⁴×L²` Jacobian of `∂A/∂T`, `L²×L²`"

  /// The steps of the proof on the slides.
  static func theoremOne(_ citation: Citation) -> [Claim] {
    func step(_ letter: String, _ title: String, _ reading: String, _ left: Formula, _ right: Formula) -> Claim {
      Claim(
        id: "P1.\(letter)", title: title, kind: .inequality, citation: citation, reading: reading,
        names: ClaimedLayer.names,
        statement: Judgement(left, .atMost, right))
    }
    return [
      step("a", "norm of the attention weights", weightsReading, A.norm(), .integer(1)),
      step("b", "norm of the softmax Jacobian", weightsReading, A.jacobian(T).norm(), .integer(1)),
      step("c", "norm of the shuffling matrix", "", ClaimedLayer.S.norm(), Formula.size(n).squareRoot),
      step(
        "d", "norm of Z_1", "X_max = `‖X‖₂`; for any logits T", ClaimedLayer.Z1.norm(), X.norm().power(3)),
      step(
        "e", "norm of Z_2", "X_max = `‖X‖₂`; for any logits T; " + secondReading, ClaimedLayer.Z2.norm(),
        X.norm().power(5)),
      step(
        "f", "norm of the first moments AX", "used for the entry of the block (V,V); for any logits T", (A * X).norm(),
        X.norm()),
      step(
        "g", "norm of a matrix of blocks by its largest block", "stated here for two by two blocks of any shapes",
        grid(2).norm(), largest(2)),
    ]
  }

  /// The steps of the proof in the later paper.
  static func transformerTheorem(_ citation: Citation, residualBound: Formula) -> [Claim] {
    func step(_ letter: String, _ title: String, _ reading: String, _ left: Formula, _ right: Formula) -> Claim {
      Claim(
        id: "P2.\(letter)", title: title, kind: .inequality, citation: citation, reading: reading,
        names: ClaimedLayer.names,
        statement: Judgement(left, .atMost, right))
    }
    return [
      step("a", "norm of the attention weights", weightsReading, A.norm(), .size(L)),
      step("b", "norm of the softmax Jacobian", weightsReading, A.jacobian(T).norm(), Formula.size(L).inverse),
      step(
        "c", "norm of the second derivative of softmax", weightsReading + "; " + secondReading,
        A.jacobian(T).jacobian(T).norm(), .integer(6)),
      step("d", "norm of the shuffling matrix", "", ClaimedLayer.S.norm(), Formula.size(n).squareRoot),
      step(
        "e", "norm of a matrix of blocks by three times its largest block",
        "stated here for three by three blocks of any shapes", grid(3).norm(), .integer(3) * largest(3)),
      step(
        "f", "norm of the residual", "the norm of Target is spectral", ClaimedLayer.residual.norm(.frobenius),
        residualBound),
    ]
  }

  // MARK: Matrices of blocks

  private static let rows: [Size] = ["m_1", "m_2", "m_3"], columns: [Size] = ["n_1", "n_2", "n_3"]

  /// The block `B_ij`, `m_i×n_j`.
  private static func block(_ i: Int, _ j: Int) -> Formula { .symbol("B_\(i + 1)\(j + 1)", rows[i], columns[j]) }
  private static func grid(_ count: Int) -> Formula {
    .blocks((0..<count).map { i in (0..<count).map { block(i, $0) } })
  }
  private static func largest(_ count: Int) -> Formula {
    .maximum((0..<count).flatMap { i in (0..<count).map { block(i, $0).norm() } })
  }
}
