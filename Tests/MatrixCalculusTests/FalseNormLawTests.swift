import Formulas
import MatrixCalculus
import Testing

/// Statements that look like laws about norms, some of them false only at sizes from four on, are found to be false.
@Suite struct FalseNormLawTests {
  private static let A = Formula.variable("A", "m", "n"), C = Formula.variable("C", "m", "n"),
    B = Formula.variable("B", "n", "r"), T = Formula.variable("T", "m", "n")
  private static let weights = RowwiseFunctions.softmax(T), half = Formula.integer(2).inverse
  private static let t = Formula.variable("t", 1, "n"), g = Formula.variable("g", 1, "n"),
    u = Formula.variable("u", 1, "n"), v = Formula.variable("v", "n", 1)

  static let statements: [Judgement] = [
    // Row by row it holds; together rows may agree. True up to three rows.
    RowwiseFunctions.center(weights, A).norm() ≤ half * A.norm(),
    // The third moment of two points; independent coins have more.
    (u * RowwiseFunctions.thirdMoment(RowwiseFunctions.softmax(t), g) * v).norm()
      ≤ Formula.integer(3).squareRoot * Formula.integer(18).inverse * u.norm(.rowRange) * g.norm(.rowRange)
      * v.norm(.diameter),
    RowwiseFunctions.thirdMoment(weights, A).norm() ≤ Formula.integer(4).inverse * A.norm(.largestRow),
    RowwiseFunctions.softmaxJacobian(weights).norm() ≤ Formula.integer(49) * Formula.integer(100).inverse,
    weights.norm() ≤ .integer(1),
    // The largest entry is no bound of a Hadamard multiplier.
    (A ⊙ C).norm() ≤ A.norm(.largestEntry) * C.norm(),
    (A * B).norm(.largestEntry) ≤ A.norm(.largestEntry) * B.norm(.largestEntry),
    (A * B).norm(.largestRow) ≤ A.norm(.largestRow) * B.norm(.largestRow),
    (A * B).norm(.diameter) ≤ A.norm() * B.norm(.diameter), (A * B).norm(.rowRange) ≤ A.norm() * B.norm(.rowRange),
    A.norm(.diameter) ≤ A.norm(), A.norm(.rowSum) ≤ A.norm(.frobenius), A.norm(.rowRange) ≤ A.norm(.largestEntry),
    Formula.blocks([[A, C]]).norm() ≤ .maximum([A.norm(), C.norm()]),
    A.transposed.norm(.largestRow) ==> A.norm(.largestRow), (A - C).norm() ≤ A.norm() - C.norm(),
    A.scaled(by: .variable("s", 1, 1)).norm() ==> .variable("s", 1, 1) * A.norm(),
    (A ⊗ B).norm(.diameter) ==> A.norm(.diameter) * B.norm(.diameter),
  ]

  @Test(arguments: statements.indices) func isFound(index: Int) throws {
    let law = NormLaw(Rule.ID(rawValue: "false \(index)"), Self.statements[index])
    #expect(try law.isFoundFalse(), "\(law.statement)")
  }
}
