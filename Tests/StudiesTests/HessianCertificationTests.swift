import Arithmetic
import AttentionHessian
import Testing

@Suite struct HessianCertificationTests {
  private func matrix(_ rows: [[Rational]]) -> Matrix<Rational> {
    Matrix(rows: rows.count, columns: rows[0].count) { rows[$0][$1] }
  }

  /// MATH.md's instance: `M = 1/2` but `‖H‖₂ = 3/4`.
  private func counterexample(_ target: LayerInstance.Target = .output) throws -> LayerInstance {
    try LayerInstance(
      kernel: .softmax, samples: [.init(input: .identity(2), target: target)],
      heads: [
        .init(
          query: matrix([[1, 0, 0, 0], [1, 0, 0, 0]]), key: matrix([[0, 1, 0, 0], [0, -1, 0, 0]]),
          value: matrix([[1, 0], [-1, 0]]))
      ])
  }

  private func random(
    _ L: Int, _ d: Int, _ k: Int, _ v: Int, seed: UInt64, samples: Int = 1, kernel: AttentionKernel = .softmax
  ) throws -> LayerInstance {
    var generator = SplitMix64(seed: seed)
    func draw(_ rows: Int, _ columns: Int) -> Matrix<Rational> {
      Matrix(rows: rows, columns: columns) { _, _ in Rational.random(using: &generator) * Rational(1, over: 3) }
    }
    return try LayerInstance(
      kernel: kernel, samples: (0..<samples).map { _ in .init(input: draw(L, d), target: .matrix(draw(L, v))) },
      heads: [.init(query: draw(d, k), key: draw(d, k), value: draw(d, v))])
  }

  @Test func theCounterexampleIsDecidedExactly() throws {
    let instance = try counterexample()
    let norm = Rational(3, over: 4), tiny = try Rational(10).power(-40)
    let alone = try HessianCertification(instance, .enclosure)
    #expect(alone.norm == .exact(norm) && alone.order == 20 && alone.precision == nil && alone.verdict == nil)
    #expect(try HessianCertification(instance, .bound(norm)).verdict == .proven)
    #expect(try HessianCertification(instance, .bound(norm - tiny)).verdict == .refuted)
    #expect(try HessianCertification(instance, .bound(Rational(1, over: 2))).verdict == .refuted)
    #expect(try HessianCertification(instance, .bound(-1)).verdict == .refuted)
  }

  @Test func theClaimIsRefutedAtTheCounterexample() throws {
    let result = try HessianCertification(try counterexample(), .claim(TheoremOne.claim))
    #expect(result.verdict == .refuted && result.norm == .exact(Rational(3, over: 4)))
    #expect(result.right == .exact(Rational(1, over: 2)) && result.precision == nil)
  }

  @Test func enclosuresContainTheEstimateOfLAPACK() throws {
    for (kernel, seed) in [(AttentionKernel.softmax, 1), (.gaussian, 2), (.linear, 3)] {
      for samples in [1, 2] {
        let instance = try random(2, 3, 2, 1, seed: UInt64(seed), samples: samples, kernel: kernel)
        let norm = try #require(try HessianCertification(instance, .enclosure).norm).ball
        let estimate = try LinearAlgebra.symmetricSpectralNorm(of: LossEvaluation(instance, as: Double.self).hessian())
        #expect(abs(norm.lowerDouble - estimate) <= 1e-12 * estimate, "\(kernel), \(samples) samples")
        #expect(norm.upperDouble - norm.lowerDouble <= 1e-14 * estimate, "\(kernel), \(samples) samples")
        for (factor, expected) in [(1 + 1e-9, Certification.Verdict.proven), (1 - 1e-9, .refuted)] {
          let bound = try #require(Rational(exactly: estimate * factor))
          #expect(try HessianCertification(instance, .bound(bound)).verdict == expected, "\(kernel)")
        }
      }
    }
  }

  /// A bound within 10⁻⁶⁰ of the norm needs more than the first precision.
  @Test func aCloseBoundRaisesThePrecision() throws {
    let instance = try random(2, 2, 2, 1, seed: 9)
    let norm = try #require(try HessianCertification(instance, .bound(-1)).norm).ball
    let fine = try Ball.withWorkingPrecision(512) {
      try Ball.spectralNorm(of: LossEvaluation(instance, as: Ball.self).hessian())
    }
    #expect(norm.contains(fine))
    let bounds = try fine.decimalBounds(digits: 60)
    let upper = try HessianCertification(instance, .bound(Rational(exactly: bounds.upper)))
    #expect(upper.verdict == .proven && upper.precision == 256)
    #expect(try HessianCertification(instance, .bound(Rational(exactly: bounds.lower))).verdict == .refuted)
  }

