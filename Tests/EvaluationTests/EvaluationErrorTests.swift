import Arithmetic
import Evaluation
import Formulas
import Testing

@Suite struct EvaluationErrorTests {
  private let A = Formula.symbol("A", "m", "n"), s = Formula.symbol("s", 1, 1)

  private func error<S: Scalar>(_ formula: Formula, _ point: Environment<S>) -> EvaluationError? {
    do {
      _ = try formula.value(in: point)
      return nil
    } catch { return error }
  }

  @Test func unboundSymbols() throws {
    let point = Environment<Rational>(sizes: ["m": 2, "n": 2])
    #expect(error(A.transposed, point) == .unbound(Symbol("A", Shape("m", "n"))))
    #expect(error(A.transposed, point)?.description == "A has no value")
    #expect(error(Formula.ones("m", "n").jacobian(A), point) == .unbound(Symbol("A", Shape("m", "n"))))
    let other = Environment<Rational>(sizes: ["m": 2, "n": 2], values: [Symbol("A", Shape("n", "m")): .identity(2)])
    #expect(error(A, other) == .unbound(Symbol("A", Shape("m", "n"))), "another shape is another symbol")
  }

  @Test func unknownSizes() {
    let point = Environment<Rational>(sizes: ["m": 2, "big": .max])
    #expect(error(.identity("n"), point) == .unknownSize("n"))
    #expect(error(.size(Size("big") * "m"), point) == .unknownSize(Size("big") * "m"))
    #expect(error(.size(Size(.max) * 2), point) == .unknownSize(Size(.max) * 2))
    #expect(error(.commutation("m", "k"), point)?.description.contains("k") == true)
    #expect(error(.zero("n", "m"), point) == .unknownSize("n"))
  }

  @Test func wrongShapes() {
    let point = Environment<Rational>(sizes: ["m": 2, "n": 3], values: [Symbol("A", Shape("m", "n")): .identity(3)])
    #expect(error(A, point) == .wrongShape(Symbol("A", Shape("m", "n")), expected: "2×3", found: "3×3"))
    #expect(error(A, point)?.description == "A must be 2×3, but is 3×3")
  }

  /// An arithmetic error names the place where it happened.
  @Test func arithmeticErrorsNameThePlace() {
    let zero = Environment<Rational>(sizes: [:], values: [s.symbols[0]: Matrix(0)])
    let formula = s.transposed.scaled(by: (s + s).inverse)
    guard case .arithmetic(.undefined, let place)? = error(formula, zero) else {
      Issue.record("1/0 has a value")
      return
    }
    #expect(place == "1/(s + s)")
    let two = Environment<Rational>(sizes: [:], values: [s.symbols[0]: Matrix(2)])
    guard case .arithmetic(.unsupported, let place)? = error(.integer(1) + s.squareRoot, two) else {
      Issue.record("√2 is rational")
      return
    }
    #expect(place == "√s")
    guard case .arithmetic(.unsupported, "exp(s)")? = error(s.mapped(.exponential), two) else {
      Issue.record("e² is rational")
      return
    }
    #expect(error(s.mapped(.exponential), zero) == nil)
    guard case .arithmetic = error(Formula.integer(-1).squareRoot, Environment<Double>(sizes: [:])) else {
      Issue.record("√−1 is real")
      return
    }
    guard
      case .arithmetic(_, let place)? = error(
        Formula.maximum([s, s + s]),
        Environment<Modular>(
          sizes: [:], values: [s.symbols[0]: Matrix(1)]))
    else {
      Issue.record("F_p is ordered")
      return
    }
    #expect(place == "max(s, s + s)")
  }

  /// Inside a derivative too.
  @Test func errorsInsideDerivatives() {
    let zero = Environment<Rational>(sizes: [:], values: [s.symbols[0]: Matrix(0)])
    guard case .arithmetic(.undefined, "1/s")? = error(s.inverse.jacobian(s), zero) else {
      Issue.record("(1/s)′ has a value at 0")
      return
    }
    guard case .arithmetic = error(s.squareRoot.jacobian(s), zero) else {
      Issue.record("(√s)′ has a value at 0")
      return
    }
  }

  @Test func definitionsBindTheirNames() throws {
    var point = Environment<Rational>(sizes: [:], values: [s.symbols[0]: Matrix(3)])
    let name = Formula.symbol("square", 1, 1)
    try point.define(Rule("definition", .definition) { s * s ==> name })
    #expect(try (name + s).value(in: point).scalar == 12)
    let unbound = Rule("definition", .definition) { Formula.symbol("t", 1, 1) * s ==> name }
    #expect(throws: EvaluationError.unbound(Symbol("t", .scalar))) { try point.define(unbound) }
  }

  @Test func drawsOnlyWhatIsMissing() throws {
    var generator = SplitMix64(seed: 1)
    var point = Environment<Modular>(sizes: ["m": 2, "n": 3], values: [s.symbols[0]: Matrix(5)])
    try point.draw(s.symbols + A.symbols, using: &generator)
    #expect(point[s.symbols[0]]?.scalar == 5)
    #expect(point[A.symbols[0]]?.rows == 2 && point[A.symbols[0]]?.columns == 3)
    var again = Environment<Modular>(sizes: ["m": 2, "n": 3]), same = SplitMix64(seed: 1)
    try again.draw(A.symbols, using: &same)
    #expect(again[A.symbols[0]] == point[A.symbols[0]])
  }
}
