import Arithmetic
import Evaluation
import Formulas
import Testing

@Suite struct ScalarProgramErrorTests {
  private let x = Formula.symbol("x", 1, 1)
  private let y = Formula.symbol("y", 1, 1)
  private var inputs: [Symbol] { (x + y).symbols }

  private func compilation(
    _ formula: Formula, mode: ScalarProgram.Mode = .nearest, inputs: [Symbol]? = nil, sizeInputs: [String] = [],
    sizes: [String: Int] = [:]
  ) -> ScalarProgramError? {
    do throws(ScalarProgramError) {
      _ = try ScalarProgram(
        formula, inputs: inputs ?? self.inputs, sizeInputs: sizeInputs, sizes: sizes, mode: mode)
      return nil
    } catch { return error }
  }

  @Test func compilationNamesTheOperator() throws {
    guard case .unsupported("exponential", _) = compilation(x.mapped(.exponential) + y) else { throw Unexpected() }
    guard case .unsupported("derivative", _) = compilation(x.jacobian(x)) else { throw Unexpected() }
    guard
      case .unsupported("largestRow norm of such a matrix", _) = compilation(
        .blocks([[x, y], [y, x]]).norm(.largestRow))
    else { throw Unexpected() }
    guard case .unsupported(let name, _) = compilation(.blocks([[x, y], [x, x]]).norm()) else { throw Unexpected() }
    #expect(name.contains("symmetric"))
    guard case .notScalar = compilation(Formula.ones(1, "n") * Formula.ones("n", 1)) else { throw Unexpected() }
  }

  @Test func whatIsMissingOrTwice() {
    let z = Symbol("z", .scalar)
    #expect(compilation(.symbol(z)) == .unbound(z))
    #expect(compilation(.size("n")) == .unknownSize("n"))
    #expect(compilation(x, inputs: [z, z]) == .duplicateInput("z"))
    #expect(compilation(.size("n"), sizeInputs: ["n"], sizes: ["n": 3]) == .duplicateInput("n"))
    #expect(compilation(.size("n"), sizeInputs: ["n", "n"]) == .duplicateInput("n"))
    #expect(compilation(.identity("n")) == .notScalar(Shape("n", "n"), at: Formula.identity("n").description))
    #expect(compilation(x, inputs: [Symbol("X", Shape(2, 2))]) == .notScalar(Shape(2, 2), at: "X"))
    #expect(compilation(x) == nil && compilation(.size("n"), sizeInputs: ["n"]) == nil)
  }

  @Test func subtractionHasNoUpperBound() {
    for formula in [x - y, -x, x + .integer(-1), Formula.integer(-1), .blocks([[x, -y], [-y, x]]).norm()] {
      guard case .mayBeNegative = compilation(formula, mode: .upperBound) else {
        Issue.record("\(formula) was compiled")
        continue
      }
    }
    guard case .mayBeNegative = compilation(.blocks([[x, -y], [-y, x]]).norm()) else {
      Issue.record("the norm was compiled")
      return
    }
    #expect(compilation(x + .integer(3) - .integer(2), mode: .upperBound) == nil)
  }

  @Test func constantsWithoutValue() {
    for formula in [Formula.integer(0).inverse, Formula.integer(-2).squareRoot] {
      #expect(compilation(formula) == .undefined(formula.description))
    }
  }

  @Test(arguments: [Double.nan, -.nan, .signalingNaN, .infinity, -.infinity, -1, -.leastNonzeroMagnitude])
  func badNumbersAreLocated(bad: Double) throws {
    let program = try ScalarProgram(x + y, inputs: inputs, mode: .upperBound)
    for index in [0, 3, 255, 256, 599] {
      var columns = [[Double]](repeating: [Double](repeating: 1, count: 600), count: 2)
      columns[1][index] = bad
      do throws(ScalarProgramError) {
        _ = try program.evaluate(columns)
        Issue.record("\(bad) was accepted at \(index)")
      } catch {
        guard case .badInput("y", index, let value) = error else { throw Unexpected() }
        #expect(value.bitPattern == bad.bitPattern || value.isNaN && bad.isNaN)
      }
    }
  }

  @Test func badColumns() throws {
    let program = try ScalarProgram(x * y * .size("n"), inputs: inputs, sizeInputs: ["n"], mode: .nearest)
    #expect(throws: ScalarProgramError.columnCount(expected: 3, found: 1)) { try program.evaluate([[1]]) }
    #expect(throws: ScalarProgramError.columnCount(expected: 3, found: 0)) { try program.value(at: []) }
    #expect(throws: ScalarProgramError.columnLength("n", expected: 1, found: 2)) {
      try program.evaluate([[1], [1], [1, 2]])
    }
    for bad in [0.5, 2.5, -1, .infinity, 1e15 + 0.5] {
      #expect(throws: ScalarProgramError.badSize("n", index: 1, value: bad)) {
        try program.evaluate([[1, 1], [1, 1], [4, bad]])
      }
    }
    #expect(try program.evaluate([[1, -0.0], [1, 1], [0x1p53 - 1, 0x1p60]]) == [0x1p53 - 1, 0])
  }
}

private struct Unexpected: Error {}
