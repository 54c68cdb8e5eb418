import Arithmetic
import Evaluation
import Formulas
import Testing
import Transformers

/// A bound with everything needed to evaluate it at random points.
struct SampledBound: CustomTestStringConvertible, Sendable {
  let name: String
  let formula: Formula
  var inputs: [Symbol] { formula.symbols }
  static let sizes = ["L", "d_V", "d_K"]

  var testDescription: String { name }

  static let all = [
    SampledBound(name: "Theorem 1", formula: TheoremOne.bound),
    try? SampledBound(name: "derived", formula: DerivedBound.derived(.norm, isAttentionNormGiven: true).formula),
    try? SampledBound(name: "derived, any weights", formula: DerivedBound.derived(.targetNorm).formula),
  ].compactMap { $0 }

  /// Columns of points over six orders of magnitude and sizes up to 1000; every tenth symbol is zero.
  func columns(count: Int, seed: UInt64, zeros: Bool = true) -> [[Double]] {
    var generator = SplitMix64(seed: seed)
    let scales: [Double] = [1e-3, 1e-2, 0.1, 1, 10, 100]
    let values = inputs.map { _ in
      (0..<count).map { _ -> Double in
        let size = scales[generator.uniform(below: 6)] * (5.5 + 4.5 * Double.random(using: &generator))
        return zeros && generator.uniform(below: 10) == 0 ? 0 : size
      }
    }
    return values + Self.sizes.map { _ in (0..<count).map { _ in Double(generator.uniform(below: 1_000) + 1) } }
  }

  func environment<S: Scalar>(_ columns: [[Double]], at index: Int, _ number: (Double) -> S) -> Environment<S> {
    var environment = Environment<S>(sizes: [:])
    for (k, symbol) in inputs.enumerated() { environment[symbol] = Matrix(number(columns[k][index])) }
    for (k, name) in Self.sizes.enumerated() { environment.sizes[name] = Int(columns[inputs.count + k][index]) }
    return environment
  }
}

@Suite struct ScalarProgramTests {
  private let x = Formula.symbol("x", 1, 1)
  private let y = Formula.symbol("y", 1, 1)
  private var inputs: [Symbol] { (x + y).symbols }

  private func value(
    _ formula: Formula, _ mode: ScalarProgram.Mode, _ point: [Double], sizes: [String: Int] = [:]
  ) throws -> Double {
    try ScalarProgram(formula, inputs: inputs, sizes: sizes, mode: mode).value(at: point)
  }

  @Test(arguments: SampledBound.all)
  func nearestAgreesWithTheEvaluator(bound: SampledBound) throws {
    let program = try ScalarProgram(bound.formula, inputs: bound.inputs, sizeInputs: SampledBound.sizes, mode: .nearest)
    let columns = bound.columns(count: 1_500, seed: 1)
    let values = try program.evaluate(columns)
    for (index, value) in values.enumerated() {
      let exact = try bound.formula.value(in: bound.environment(columns, at: index) { $0 }).scalar
      #expect(abs(value - exact) <= 1e-12 * exact, "point \(index)")
    }
  }

  @Test(arguments: SampledBound.all)
  func upperBoundIsAboveTheBallAndTight(bound: SampledBound) throws {
    let program = try ScalarProgram(
      bound.formula, inputs: bound.inputs, sizeInputs: SampledBound.sizes, mode: .upperBound)
    let columns = bound.columns(count: 1_500, seed: 2)
    let values = try program.evaluate(columns)
    var worst = 0.0
    for (index, value) in values.enumerated() {
      let environment = bound.environment(columns, at: index) { Ball(exactly: $0) ?? .zero }
      let ball = try bound.formula.value(in: environment).scalar
      let exact = try ball.upper
      #expect(try #require(Rational(exactly: value)) >= exact, "point \(index)")
      if exact.isZero { continue }
      worst = max(worst, Double(try Rational(exactly: value)!.divided(by: exact) - .one))
    }
    #expect(worst <= 1e-13, "relative excess \(worst)")
  }

  @Test func sizesAreConstantsOrInputs() throws {
    let formula = x * Formula.size(Size("n") * Size("m") + 3).inverse * Formula.size("n").squareRoot
    let constants = try ScalarProgram(formula, inputs: inputs, sizes: ["n": 4, "m": 7], mode: .nearest)
    let columns = try ScalarProgram(formula, inputs: inputs, sizeInputs: ["m", "n"], mode: .nearest)
    #expect(try constants.value(at: [62, 0]) == 4)
    #expect(try columns.value(at: [62, 0, 7, 4]) == 4)
    #expect(constants.instructionCount == 1)
  }

  @Test func commonSubformulasAreSharedAndConstantsFolded() throws {
    let shared = (x * y + x * x).power(4) + (x * x + y * x).power(2)
    #expect(try ScalarProgram(shared, inputs: inputs, mode: .nearest).instructionCount == 6)
    let constant = Formula.integer(6) * Formula.integer(9).inverse + Formula.integer(9).squareRoot
    let program = try ScalarProgram(constant, inputs: [], mode: .upperBound)
    #expect(program.instructionCount == 0)
    #expect(try program.value(at: []) == (11.0 / 3).nextUp || program.value(at: []) == 11.0 / 3)
    #expect(try program.evaluate([]).isEmpty)
  }

  @Test func elementaryOperators() throws {
    #expect(try value(.maximum([x, y, .integer(2)]), .nearest, [1, 5]) == 5)
    #expect(try value(.minimum([x, y, .integer(2)]), .nearest, [4, 5]) == 2)
    #expect(try value((x - y).norm(.frobenius), .nearest, [4, 9]) == 5)
    #expect(try value((x - y).mapped(.positivePart), .nearest, [4, 9]) == 0)
    #expect(try value((x ⊙ y).transposed.vectorized.diagonal, .nearest, [4, 9]) == 36)
    #expect(try value(.blocks([[x, y], [y, x]]).norm(), .nearest, [4, 9]) == 13)
    #expect(try value((-x).scaled(by: .integer(-3)), .upperBound, [1, 0]) >= 3)
    #expect(try value(x - y, .nearest, [4, 9]) == -5)
    #expect(try value((x - y).squareRoot, .nearest, [4, 9]).isNaN)
    #expect(try value(.maximum([(x - y).squareRoot, x]), .nearest, [4, 9]).isNaN)
    #expect(try value(.maximum([x, (x - y).squareRoot]), .nearest, [4, 9]).isNaN)
  }

  @Test func partialChunksAndManyPoints() throws {
    let program = try ScalarProgram(x * y + x, inputs: inputs, mode: .nearest)
    for count in [0, 1, 7, 255, 256, 257, 1_000] {
      let columns = [(0..<count).map(Double.init), (0..<count).map { Double(2 * $0) }]
      #expect(try program.evaluate(columns) == (0..<count).map { Double(2 * $0 * $0 + $0) })
    }
  }
}
