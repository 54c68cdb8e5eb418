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

  @Test func otherOperationsAreTheBases() throws {
    #expect(try Formal(Rational(4)).squareRoot() == Formal(2) && Formal(Rational(4)).reciprocal().description == "1/4")
    #expect(try Formal(Rational(-4)).positivePart() == .zero)
    #expect(try Formal.maximum(Formal(Rational(4)), Formal(Rational(5))) == Formal(5))
    #expect(throws: ArithmeticError.self) { try Formal.spectralNorm(of: Matrix(Formal(Rational(4)))) }
  }
}