  @Test func claimsAreRefusedWhereTheySayNothing() throws {
    let claim = HessianCertification.Question.claim(TheoremOne.claim)
    #expect(throws: CertificationError.self) { try HessianCertification(try random(2, 3, 2, 1, seed: 1), claim) }
    for instance in [
      try random(2, 2, 2, 2, seed: 1, samples: 2), try random(2, 2, 2, 2, seed: 1, kernel: .gaussian),
    ] {
      #expect(throws: CertificationError.self) { try HessianCertification(instance, claim) }
    }
    // With a residual, at small weights, the printed bound holds.
    let result = try HessianCertification(try random(2, 2, 2, 2, seed: 1), claim)
    #expect(result.verdict == .proven || result.verdict == .refuted)
  }

  // MARK: Large Hessians

  /// With fewer tokens than their width the norm is that of a smaller matrix: against the unreduced one.
  @Test(arguments: AttentionKernel.allCases) func fewTokensReduceTheOrder(kernel: AttentionKernel) throws {
    let instance = try random(2, 5, 3, 4, seed: 5, kernel: kernel)
    let result = try HessianCertification(instance, .bound(1_000))
    #expect(result.order == 50 && result.reducedOrder == 20)
    let dense = try Ball.spectralNorm(of: LossEvaluation(instance, as: Ball.self).hessian())
    let norm = try #require(result.norm).ball
    #expect(try norm.upper >= dense.lower && dense.upper >= norm.lower)
    #expect(try norm.upper - norm.lower <= norm.upper * Rational(10).power(-30))
  }

  /// Tokens that repeat others leave no reduction, and no wrong verdict.
  @Test func dependentTokensAreTakenUnreduced() throws {
    let X = matrix([[1, 2, 0], [1, 2, 0]])
    let W = matrix([[1, 0], [2, 1], [0, 1]])
    let instance = try LayerInstance(
      kernel: .softmax, samples: [.init(input: X, target: .matrix(.zero(rows: 2, columns: 2)))],
      heads: [.init(query: W, key: W, value: W)])
    let norm = try #require(try HessianCertification(instance, .enclosure).norm).ball
    let estimate = try LinearAlgebra.symmetricSpectralNorm(of: LossEvaluation(instance, as: Double.self).hessian())
    #expect(abs(norm.lowerDouble - estimate) <= 1e-9 * estimate && norm.upperDouble >= norm.lowerDouble)
  }

  @Test func floatingPointEnclosesLargerOnes() throws {
    let instance = try random(17, 17, 16, 15, seed: 6)
    let result = try HessianCertification(instance, .enclosure)
    let norm = try #require(result.norm).ball
    #expect(result.reducedOrder == 799 && result.precision == nil)
    let estimate = try LinearAlgebra.symmetricSpectralNorm(of: LossEvaluation(instance, as: Double.self).hessian())
    #expect(norm.lowerDouble <= estimate * (1 + 1e-12) && norm.upperDouble >= estimate * (1 - 1e-12))
    #expect(norm.upperDouble - norm.lowerDouble <= 1e-7 * estimate)
    let bound = try norm.upper
    #expect(try HessianCertification(instance, .bound(bound * Rational(11, over: 10))).verdict == .proven)
    let refuted = try HessianCertification(instance, .bound(try norm.lower * Rational(9, over: 10)))
    #expect(refuted.verdict == .refuted && refuted.norm == nil)
    guard
      case .undecided = try HessianCertification(instance, .bound((norm.lower + bound) * Rational(1, over: 2))).verdict
    else {
      Issue.record("decided within the enclosure")
      return
    }
  }

  /// Beyond floating point: a lower bound of our own, an upper bound from elsewhere.
  @Test func aRayleighQuotientBoundsTheLargestFromBelow() throws {
    let instance = try random(3, 3, 900, 300, seed: 7)
    let alone = try HessianCertification(instance, .enclosure)
    #expect(alone.norm == nil && alone.reducedOrder == 6_300 && alone.lowerBound > 0)
    let lower = alone.lowerBound
    let bounds = [NamedBound("twice the lower bound") { _ in 2 * lower }, NamedBound("thrice") { _ in 3 * lower }]
    func verdict(_ factor: Rational) throws -> Certification.Verdict? {
      try HessianCertification(instance, .bound(factor * lower), upperBounds: bounds).verdict
    }
    #expect(try verdict(Rational(99, over: 100)) == .refuted && verdict(2) == .proven)
    guard case .undecided = try verdict(Rational(3, over: 2)) else {
      Issue.record("decided without proof")
      return
    }
  }
}
