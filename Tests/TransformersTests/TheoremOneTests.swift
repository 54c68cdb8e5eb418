import Arithmetic
import Evaluation
import Formulas
import Testing
import Transformers

@Suite struct TheoremOneTests {
  private func printed<S: Scalar>(_ weightNorm: S, shuffling: S) throws -> Environment<S> {
    Environment(
      sizes: Counterexample.sizes.assignment,
      values: [
        TheoremOne.dataNorm: Matrix(.one), TheoremOne.weightNorm: Matrix(weightNorm),
        TheoremOne.residualNorm: Matrix(.zero), TheoremOne.shufflingNorm: Matrix(shuffling),
      ])
  }

  /// At `X_max = 1`, `W_max = √2`, `R_max = 0` the printed bound is exactly 1/2.
  @Test func thePrintedBoundAtTheCounterexample() throws {
    let root = try Surd<Rational>(2).squareRoot()
    let point = try printed(root, shuffling: root)
    #expect(try TheoremOne.bound.value(in: point).scalar == Surd(Rational(1, over: 2)))
    let entries = try TheoremOne.entries.map { try $0.value.value(in: point).scalar }
    #expect(entries == Array(repeating: Surd(Rational(1, over: 2)), count: 4))
  }

  /// The norms that the bound is evaluated at are those of the instance.
  @Test func theNormsOfTheCounterexample() throws {
    let layer = DerivedLayer.softmax, point = try Counterexample.point()
    for parameter in layer.parameters {
      let W = try #require(point[parameter])
      let square = W.transposed * W
      // Rank one: the largest singular value squared is the trace.
      #expect(square.trace == 2)
      #expect(square * square == square.scaled(by: 2))
    }
    #expect(try layer.objective.residual.value(in: point).isZero)
    #expect(point[Symbol("A", Shape("L", "L"))] == Matrix(repeating: Rational(1, over: 2), rows: 2, columns: 2))
  }

  /// The Hessian there, exactly: `3/4` is an eigenvalue and `3/4 I ± H ⪰ 0`, so that `‖H‖₂ = 3/4 > 1/2`.
  @Test func theHessianAtTheCounterexample() throws {
    let layer = DerivedLayer.softmax, point = try Counterexample.point()
    let H = try layer.hessian(at: point)
    #expect(H.rows == 20 && H == H.transposed)
    let norm = Matrix<Rational>.identity(20).scaled(by: Rational(3, over: 4))
    #expect(try Counterexample.determinant(H - norm) == 0)
    #expect(try Counterexample.determinant(H + norm) != 0)
    #expect(try Counterexample.isPositiveSemidefinite(norm - H))
    #expect(try Counterexample.isPositiveSemidefinite(norm + H))
    let less = Matrix<Rational>.identity(20).scaled(by: Rational(74, over: 100))
    #expect(try !Counterexample.isPositiveSemidefinite(less - H))
    let printed = Matrix<Rational>.identity(20).scaled(by: Rational(1, over: 2))
    #expect(try !Counterexample.isPositiveSemidefinite(printed - H))
  }

  /// The derived Hessian is the second derivative of the loss there, as fractions.
  @Test func theDerivedHessianIsTheSecondDerivative() throws {
    let layer = DerivedLayer.softmax
    let evaluator = Evaluator(try Counterexample.point())
    for block in layer.blocks {
      #expect(try evaluator.value(of: block.proof.judgement.left) == evaluator.value(of: block.total))
    }
  }

  @Test func theExactAlgebraOfTheseTests() throws {
    let matrix = Matrix<Rational>(rows: 3, columns: 3, entries: [2, 1, 0, 1, 2, 1, 0, 1, 2])
    #expect(try Counterexample.determinant(matrix) == 4)
    #expect(try Counterexample.isPositiveSemidefinite(matrix))
    #expect(try !Counterexample.isPositiveSemidefinite(matrix - Matrix.identity(3)))
    #expect(try !Counterexample.isPositiveSemidefinite(Matrix(rows: 2, columns: 2, entries: [0, 1, 1, 0])))
    #expect(try Counterexample.isPositiveSemidefinite(Matrix(rows: 2, columns: 2, entries: [0, 0, 0, 1])))
    #expect(try Counterexample.determinant(Matrix(rows: 2, columns: 2, entries: [0, 1, 1, 0])) == -1)
  }

  /// Each entry by hand at numbers that tell the terms apart.
  @Test func theEntriesAsPrinted() throws {
    let X = Rational(3), W = Rational(5), R = Rational(7), S = Rational(11), L = Rational(2), V = Rational(13),
      K = Rational(9)
    let point = Environment<Rational>(
      sizes: ["L": 2, "d_V": 13, "d_K": 9],
      values: [
        TheoremOne.dataNorm: Matrix(X), TheoremOne.weightNorm: Matrix(W), TheoremOne.residualNorm: Matrix(R),
        TheoremOne.shufflingNorm: Matrix(S),
      ])
    let c = try Rational(2) * (L * V).reciprocal(), key = try K.reciprocal(), root = Rational(1, over: 3)
    let X2 = X * X, X3 = X2 * X, W2 = W * W
    let outer = c * key * W2 * W2 * X3 * X3, functional = c * key * R * W2 * W * X3 * X2
    let expected = [
      c * X2, outer + functional, c * root * X2 * X2 * W2 + c * root * R * S * X3 * W,
      outer + functional + c * root * R * W * X3 * S,
    ]
    #expect(try TheoremOne.entries.map { try $0.value.value(in: point).scalar } == expected)
    #expect(try TheoremOne.bound.value(in: point).scalar == expected.max())
  }
}
