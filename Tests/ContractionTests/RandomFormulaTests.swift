import Arithmetic
import Contraction
import Evaluation
import Formulas
import MatrixCalculus
import Testing

/// Programs of random formulas against the formulas' values.
@Suite struct RandomFormulaTests {
  /// Formulas with names for some of their parts, several of which share subformulas.
  static func formulas(_ seed: UInt64, _ operations: RandomFormula.Operations) -> (RandomFormula, [Formula]) {
    var random = RandomFormula(seed: seed, operations)
    for _ in 0..<seed % 3 { random.define(depth: 1) }
    return (random, (0...seed % 3).map { _ in random(depth: 3) })
  }

  /// Exactly, over any type in which sums and products are exact.
  func checkExactly<S: RandomScalar>(_ type: S.Type, _ operations: RandomFormula.Operations, _ seeds: Range<UInt64>)
    throws
  {
    for seed in seeds {
      var (random, formulas) = Self.formulas(seed, operations)
      let point: Environment<S> = try random.point(formulas), named = try random.defined(point)
      let program = try ContractionProgram(
        formulas, definitions: random.definitions, inputs: random.inputs(formulas), sizes: RandomFormula.sizes)
      let found = try program.values(in: point)
      for (formula, value) in zip(formulas, found) {
        #expect(try value == random.resolved(formula).value(in: named), "seed \(seed): \(formula)")
      }
    }
  }

  @Test func polynomialsAreExact() throws { try checkExactly(Modular.self, .ring, 0..<600) }
  @Test func exponentialsAreExact() throws { try checkExactly(Formal<Modular>.self, .field, 0..<900) }

  /// To rounding error, with some inputs fixed: at one point, with the others changed, and with the fixed ones changed.
  @Test func valuesAndReruns() throws {
    for seed in UInt64(0)..<700 {
      var (random, formulas) = Self.formulas(seed, .real)
      let inputs = random.inputs(formulas), fixed = Set(inputs.filter { _ in random.generator.uniform(below: 2) == 0 })
      let program = try ContractionProgram(
        formulas, definitions: random.definitions, inputs: inputs, fixed: fixed, sizes: RandomFormula.sizes)
      let evaluation = try ContractionEvaluation(program), shared = try ContractionEvaluation(program, threads: 3)
      var point: Environment<Double> = try random.point(formulas)
      evaluation.bind(point)
      shared.bind(point)
      for changesFixed in [nil, false, true] {
        if let changesFixed {
          let other: Environment<Double> = try random.point(formulas)
          for symbol in inputs where fixed.contains(symbol) == changesFixed {
            let value = try #require(other[symbol])
            point[symbol] = value
            evaluation.bind(symbol, to: value)
            shared.bind(symbol, to: value)
          }
        }
        let found = try evaluation()
        #expect(try shared() == found, "seed \(seed): threads")
        let evaluator = Evaluator(try random.defined(point))
        for (formula, value) in zip(formulas, found) {
          let resolved = random.resolved(formula), scale = try resolved.largestMagnitude(evaluator)
          let distance = (value - (try evaluator.value(of: resolved))).largestEntry
          #expect(distance <= 1e-13 * max(scale, 1), "seed \(seed): \(distance) of \(scale) in \(formula)")
        }
      }
    }
  }

  /// The generator reaches every operator.
  @Test func allOperatorsOccur() {
    var found: Set<Operator.Kind> = [], primitives: Set<Primitive> = [], norms: Set<Norm> = [], names: Set<String> = []
    func visit(_ formula: Formula) {
      found.insert(formula.kind)
      switch formula.operator {
      case .map(let primitive): primitives.insert(primitive)
      case .norm(let norm): norms.insert(norm)
      case .call(let function): names.insert(function.name)
      default: break
      }
      formula.operands.forEach(visit)
    }
    for seed in UInt64(0)..<1000 { Self.formulas(seed, .real).1.forEach(visit) }
    let all: [Formula] = [
      .symbol("A", 1, 1), .variable("A", 1, 1), .integer(1), .size(2), .identity(1), .zero(1, 1), .ones(1, 1),
      .commutation(2, 2), .blocks([[.integer(1)]]), .blockDiagonal([.integer(1)]), .maximum([.integer(1)]),
      .minimum([.integer(1)]),
    ]
    let A = all[0]
    let applied = [
      A + A, A * A, A.scaled(by: A), A ⊙ A, A ⊗ A, A.transposed, A.vectorized, A.diagonal, A.jacobian(A),
      .pullback(A, A, A), .contraction(A, A, A),
    ]
    for formula in all + applied { #expect(found.contains(formula.kind), "\(formula)") }
    #expect(primitives == Set(Primitive.allCases))
    #expect(norms == Set(Norm.allCases))
    #expect(names == Set(RowwiseFunctions.functions.map(\.function.name)))
  }
}

extension Formula {
  /// The largest magnitude of an entry of the formula or of any part.
  func largestMagnitude(_ evaluator: Evaluator<Double>) throws -> Double {
    try operands.reduce(try evaluator.value(of: self).largestEntry) { max($0, try $1.largestMagnitude(evaluator)) }
  }
}
