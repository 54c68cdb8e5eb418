import Arithmetic
import Evaluation
import Formulas
import Testing

@testable import MatrixCalculus

@Suite struct ElasticityTests {
  private static let x = Symbol("x", .scalar), y = Symbol("y", .scalar)
  private static let X = Formula.symbol(x), Y = Formula.symbol(y)

  /// Numbers of every form that a bound takes, none a monomial only.
  static let numbers: [Formula] = [
    X, Y, X.power(6) * Y, X * Y + .integer(3) * X.power(2), (X + Y).inverse, (X * Y + .integer(1)).squareRoot,
    X.squareRoot.inverse * Y, X * (X * Y.inverse + .size("L").squareRoot) * Y.squareRoot,
    (X + Y).scaled(by: X * Y), .integer(2) * (X * (X + Y.power(3))).squareRoot.inverse + .size("L" * Size("L")) * X,
  ]

  /// The derivative by the laws is the one that dual numbers give, exactly where it is rational and else in balls.
  @Test(arguments: numbers.indices) func agreesWithDualNumbers(index: Int) throws {
    let number = Self.numbers[index]
    for symbol in [Self.x, Self.y] {
      let elasticity = try #require(Elasticity(of: number, in: symbol))
      var point = Environment<Ball>(sizes: ["L": 3])
      point[Self.x] = Matrix(Ball(Rational(7, over: 3)))
      point[Self.y] = Matrix(Ball(Rational(5, over: 11)))
      let exact = try number.jacobian(.symbol(symbol)).value(in: point).scalar
      let derived = try elasticity.derivative.value(in: point).scalar
      let difference = exact - derived
      #expect(try difference.magnitude.upper < Rational(1, over: 1_000_000_000_000), "\(number) by \(symbol)")
      let factor = symbol == Self.x ? Rational(7, over: 3) : Rational(5, over: 11)
      let change = try elasticity.change.value(in: point).scalar - Ball(factor) * exact
      #expect(try change.magnitude.upper < Rational(1, over: 1_000_000_000_000))
    }
  }

  @Test(arguments: numbers.indices) func agreesWithFiniteDifferences(index: Int) throws {
    let number = Self.numbers[index]
    let elasticity = try #require(Elasticity(of: number, in: Self.x))
    func value(_ formula: Formula, _ x: Double) throws -> Double {
      let values = [Self.x: Matrix(x), Self.y: Matrix(0.45)]
      return try formula.value(in: Environment<Double>(sizes: ["L": 3], values: values)).scalar
    }
    let step = 1e-5
    let quotient = try (value(number, 2.3 + step) - value(number, 2.3 - step)) / (2 * step)
    let derived = try value(elasticity.derivative, 2.3)
    #expect(abs(quotient - derived) <= 1e-7 * max(1, abs(derived)), "\(number)")
  }

  /// The proof replays from the statements of the laws alone, and ends at the derivative.
  @Test(arguments: numbers.indices) func theProofReplays(index: Int) throws {
    let elasticity = try #require(Elasticity(of: Self.numbers[index], in: Self.x))
    try elasticity.proof.replay(ElasticityLaws.byID)
    #expect(elasticity.proof.judgement.right == elasticity.derivative)
    #expect(elasticity.proof.judgement.left == Self.numbers[index].jacobian(Self.X))
    let wrong = Proof(
      title: "wrong", Judgement(elasticity.proof.judgement.left, .equal, .integer(7)), steps: elasticity.proof.steps)
    #expect(throws: ProofError.self) { try wrong.replay(ElasticityLaws.byID) }
  }

  /// Laws that need no root hold at random points; with a sign or a factor wrong they do not.
  @Test func theLawsHold() throws {
    for law in ElasticityLaws.all where law.id != ElasticityLaws.squareRoot.id {
      for seed in UInt64(1)...4 { #expect(try law.holds(seed: seed), "\(law.id)") }
      let wrong = Rule("wrong", because: "planted") {
        law.statement.left ==> .integer(2) * law.statement.right
      }
      #expect(try !(UInt64(1)...3).allSatisfy { try wrong.holds(seed: $0) }, "\(law.id)")
    }
  }

  @Test func aMaximumHasToBeChosenFirst() {
    #expect(Elasticity(of: .maximum([Self.X, Self.Y]), in: Self.x) == nil)
    #expect(Elasticity(of: Self.X + .minimum([Self.X, Self.Y]), in: Self.y) == nil)
    #expect(Elasticity(of: .maximum([Self.Y, .integer(2)]), in: Self.x) != nil)
  }
}
