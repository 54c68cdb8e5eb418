import Formulas
import MatrixCalculus
import Testing

@Suite struct MatchingSplitsTests {
  private let A = Formula.symbol("A", "k", "k"), B = Formula.symbol("B", "k", "k"), C = Formula.symbol("C", "k", "k")

  private func bounds(_ rule: Rule, _ formula: Formula) -> [Formula] {
    rule.matches(formula).map { match in
      #expect(match.judgement.left == formula)
      #expect((try? rule.instance(match.substitution).get()) == match.judgement)
      return match.judgement.right
    }
  }

  /// A product is cut at every place, in order.
  @Test func productsAreCutEverywhere() {
    #expect(
      bounds(NormLaws.mulSpectral, (A * B * C * A).norm()) == [
        A.norm() * (B * C * A).norm(), (A * B).norm() * (C * A).norm(), (A * B * C).norm() * A.norm(),
      ])
    #expect(bounds(NormLaws.mulSpectral, (A * B).norm()) == [A.norm() * B.norm()])
    #expect(bounds(NormLaws.mulSpectral, A.norm()).isEmpty)
    #expect(bounds(NormLaws.mulSpectral, (A * B).norm(.frobenius)).isEmpty)
  }

  @Test func sumsAreCutEverywhere() {
    #expect(
      bounds(NormLaws.add(.spectral), (A + B + C).norm()) == [
        A.norm() + (B + C).norm(), (A + B).norm() + C.norm(),
      ])
  }

  /// The factors before and after a part that the pattern names.
  @Test func partsInsideAreCutToo() {
    let softmax = RowwiseFunctions.softmax(C)
    #expect(bounds(RowwiseNormLaws.softmaxDiameter, (softmax * A * B).norm(.diameter)) == [(A * B).norm(.diameter)])
    let I = Formula.identity("k"), D = RowwiseFunctions.softmaxJacobian(softmax)
    let kroneckers = (A ⊗ B ⊗ I) * (D ⊗ I) * (B ⊗ A ⊗ I)
    #expect(bounds(RowwiseNormLaws.jacobianBetween, kroneckers.norm()).isEmpty)
    #expect(bounds(RowwiseNormLaws.jacobianBetween, ((A ⊗ B) * D * (B ⊗ A)).norm()).count == 1)
    #expect(
      bounds(NormLaws.kronecker[0], (A ⊗ B ⊗ C).norm()) == [A.norm() * (B ⊗ C).norm(), (A ⊗ B).norm() * C.norm()])
  }

  @Test func repeatedVariablesMustAgree() {
    #expect(bounds(ScalingLaws.addSelf, A + A).count == 1)
    #expect(bounds(ScalingLaws.addSelf, A * B + A * C).isEmpty)
  }

  @Test func definitionsMatchThemselvesOnly() {
    let rule = Rule("definition", .definition) { A * B ==> .symbol("M", "k", "k") }
    #expect(bounds(rule, A * B) == [.symbol("M", "k", "k")])
    #expect(bounds(rule, B * A).isEmpty)
  }
}
