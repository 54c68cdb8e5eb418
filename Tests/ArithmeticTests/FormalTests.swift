import Arithmetic
import Testing

@Suite struct FormalTests {
  @Test func exponentialIsAFunctionThatIsOneAtZero() throws {
    #expect(try Formal<Modular>.zero.exponential() == .one)
    #expect(try Formal<Rational>.zero.exponential() == .one)
    var generator = SplitMix64(seed: 111)
    let draws = (0..<200).map { _ in Formal<Modular>.random(using: &generator) }
    let values = try draws.map { try $0.exponential() }
    #expect(Set(values).count == 200 && values.allSatisfy { !$0.isZero })
    #expect(try draws[3].exponential() == (draws[3] + draws[4] - draws[4]).exponential())
  }

  @Test func valuesDoNotDependOnMachineOrRun() throws {
    #expect(try Formal(Modular(1)).exponential().base.residue == 918_924_540_472_826_800)
    #expect(try Formal(Rational(1, over: 3)).exponential().description == "51/16")
  }

  @Test func isNotMultiplicative() throws {
    let (a, b) = (Formal(Modular(3)), Formal(Modular(5)))
    #expect(try (a + b).exponential() != a.exponential() * b.exponential())
  }

  @Test func exponentialIsItsOwnDerivative() throws {
    let x = Dual(Dual(Formal(Modular(7)), tangent: .one), tangent: .one)
    let y = try x.exponential()
    #expect(y.value.tangent == y.value.value && y.tangent.value == y.value.value && y.tangent.tangent == y.value.value)
    // (e^{x²})″ = (2 + 4x²) e^{x²}.
    let z = try (x * x).exponential()
    #expect(z.tangent.tangent == Formal(2 + 4 * 49) * z.value.value)
  }

  /// Functions with declared derivatives: `log′ = 1/x`, `Φ′ = φ`, `φ′ = −xφ`, `step′ = 0`, `max(x, 0)′ = step`.
  @Test func unknownFunctionsHaveTheirDerivatives() throws {
    let x = Formal(Modular(7)), jet = Dual(Dual(x, tangent: .one), tangent: .one)
    let log = try jet.logarithm()
    #expect(try log.value.tangent == x.reciprocal() && log.tangent.value == x.reciprocal())
    #expect(try log.tangent.tangent == -(x * x).reciprocal())
    let distribution = try jet.normalDistribution(), density = try x.normalDensity()
    #expect(distribution.value.tangent == density && distribution.tangent.tangent == -(x * density))
    #expect(try jet.normalDensity().tangent.tangent == (x * x - .one) * density)
    #expect(try jet.step() == Dual(constant: Dual(constant: x.step())))
    #expect(try jet.positivePart() == jet * jet.step())
    #expect(try x.logarithm() != x.exponential() && x.normalDistribution() != density)
    #expect(throws: ArithmeticError.self) { try Formal<Modular>.zero.logarithm() }
    #expect(throws: ArithmeticError.self) { try Dual(Formal<Modular>.zero, tangent: .one).step() }
    #expect(throws: ArithmeticError.self) { try Dual(Formal<Modular>.zero, tangent: .one).positivePart() }
  }

  /// Both steps occur, and over an ordered base they are those of the order.
  @Test func stepsAreZeroOrOne() throws {
    let steps = try (1...200).map { try Formal(Modular($0)).step() }
    #expect(Set(steps) == [.zero, .one] && (70...130).contains(steps.filter { $0 == .one }.count))
    #expect(try Formal(Modular(5)).positivePart() == Formal(Modular(5)) * Formal(Modular(5)).step())
    #expect(try Formal(Rational(-4)).step() == .zero && Formal(Rational(4)).step() == .one)
    #expect(try Formal<Modular>.zero.step() == .zero && Formal<Modular>.one.logarithm() == .zero)
  }

  @Test func otherOperationsAreTheBases() throws {
    #expect(try Formal(Rational(4)).squareRoot() == Formal(2) && Formal(Rational(4)).reciprocal().description == "1/4")
    #expect(try Formal(Rational(-4)).positivePart() == .zero)
    #expect(try Formal.maximum(Formal(Rational(4)), Formal(Rational(5))) == Formal(5))
    #expect(throws: ArithmeticError.self) { try Formal.spectralNorm(of: Matrix(Formal(Rational(4)))) }
  }
}
