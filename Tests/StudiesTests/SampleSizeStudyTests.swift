import AttentionHessian
import Foundation
import Testing

@testable import Studies

@Suite struct SampleSizeStudyTests {
  static var numbers: SampleSizeNumbers {
    var numbers = SampleSizeNumbers()
    numbers.radius = .init(Rational(1, over: 10))
    numbers.lossBound = .init(1)
    numbers.hessianBound = .init(Rational(3, over: 4))
    numbers.ballHessianBound = .init(2)
    numbers.lossGap = .init(Rational(1, over: 2))
    numbers.gradientGap = .init(3)
    numbers.lossSupremum = .init(Rational(3, over: 2))
    numbers.variance = .init(Rational(1, over: 16), .measured)
    numbers.deviation = .init(Rational(1, over: 10))
    numbers.parameters = 4
    return numbers
  }

  private func found(_ version: SampleSizeVersion, _ study: SampleSizeStudy, row: Int = 0) throws
    -> SampleSizeOutcome.Found
  {
    try #require(study.rows[row].outcome(version)?.found, "\(version)")
  }

  /// Every version by hand.
  @Test func numerators() throws {
    let study = try SampleSizeStudy(Self.numbers, tolerances: [Rational(1, over: 1000)])
    let expected: [(SampleSizeVersion, Rational, Rational)] = [
      (.printed, Rational(20075, over: 10000), 2007), (.withGradient, Rational(232, over: 100), 2319),
      (.rigorous, Rational(82, over: 100), 819), (.hessianFree, Rational(3, over: 2), 1499),
    ]
    for (version, numerator, count) in expected {
      let found = try found(version, study)
      #expect(found.size.numerator == numerator, "\(version)")
      #expect(found.size.count == count, "\(version)")
      #expect(try found.size.boundAtCount == numerator.divided(by: count + 1))
      #expect(try found.size.boundBefore == numerator.divided(by: count))
      #expect(found.terms.reduce(Rational.zero) { $0 + $1.value } == numerator)
    }
    #expect(try found(.printed, study).criterion == Rational(20075, over: 10))
    #expect(try found(.rigorous, study).criterion == nil)
    // The first-order term is 0.3, the gap 0.5, the quadratic one 0.02.
    #expect(try found(.rigorous, study).dominating == 0 && found(.printed, study).dominating == 0)
    // 12 + 3/100·9 + 3/10⁴·24·9/16 = 12.27405 ; the root of 12274.05 is 110.7…
    #expect(try found(.meanSquare, study).size.count == 110)
    #expect(try found(.meanSquare, study).size.numerator == Rational(1_227_405, over: 100_000))
  }

