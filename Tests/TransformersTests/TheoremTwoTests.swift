import Arithmetic
import Evaluation
import Formulas
import Testing
import Transformers

@Suite struct TheoremTwoTests {
  @Test func isAsPrinted() throws {
    let point = Environment<Rational>(
      sizes: [:],
      values: [
        TheoremTwo.lossBound: Matrix(3), TheoremTwo.hessianBound: Matrix(5), TheoremTwo.radius: Matrix(7),
        TheoremTwo.tolerance: Matrix(Rational(1, over: 2)),
      ])
    #expect(try TheoremTwo.numerator.value(in: point).scalar == 251)
    #expect(try TheoremTwo.ratio.value(in: point).scalar == 502)
  }
}
