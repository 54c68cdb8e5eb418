import Testing

@testable import Arithmetic

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct RationalTests {
  /// Fractions whose products straddle the border between words and GMP.
  static func mixedSamples(seed: UInt64) -> [Rational] {
    var generator = SplitMix64(seed: seed)
    var samples: [Rational] = [0, 1, -1, Rational(Int.max), Rational(Int.min), Rational(1, over: Int.max)]
    for shift in [1, 20, 33, 40, 62] {
      let numerator = Int(generator.next() >> UInt64(64 - shift)) - 3
      samples.append(Rational(numerator, over: Int(generator.next() >> UInt64(64 - shift)) + 1))
    }
    return samples + [samples[9] * samples[10], samples[10] * samples[10] * samples[9]]
  }

  @Test func lawsHoldAcrossTheBorderOfTheWords() throws {
    expectRingLaws(Self.mixedSamples(seed: 51))
    try expectReciprocals(Self.mixedSamples(seed: 52))
    expectProductIsDefinition(seed: 53) { generator in
      Rational(Int(generator.next() >> 10), over: Int(generator.next() >> 12) + 1)
    }
  }

  @Test func formIsCanonical() {
    #expect(Rational(6, over: -4) == Rational(-3, over: 2))
    #expect(Rational(Int.min, over: Int.min) == 1)
    #expect(Rational(0, over: -5) == 0)
    #expect(Rational(Int.min, over: 2).description == "-4611686018427387904")
    #expect(Rational(1, over: Int.min).description == "-1/9223372036854775808")
    // Beyond the words and back.
    let large = Rational(Int.max)
    let back = (large * large - large * large) + large
    #expect(back == large)
    #expect(Set([back, large]).count == 1)
    guard case .small = back.storage else {
      Issue.record("a number that fits in words is kept by GMP")
      return
    }
  }

  @Test func knownLargeResults() throws {
    let factorial = (1...30).reduce(Rational.one) { $0 * Rational($1) }
    #expect(factorial.description == "265252859812191058636308480000000")
    let harmonic = (1...60).reduce(Rational.zero) { $0 + Rational(1, over: $1) }
    #expect(harmonic.description == "15117092380124150817026911/3230237388259077233637600")
    let mixed =
      try (Rational(2).power(89) - 1) * Rational(3).power(-50) * -Rational(3).power(20) * Rational(2).power(-70)
      + Rational(1, over: 7)
    #expect(mixed.description == "243073340998174144182014136278843399/1701513417316749971765915688980447232")
  }

  @Test func powers() throws {
    #expect(try Rational(-2, over: 3).power(-3) == Rational(-27, over: 8))
    #expect(try Rational(0).power(0) == 1 && Rational(0).power(5) == 0)
    #expect(try Rational(-1).power(Int.min) == 1 && Rational(-1).power(Int.max) == -1 && Rational(1).power(.min) == 1)
    #expect(throws: ArithmeticError.self) { try Rational(0).power(-1) }
    #expect(throws: ArithmeticError.self) { try Rational(2).power(Int.max) }
    #expect(throws: ArithmeticError.self) { try Rational(3, over: 2).power(1 << 27) }
  }

  @Test func orderAgreesWithDifferences() {
    let samples = Self.mixedSamples(seed: 54)
    for a in samples {
      for b in samples {
        #expect((a < b) == ((b - a).sign > 0), "\(a) < \(b)")
        #expect((a == b) == (a - b).isZero)
      }
    }
    #expect(Rational(1, over: 3) < Rational(Int.max - 1, over: Int.max))
  }

  @Test func partsAndNeighbours() {
    let x = Rational(-7, over: 2)
    #expect(x.floor == -4 && x.ceiling == -3 && x.magnitude == Rational(7, over: 2) && x.sign == -1)
    #expect(x.numerator == -7 && x.denominator == 2 && !x.isInteger && x.integer == nil)
    let big = Self.mixedSamples(seed: 55)[12]
    #expect(big.floor <= big && big < big.floor + 1 && big.ceiling - 1 < big && big <= big.ceiling)
    #expect(big.numerator * Rational.inverse(big.denominator) == big)
    #expect(Rational(Int.min).integer == Int.min && Rational(Int.min).isInteger && Rational(9).integer == 9)
    #expect((Rational(Int.max) * 2).integer == nil)
  }

  @Test func greatestCommonDivisors() {
    #expect(Rational.greatestCommonDivisor(0, 6) == 6 && Rational.greatestCommonDivisor(6, 0) == 6)
    for a in UInt64(1)...40 {
      for b in UInt64(1)...40 {
        let expected = (1...min(a, b)).last { a.isMultiple(of: $0) && b.isMultiple(of: $0) }
        #expect(Rational.greatestCommonDivisor(a, b) == expected)
      }
    }
  }

  @Test func partialOperations() throws {
    #expect(try Rational(9, over: 16).squareRoot() == Rational(3, over: 4))
    #expect(try Rational(0).squareRoot() == 0 && Rational(0).exponential() == 1)
    let square = Self.mixedSamples(seed: 56)[12]
    #expect(try (square * square).squareRoot() == square.magnitude)
    #expect { try Rational(-4).squareRoot() } throws: { if case ArithmeticError.undefined = $0 { true } else { false } }
    #expect(throws: ArithmeticError.self) { try Rational(8, over: 9).squareRoot() }
    #expect(try Rational(-4).positivePart() == 0 && Rational(4).positivePart() == 4)
    #expect(try Rational.maximum(Rational(1, over: 3), Rational(2, over: 7)) == Rational(1, over: 3))
  }

  @Test func squareRootEnclosuresHoldTheRoot() throws {
    for text in ["2", "3/7", "1e-40", "123456789e33", "99999999999999999999", "1e-41", "0.5"] {
      let x = try Rational(exactly: text)
      for digits in [1, 5, 40] {
        let (lower, upper) = try x.squareRootEnclosure(digits: digits)
        #expect(lower * lower <= x && x <= upper * upper && lower.sign > 0)
        #expect((upper - lower) * Rational.powerOfTen(digits) <= upper, "\(text) to \(digits) digits")
      }
    }
    let (lower, upper) = try Rational(49, over: 4).squareRootEnclosure(digits: 3)
    #expect(lower == upper && lower == Rational(7, over: 2))
    #expect(throws: ArithmeticError.self) { try Rational(-1).squareRootEnclosure(digits: 3) }
  }

  @Test func symbolsAreSmallPositiveAndDyadic() {
    let draws = (0..<500).map { Rational.symbolic(digest: $0) }
    #expect(draws.allSatisfy { $0 > 0 && $0 <= 4 && ($0 * 16).isInteger })
    #expect(Set(draws).count == 64)
    let big = Rational(Int.max) * 3
    #expect(big.digest == (big + 1 - 1).digest && big.digest != (-big).digest && big.digest != (big + 1).digest)
  }

  #if os(Linux)
    /// Resident pages of this process.
    static func residentPages() throws -> Int {
      let file = try #require(fopen("/proc/self/statm", "r"))
      defer { fclose(file) }
      var buffer = [CChar](repeating: 0, count: 256)
      try #require(fgets(&buffer, 256, file) != nil)
      let fields = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      return try #require(Int(fields.split(separator: " ")[1]))
    }

    /// The address sanitizer keeps freed memory on purpose, and looks for leaks itself.
    static let isAddressSanitized = dlsym(nil, "__asan_init") != nil

    @Test(.disabled(if: isAddressSanitized))
    func aMillionLargeOperationsLeaveNoMemoryBehind() async {
      // In a process of its own, where no other test allocates.
      await #expect(processExitsWith: .success) {
        let a = Rational(Int.max) * Rational(Int.max - 1)
        let b = Rational(Int.max - 24, over: 1_000_003)
        func work(_ count: Int) -> Rational {
          var sum = a
          for index in 0..<count { sum = index.isMultiple(of: 8) ? a : sum * b - a }
          return sum
        }
        _ = work(10_000)
        let before = try RationalTests.residentPages()
        let result = work(500_000)
        let after = try RationalTests.residentPages()
        #expect(!result.isZero)
        // A leak of 32 bytes an operation would be 8000 pages.
        #expect(after - before < 250, "\(after - before) more resident pages")
      }
    }
  #endif
}