  /// The least k by search over k, for random numbers.
  @Test func certifiedAtTheCountAndBefore() throws {
    var generator = SplitMix64(seed: 12)
    for _ in 0..<60 {
      func number() -> Rational { Rational(generator.uniform(below: 30), over: generator.uniform(below: 7) + 1) }
      let numerator = number(), tolerance = number() + Rational(1, over: 20)
      let size = try SampleSize(numerator: numerator, tolerance: tolerance)
      let least = try #require((1...700).first { Rational(1, over: $0 + 1) * numerator <= tolerance })
      #expect(size.count == Rational(least))
      let square = try SampleSize(squareNumerator: numerator, tolerance: tolerance)
      let leastSquare = try #require(
        (1...700).first { Rational(1, over: ($0 + 1) * ($0 + 1)) * numerator <= tolerance })
      #expect(square.count == Rational(leastSquare))
    }
    // Perfect squares: √(9/1) = 3.
    #expect(try SampleSize(squareNumerator: 9, tolerance: 1).count == 2)
    let huge = try Rational(10).power(60)
    #expect(try SampleSize(squareNumerator: huge * huge, tolerance: 1).count == huge - 1)
  }

  /// A sample size that its bound does not certify cannot be made.
  @Test func falseCertificatesAreRefused() {
    for (value, before) in [(Rational(2), Rational(3)), (1, 1), (Rational(1, over: 2), Rational(1, over: 2))] {
      #expect(throws: SampleSizeError.self) {
        try SampleSize(tolerance: 1, count: 5, at: value, before: before, limit: 1)
      }
    }
  }

  /// Hoeffding: ⌈B² ln(2/δ)/(2ε²)⌉, and the tail at and before it.
  @Test func hoeffding() throws {
    for (range, failure, tolerance) in [(1.0, 0.05, 0.1), (1.5, 0.01, 0.03), (0.2, 0.5, 0.01), (3, 0.001, 0.5)] {
      let exact = try [range, failure, tolerance].map { try Rational(exactly: "\($0)") }
      let size = try StatisticalSampleSize(range: exact[0], failure: exact[1], tolerance: exact[2]).hoeffding()
      let expected = (range * range * log(2 / failure) / (2 * tolerance * tolerance)).rounded(.up)
      #expect(Double(size.count) == expected)
      #expect(size.boundAtCount <= exact[1] && size.boundBefore ?? 1 > exact[1])
    }
    let large = try StatisticalSampleSize(
      range: 1, failure: Rational(1, over: 20), tolerance: Rational(10).power(-20)
    ).hoeffding()
    #expect(large.count > (try Rational(10).power(40)))
    #expect(try StatisticalSampleSize(range: 0, failure: Rational(1, over: 2), tolerance: 1).hoeffding().count == 1)
    // A tolerance far above the range: the probability has millions of digits, of which nothing is printed.
    let tiny = try Rational(exactly: "1e-5")
    let easy = try StatisticalSampleSize(range: tiny, failure: Rational(1, over: 20), tolerance: 1).hoeffding()
    #expect(easy.count == 1 && easy.boundAtCount.sign > 0)
    #expect(try easy.boundAtCount < Rational(exactly: "1e-300"))
    // A failure probability that is as small counts as before.
    let strict = try StatisticalSampleSize(range: 1, failure: Rational(exactly: "1e-400"), tolerance: 1).hoeffding()
    #expect(strict.count == 461)
  }

  /// The empirical Bernstein width, against its formula in floating point.
  @Test func bernstein() throws {
    for (range, variance, tolerance) in [(1.0, 0.02, 0.1), (2, 0.5, 0.05), (1, 0, 0.01), (4, 1, 50)] {
      let exact = try [range, variance, tolerance].map { try Rational(exactly: "\($0)") }
      let (size, terms) = try StatisticalSampleSize(
        range: exact[0], failure: Rational(1, over: 20), tolerance: exact[2]
      ).bernstein(variance: exact[1])
      let logarithm = log(4 / 0.05)
      func width(_ k: Double) -> Double {
        sqrt(2 * variance * logarithm / k) + 7 * range * logarithm / (3 * (k - 1))
      }
      let k = Double(size.count)
      #expect(k >= 2 && width(k) <= tolerance * (1 + 1e-12))
      if k > 2 { #expect(width(k - 1) > tolerance * (1 - 1e-12)) } else { #expect(size.boundBefore == nil) }
      #expect(abs(terms.reduce(0) { $0 + Double($1) } - width(k)) < 1e-9 * width(k))
    }
  }

  /// What is not known is not guessed.
  @Test func missingNumbersMakeAVersionUnavailable() throws {
    let removals: [(WritableKeyPath<SampleSizeNumbers, SampleSizeNumbers.Value?>, Set<SampleSizeVersion>)] = [
      (\.gradientGap, [.rigorous, .withGradient, .meanSquare]), (\.hessianBound, [.printed, .meanSquare]),
      (\.ballHessianBound, [.rigorous, .withGradient]), (\.lossGap, [.rigorous]), (\.variance, [.bernstein]),
      (\.lossSupremum, [.hessianFree, .hoeffding, .bernstein]), (\.radius, [.printed, .rigorous, .withGradient]),
      (\.lossBound, [.printed, .withGradient, .meanSquare]), (\.deviation, [.meanSquare]),
    ]
    for (path, versions) in removals {
      var numbers = Self.numbers
      numbers[keyPath: path] = nil
      let study = try SampleSizeStudy(numbers, tolerances: [1])
      for outcome in study.rows[0].outcomes {
        #expect((outcome.found == nil) == versions.contains(outcome.version), "\(outcome.version)")
        #expect((outcome.reason == nil) == (outcome.found != nil))
      }
    }
  }

  /// A measured number makes the sample size a measurement.
  @Test func theWeakestOriginCounts() throws {
    let study = try SampleSizeStudy(Self.numbers, tolerances: [1])
    #expect(try found(.bernstein, study).origin == .measured && found(.hoeffding, study).origin == .given)
  }

  @Test func outputs() throws {
    let measured = try RunningMeans(losses: [(0..<40).map { Double($0 % 7) }], permutations: 10)
    let study = try SampleSizeStudy(
      Self.numbers, tolerances: [Rational(1, over: 10), Rational(1, over: 1000)], measured: measured, subject: "a test")
    #expect(study.rows[1].empirical?.mean == nil && study.rows[0].empirical?.mean != nil)
    #expect(study.text.contains("2007") && study.text.contains("not reached within 40"))
    #expect(study.json["schema"] == "hessian.kstar/2")
    #expect(study.table.csv.split(separator: "\n").count == 1 + 2 * 9)
    let svg = study.figure.svg()
    #expect(svg.contains(">mean<") && svg.contains("95 %") && svg.contains("rigorous") && svg.contains("ε = 1/10"))
    #expect(study.figure.pgfplots(provenance: "test").contains("\\addplot"))
    #expect(study.files(provenance: "test").count == 5)
  }

  @Test func badNumbersAreNamed() {
    var negative = Self.numbers
    negative.gradientGap = .init(-1)
    var probability = Self.numbers
    probability.failure = 1
    for (numbers, tolerance, name) in [
      (negative, Rational(1), "gradients"), (probability, 1, "probability"), (Self.numbers, 0, "tolerance"),
    ] {
      #expect {
        _ = try SampleSizeStudy(numbers, tolerances: [tolerance])
      } throws: { "\($0)".contains(name) }
    }
  }
}
