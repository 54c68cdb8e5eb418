import AttentionHessian
import Testing

@Suite struct SampleSizeTests {
  private func count(_ loss: Rational, _ hessian: Rational, _ radius: Rational, _ tolerance: Rational) throws
    -> SampleSize
  {
    try SampleSize(lossBound: loss, hessianBound: hessian, radius: radius, tolerance: tolerance)
  }

  /// `2.1/0.7` is 3: in floating point the ceiling would be 4.
  @Test func exactQuotients() throws {
    let size = try count(Rational(21, over: 20), 0, 0, Rational(7, over: 10))
    #expect(size.numerator == Rational(21, over: 10))
    #expect(size.count == 2)
    #expect(size.boundAtCount == Rational(7, over: 10))
    #expect(size.boundBefore == Rational(21, over: 20))
    let above = try count(Rational(21, over: 20), 1, Rational(1, over: 1_000_000_000), Rational(7, over: 10))
    #expect(above.count == 3)
  }

  @Test func theNumeratorIsAsPrinted() throws {
    #expect(try count(2, 3, 5, 1).numerator == 79)
    #expect(try count(2, 3, 5, 1).count == 78)
    #expect(try count(0, Rational(1, over: 3), 3, 1).numerator == 3)
  }

  @Test func atLeastOneSample() throws {
    for size in [
      try count(0, 0, 0, 1), try count(0, 5, 0, 1), try count(0, 0, 5, Rational(1, over: 100)), try count(1, 0, 0, 2),
      try count(1, 0, 0, 3),
      try count(1, 0, 0, 1_000_000),
    ] {
      #expect(size.count == 1)
      #expect(size.boundBefore == nil)
      #expect(size.boundAtCount <= size.tolerance)
    }
    #expect(try count(1, 0, 0, Rational(2, over: 3)).count == 2)
    #expect(try count(Rational(3, over: 2), 0, 0, 1).boundBefore == Rational(3, over: 2))
  }

  @Test func numbersOfAnySize() throws {
    let huge = try Rational(10).power(40)
    let size = try count(huge, huge, huge, huge.reciprocal())
    let expected = (huge * 2 + huge * huge * huge) * huge - 1
    #expect(size.count == expected)
    #expect(size.boundAtCount <= size.tolerance)
  }

  /// From `k*` on the bound is at most ε, before it is not.
  @Test func isTheLeast() throws {
    var generator = SplitMix64(seed: 4)
    for _ in 0..<300 {
      func number() -> Rational { Rational(generator.uniform(below: 40), over: generator.uniform(below: 9) + 1) }
      let size = try count(number(), number(), number(), number() + Rational(1, over: 50))
      #expect(size.count.isInteger && size.count >= 1)
      #expect(size.boundAtCount <= size.tolerance)
      #expect(try size.boundAtCount == #require(size.numerator) * (size.count + 1).reciprocal())
      if let before = size.boundBefore {
        #expect(before > size.tolerance)
        #expect(try before == #require(size.numerator) * size.count.reciprocal())
      } else {
        #expect(size.count == 1)
      }
    }
  }

  @Test func refusalsNameTheNumber() {
    let minus = Rational(-1, over: 10)
    let refused: [(Rational, Rational, Rational, Rational, String)] = [
      (minus, 0, 0, 1, "loss bound"), (0, minus, 0, 1, "Hessian bound"), (0, 0, minus, 1, "radius"),
      (0, 0, 0, 0, "tolerance"),
      (1, 1, 1, minus, "tolerance"),
    ]
    for (loss, hessian, radius, tolerance, name) in refused {
      #expect { try count(loss, hessian, radius, tolerance) } throws: { error in
        (error as? SampleSizeError).map { $0.quantity.contains(name) && "\($0)".contains("must be") } ?? false
      }
    }
  }
}
