import AttentionHessian
import Testing

@Suite struct RationalImageTests {
  @Test func residuesRespectTheOperations() throws {
    let big = try Rational(exactly: "123456789012345678901234567890/987654321098765432109876543211")
    let small = Rational(-7, over: 3)
    func image(_ x: Rational) throws -> Modular { try Modular(image: x) }
    #expect(try image(big + small) == image(big) + image(small))
    #expect(try image(big * small) == image(big) * image(small))
    #expect(try image(big * big.reciprocal()) == .one)
    #expect(try image(-1) == -.one)
  }

  @Test func whatHasNoImageIsRefused() throws {
    let p = Rational(Int(Modular.modulus))
    #expect(throws: ArithmeticError.self) { try Modular(image: p.reciprocal()) }
    #expect(try Modular(image: p) == .zero)
    let huge = try Rational(exactly: "1e400")
    #expect(throws: ArithmeticError.self) { try Double(image: huge) }
    #expect(try Double(image: huge.reciprocal()) == 0)
  }

  @Test func jetsAreConstant() throws {
    let third = Rational(1, over: 3)
    #expect(try Dual<Rational>(image: third) == Dual(constant: third))
    #expect(try Formal<Rational>(image: third).base == third)
    #expect(try Surd<Rational>(image: third) == Surd(third))
  }
}
