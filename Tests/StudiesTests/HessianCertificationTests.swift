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
}
