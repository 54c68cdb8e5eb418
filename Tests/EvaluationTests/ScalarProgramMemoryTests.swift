import Arithmetic
import Evaluation
import Formulas
import Testing

/// Directed rounding at the ends of the range of `Double`.
@Suite struct ScalarProgramMemoryTests {
  private let x = Formula.symbol("x", 1, 1)
  private let y = Formula.symbol("y", 1, 1)
  private let z = Formula.symbol("z", 1, 1)

  /// A random formula in non-negative numbers.
  private func formula(depth: Int, using generator: inout SplitMix64) -> Formula {
    if depth == 0 {
      return [x, y, z, .integer(generator.uniform(below: 4)), .size("n"), .integer(7).inverse][
        generator.uniform(below: 6)]
    }
    let a = formula(depth: depth - 1, using: &generator)
    let b = formula(depth: depth - 1, using: &generator)
    switch generator.uniform(below: 8) {
    case 0, 1: return a + b
    case 2, 3: return a * b
    case 4: return (a * b).squareRoot
    case 5: return (a + .integer(1)).inverse * b
    case 6: return generator.uniform(below: 2) == 0 ? .maximum([a, b]) : .minimum([a, b])
    default:
      let matrix = Formula.blocks([[a, b], [b, x]]).norm()
      return generator.uniform(below: 2) == 0 ? matrix : (matrix + .integer(1)).inverse
    }
  }

  @Test func randomFormulasAreBoundedOverTheWholeRange() throws {
    var generator = SplitMix64(seed: 3)
    var finite = 0
    for sample in 0..<300 {
      let formula = formula(depth: 4, using: &generator)
      let inputs = (x + y + z).symbols
      guard let program = try? ScalarProgram(formula, inputs: inputs, sizeInputs: ["n"], mode: .upperBound) else {
        continue
      }
      for _ in 0..<10 {
        let range = sample % 3 == 0 ? 2_000 : 60
        var point = inputs.map { _ -> Double in
          let exponent = generator.uniform(below: range + 1) - range / 2
          let significand = 1.5 + Double.random(using: &generator) / 2
          return generator.uniform(below: 6) == 0
            ? 0 : Double(sign: .plus, exponent: exponent, significand: significand)
        }
        point.append(Double(generator.uniform(below: 50)))
        var environment = Environment<Ball>(sizes: ["n": Int(point[3])])
        for (k, symbol) in inputs.enumerated() {
          environment[symbol] = Matrix(Ball(exactly: point[k], precision: 1_200) ?? .zero)
        }
        // A root of a ball around zero is refused, which says nothing about the program.
        guard let ball = try? formula.value(in: environment).scalar else { continue }
        let bound = try program.value(at: point)
        #expect(!bound.isNaN && bound >= ball.lowerDouble, "\(formula) at \(point)")
        guard let exact = Rational(exactly: bound) else { continue }
        #expect(try exact >= ball.lower, "\(formula) at \(point)")
        if bound > 1e-200 {
          finite += 1
          if sample % 3 != 0 { #expect(bound <= ball.upperDouble * (1 + 1e-13), "\(formula) at \(point)") }
        }
      }
    }
    #expect(finite > 1_000)
  }

  @Test func reciprocalsRoundTheirArgumentDown() throws {
    let inputs = (x + y + z).symbols
    let formulas = [(x + y + z + x * y).inverse, (x * y * z * x * y * z).inverse, ((x + y).inverse + z).inverse]
    var generator = SplitMix64(seed: 8)
    for formula in formulas {
      let program = try ScalarProgram(formula, inputs: inputs, mode: .upperBound)
      for _ in 0..<500 {
        let point = inputs.map { _ in 1.5 + Double.random(using: &generator) / 2 }
        var environment = Environment<Rational>(sizes: [:])
        for (symbol, number) in zip(inputs, point) {
          environment[symbol] = Matrix(try #require(Rational(exactly: number)))
        }
        let exact = try formula.value(in: environment).scalar
        let bound = try #require(Rational(exactly: program.value(at: point)))
        #expect(bound >= exact, "\(formula) at \(point)")
      }
    }
  }

  @Test func underflowOverflowAndZero() throws {
    let inputs = (x + y + z).symbols
    func bound(_ formula: Formula, _ point: [Double]) throws -> Double {
      try ScalarProgram(formula, inputs: inputs, mode: .upperBound).value(at: point)
    }
    // The product of the first two is below every positive Double, but the whole is 1e-100.
    #expect(try bound((x * y).norm() * z, [1e-200, 1e-200, 1e300]) >= 1e-100)
    #expect(try bound(x * y, [1e-200, 1e-200, 0]) == .leastNonzeroMagnitude)
    #expect(try bound(x * y, [0, 1e-200, 0]) == 0)
    #expect(try bound(x * y, [1e200, 1e200, 0]) == .infinity)
    #expect(try bound((x + y) * z, [1e308, 1e308, 0]) == .infinity)
    #expect(try bound((x + y).inverse, [1e308, 1e308, 0]) >= 0.5 / 0.95e308)
    #expect(try bound(x.inverse, [.greatestFiniteMagnitude, 0, 0]) > 1 / .greatestFiniteMagnitude)
    #expect(try bound(x.inverse, [0, 0, 0]) == .infinity)
    #expect(try bound(x.inverse.inverse, [.leastNonzeroMagnitude, 0, 0]) >= .leastNonzeroMagnitude)
    #expect(try bound(.maximum([x * y * z, x]), [1e200, 1e200, 0]) == .infinity)
    let norm = Formula.blocks([[x, y], [y, z]]).norm()
    let tiny = 2_000 * Double.leastNonzeroMagnitude
    #expect(try bound(norm, [0, 0, 0]) == 0)
    #expect(try bound(norm, [1e308, 1e308, 1e308]) == .infinity)
    #expect(try bound(norm, [1e307, 1e307, 1e307]) >= 2e307)
    #expect(try bound(norm, [.leastNonzeroMagnitude, 0, 0]) >= .leastNonzeroMagnitude)
    #expect(try bound(norm, [tiny, tiny, tiny]) >= 2 * tiny)
    #expect(try bound(norm, [0, 1, 0]) >= 1 && bound(norm, [0, 1, 0]) <= 1 + 1e-14)
    #expect(try bound(norm, [3, 0, 3]) >= 3 && bound(norm, [3, 0, 3]) <= 3 * (1 + 1e-14))
  }
}
