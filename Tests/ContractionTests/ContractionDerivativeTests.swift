import Arithmetic
import Contraction
import Evaluation
import Formulas
import Testing

/// Derivatives along directions against dual numbers and against Jacobians.
@Suite struct ContractionDerivativeTests {
  static let symbols = [Symbol("W", Shape(2, "n")), Symbol("U", Shape("n", "l"))]
  static let directions = symbols.map { Symbol("V_\($0)", $0.shape) }

  static func formulas(_ seed: UInt64, _ operations: RandomFormula.Operations) -> (RandomFormula, [Formula]) {
    var random = RandomFormula(seed: seed, operations)
    for _ in 0..<seed % 3 { random.define(depth: 1) }
    let shapes = [Shape("n", 2), Shape(1, 1), Shape(Size(2) * "m", "l")]
    return (random, (0...seed % 2).map { random(shapes[Int((seed + $0) % 3)], differentiableBy: symbols, depth: 3) })
  }

  static func program(_ random: RandomFormula, _ formulas: [Formula], batch: Int) throws -> ContractionProgram {
    try ContractionProgram(
      derivativesOf: formulas, along: zip(symbols, directions).map { ($0, $1) }, batch: batch,
      definitions: random.definitions, inputs: random.inputs(formulas + symbols.map { .symbol($0) }),
      sizes: RandomFormula.sizes)
  }

  @Test func dualNumbers() throws {
    typealias S = Formal<Modular>
    for seed in UInt64(0)..<400 {
      var (random, formulas) = Self.formulas(seed, .field)
      let batch = seed % 2 == 0 ? 1 : 3
      var point: Environment<S> = try random.point(formulas + Self.symbols.map { .symbol($0) })
      let program = try Self.program(random, formulas, batch: batch)
      let named = try random.defined(point)
      var expected = formulas.map { _ in [S]() }
      var stacked = Self.symbols.map { _ in [S]() }
      for _ in 0..<batch {
        var dual = Environment<Dual<S>>(sizes: RandomFormula.sizes)
        for (symbol, value) in named.values { dual[symbol] = value.map { Dual(constant: $0) } }
        for (k, symbol) in Self.symbols.enumerated() {
          let value = try #require(point[symbol])
          let direction = value.map { _ in S.random(using: &random.generator) }
          stacked[k] += direction.entries
          dual[symbol] = Matrix(
            rows: value.rows, columns: value.columns,
            entries: zip(value.entries, direction.entries).map { Dual($0, tangent: $1) })
        }
        for (i, formula) in formulas.enumerated() {
          expected[i] += try random.resolved(formula).value(in: dual).entries.map(\.tangent)
        }
      }
      for (k, direction) in Self.directions.enumerated() {
        let columns = try point.number(direction.shape.columns)
        point[direction] = Matrix(rows: stacked[k].count / columns, columns: columns, entries: stacked[k])
      }
      let found = try program.values(in: point)
      for (i, formula) in formulas.enumerated() {
        #expect(found[i].entries == expected[i], "seed \(seed), \(batch) directions: \(formula)")
      }
    }
  }

  /// `Σ_W ∂F/∂W vec_r(V_W)`, over `Double`; the inputs are bound once and only directions change.
  @Test func jacobians() throws {
    for seed in UInt64(0)..<300 {
      var (random, formulas) = Self.formulas(seed, .real)
      let program = try Self.program(random, formulas, batch: 1)
      let evaluation = try ContractionEvaluation(program)
      var point: Environment<Double> = try random.point(formulas + Self.symbols.map { .symbol($0) })
      evaluation.bind(point)
      let evaluator = Evaluator(try random.defined(point))
      for _ in 0..<2 {
        for (symbol, direction) in zip(Self.symbols, Self.directions) {
          point[direction] = try #require(point[symbol]).map { _ in Double.random(using: &random.generator) }
        }
        evaluation.bind(point)
        let found = try evaluation()
        for (formula, value) in zip(formulas, found) {
          var expected = Matrix<Double>.zero(rows: value.entries.count, columns: 1), scale = 1.0
          for (symbol, direction) in zip(Self.symbols, Self.directions) {
            let jacobian = random.resolved(formula).jacobian(.symbol(symbol))
            expected = expected + (try evaluator.value(of: jacobian)) * (try #require(point[direction]).vectorized)
            scale = max(scale, try jacobian.largestMagnitude(evaluator))
          }
          let distance = (value.vectorized - expected).largestEntry
          #expect(distance <= 1e-13 * scale, "seed \(seed): \(distance) of \(scale) in \(formula)")
        }
      }
    }
  }
}
