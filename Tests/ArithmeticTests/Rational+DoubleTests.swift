import Arithmetic
import Testing

@Suite struct RationalDoubleTests {
  @Test func finiteDoublesAreExact() throws {
    #expect(try #require(Rational(exactly: 0.1)).description == "3602879701896397/36028797018963968")
    for value in [
      0, -0.0, 1, -2.5, .pi, .greatestFiniteMagnitude, .leastNonzeroMagnitude, .leastNormalMagnitude, 1e18, -0x1p63,
    ] {
      let exact = try #require(Rational(exactly: value))
      #expect(Double(exact) == value && exact.roundedUp == value && exact.roundedDown == value)
    }
    #expect(
      Rational(exactly: .nan) == nil && Rational(exactly: .infinity) == nil && Rational(exactly: -.infinity) == nil)
  }

  @Test(arguments: [
    ("1/3", 0x1.5555555555555p-2), ("2/3", 0x1.5555555555555p-1), ("10/3", 0x1.aaaaaaaaaaaabp+1),
    ("1e-310", 20_240_225_330_731 * Double.leastNonzeroMagnitude),
    ("123456789012345678901234567890", 0x1.8ee90ff6c373ep+96), ("9007199254740993", 0x1p53),
    ("9007199254740995", 0x1.0000000000002p53),
    (
      "2772359610018469067133291773316444867218087189/1019894104059872167932014086995144867840000000",
      0x1.5bf0a8b145769p+1
    ),
    ("0.1", 0.1), ("1e308", 1e308),
    ("-2.2250738585072011e-308", -(Double.leastNormalMagnitude - .leastNonzeroMagnitude)),
    ("5e-324", .leastNonzeroMagnitude), ("2e-324", 0), ("3e-324", .leastNonzeroMagnitude),
    ("1e309", .infinity), ("-1e309", -.infinity), ("1e-99999", 0),
  ])
  func nearestIsCorrectlyRounded(text: String, value: Double) throws {
    #expect(try Double(Rational(exactly: text)) == value)
  }

  @Test func neighboursEncloseAndTouch() throws {
    var generator = SplitMix64(seed: 81)
    // Every exponent where precision runs out, and a selection of the others.
    for exponent in Array(-1_085 ... -1_015) + Array(stride(from: -970, through: 1_030, by: 53)) {
      for _ in 0..<4 {
        let fraction = Rational(Int(generator.next() >> 1), over: Int(generator.next() >> 1) + 1)
        let x = try fraction * Rational(2).power(exponent) * (generator.next().isMultiple(of: 2) ? 1 : -1)
        let (down, up) = (x.roundedDown, x.roundedUp)
        #expect(down < up ? down.nextUp == up : down == up)
        if let lower = Rational(exactly: down) { #expect(lower <= x) } else { #expect(down == -.infinity) }
        if let upper = Rational(exactly: up) { #expect(upper >= x) } else { #expect(up == .infinity) }
        let nearest = Double(x)
        #expect(nearest == down || nearest == up)
      }
    }
  }

  @Test func theLargestDoublesRoundByTheStandard() throws {
    let limit = try Rational(2).power(1_024) - Rational(2).power(970)
    #expect(Double(limit) == .infinity && Double(limit - 1) == .greatestFiniteMagnitude)
    #expect(Double(-limit) == -.infinity && Double(1 - limit) == -.greatestFiniteMagnitude)
    #expect(limit.roundedDown == .greatestFiniteMagnitude && (-limit).roundedUp == -.greatestFiniteMagnitude)
    #expect(try Rational(2).power(5_000).roundedDown == .greatestFiniteMagnitude)
    #expect(try Rational(2).power(-5_000).roundedUp == .leastNonzeroMagnitude)
    #expect(try (-Rational(2).power(-5_000)).roundedUp == 0)
  }
}
