import Arithmetic
import Testing

@Suite struct SurdTests {
  static func draw<Base: SurdBase & RandomScalar>(
    _ radicand: Base, _ generator: inout SplitMix64
  ) -> Surd<Base> {
    Surd(.random(using: &generator), coefficient: .random(using: &generator), radicand: radicand)
  }

  @Test func lawsHoldWithARoot() throws {
    var generator = SplitMix64(seed: 101)
    let modular = [.zero, .one] + (0..<6).map { _ in Self.draw(Modular(-1), &generator) }
    expectRingLaws(modular)
    try expectReciprocals(modular)
    let rational = [.zero, .one] + (0..<5).map { _ in Self.draw(Rational(3), &generator) }
    expectRingLaws(rational)
    try expectReciprocals(rational)
    expectProductIsDefinition(seed: 102) { Self.draw(Rational(3), &$0) }
    expectProductIsDefinition(seed: 103) { Self.draw(Modular(-1), &$0) }
    expectProductIsDefinition(seed: 104) { Surd(Modular.random(using: &$0)) }
    expectProductIsDefinition(seed: 105) { Dual(Formal(Self.draw(Modular(-1), &$0)), tangent: .one) }
  }

  @Test func rootsExistExactly() throws {
    for n in 2...40 {
      let root = try Surd<Rational>(n).squareRoot()
      #expect(root * root == Surd(n))
      #expect(try root.reciprocal() * root == .one)
      let modular = try Surd<Modular>(n).squareRoot()
      #expect(modular * modular == Surd(n))
    }
    #expect(try Surd<Rational>(9).squareRoot() == Surd(3))
    #expect(try Surd<Rational>(0).squareRoot() == .zero)
  }

  @Test func multiplesOfOneRootCombine() throws {
    let root2 = try Surd<Rational>(2).squareRoot()
    #expect(try Surd<Rational>(8).squareRoot() == root2 + root2)
    #expect(try Surd(Rational(1, over: 2)).squareRoot() * root2 == .one)
    #expect((root2 - root2).radicand == 0 && (root2 - root2).isZero)
    let modular = try Surd<Modular>(3).squareRoot() + Surd<Modular>(7).squareRoot() + Surd<Modular>(-1).squareRoot()
    #expect(modular.radicand == -1 || modular.radicand == 0)
  }

  @Test func whatNeedsASecondRootIsRefused() async throws {
    let root = try Surd<Rational>(5).squareRoot()
    #expect(throws: ArithmeticError.self) { try (root + .one).squareRoot() }
    #expect(throws: ArithmeticError.self) { try root.exponential() }
    #expect(throws: ArithmeticError.self) { try Surd<Rational>(-5).squareRoot() }
    #expect(throws: ArithmeticError.self) { try Surd<Rational>.zero.reciprocal() }
    #expect(try Surd<Rational>.zero.exponential() == .one)
    #expect(try Surd<Rational>(-3).positivePart() == .zero && Surd<Rational>.maximum(Surd(2), Surd(3)) == Surd(3))
    await #expect(processExitsWith: .failure) {
      _ = try Surd<Rational>(2).squareRoot() + Surd<Rational>(3).squareRoot()
    }
  }

  @Test func namesFollowValues() throws {
    let root = try Surd<Rational>(5).squareRoot()
    #expect((root + .one).digest == (Surd.one + root).digest && root.digest != (-root).digest)
    #expect(root.description == "(0 + 1·√5)" && Surd(Rational(3)).description == "3")
  }
}
