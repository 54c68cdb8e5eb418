import Testing

@testable import Arithmetic

@Suite struct ModularTests {
  /// Multiplication by the machine's 128-bit division, which shares nothing with the folding.
  func reference(_ a: UInt64, _ b: UInt64) -> UInt64 {
    Modular.modulus.dividingFullWidth(a.multipliedFullWidth(by: b)).remainder
  }

  @Test func multiplicationAgreesWithDivision() {
    var generator = SplitMix64(seed: 41)
    let p = Modular.modulus
    var words: [UInt64] = [0, 1, 2, p - 1, p - 2, 1 << 60, (1 << 60) + 1, 1 << 31]
    for _ in 0..<200 { words.append(Modular.random(using: &generator).residue) }
    for a in words {
      for b in words {
        #expect((Modular(reducing: a) * Modular(reducing: b)).residue == reference(a, b))
      }
    }
  }

  @Test func reductionCoversAllWords() {
    let p = Modular.modulus
    for word in [0, 1, p - 1, p, p + 1, 2 * p, 2 * p + 5, 7 * p, 8 * p, UInt64.max] {
      #expect(Modular(reducing: word).residue == word % p)
    }
    for (high, low) in [(UInt64.max, UInt64.max), (1, 0), (0, p), (1 << 63, 7), (12_345, .max), (UInt64(1) << 58, 0)] {
      // high·2⁶⁴ + low with 2⁶⁴ ≡ 8.
      let expected = Modular(reducing: high) * Modular(8) + Modular(reducing: low)
      #expect(Modular(high: high, low: low) == expected)
    }
  }

  @Test func integersOfEitherSign() {
    #expect(Modular(-1) + Modular(1) == .zero)
    #expect(Modular(Int.min) == -(Modular(Int.max) + Modular(1)))
    #expect(Modular(Int(Modular.modulus)) == .zero)
    #expect(Modular(17).description == "17")
  }

  @Test func fermat() throws {
    var generator = SplitMix64(seed: 42)
    for _ in 0..<50 {
      let x = Modular.random(using: &generator)
      #expect(x.power(Modular.modulus) == x)
      #expect(x.power(Modular.modulus - 1) == .one)
      #expect(try x.reciprocal() == x.power(Modular.modulus - 2))
    }
    #expect(Modular(5).power(0) == .one && Modular(3).power(4) == Modular(81))
  }

  @Test func rootsAreSquaresThemselvesAndMultiply() throws {
    var generator = SplitMix64(seed: 43)
    var refused = 0
    for _ in 0..<60 {
      let x = Modular.random(using: &generator)
      let y = Modular.random(using: &generator)
      let (a, b) = (x * x, y * y)
      let root = try a.squareRoot()
      #expect(root * root == a)
      #expect(root.power((Modular.modulus - 1) / 2) == .one)
      #expect(try (a * b).squareRoot() == root * b.squareRoot())
      if (try? x.squareRoot()) == nil {
        refused += 1
        #expect(x.power((Modular.modulus - 1) / 2) == Modular(-1))
      }
    }
    #expect(refused > 10 && refused < 50)
    #expect(try Modular(0).squareRoot() == 0)
    #expect(throws: ArithmeticError.self) { try Modular(-1).squareRoot() }
  }

  @Test func longSumsOfLargeProductsDoNotOverflow() {
    let n = 1_000
    let large = Matrix(repeating: Modular(-1), rows: 3, columns: n)
    #expect(
      large * Matrix(repeating: Modular(-1), rows: n, columns: 7) == Matrix(repeating: Modular(n), rows: 3, columns: 7))
  }

  @Test func samplesSpreadOverTheField() {
    var generator = SplitMix64(seed: 44)
    let halves = (0..<2_000).count { _ in Modular.random(using: &generator).residue > Modular.modulus / 2 }
    #expect(halves > 850 && halves < 1_150)
  }
}
