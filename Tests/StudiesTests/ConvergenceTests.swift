import Arithmetic
import AttentionHessian
import Testing
import Transformers

@testable import Studies

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct ConvergenceTests {
  /// Two sequences of three tokens and two heads of width 4: `HD = 8` and `Nn = 6`.
  private static func family(output: Double = 1, value: Double = 1) -> SeededFamily {
    var family = SeededFamily(samples: 2, tokens: 3, keyWidth: 2, valueWidth: 3, heads: 2, outputs: 1)
    (family.outputScale, family.valueScale, family.dataScale) = (output, value, 0.5)
    return family
  }
  private static let all = ["W_Q", "W_K", "W_V"]

  private func descent(
    _ kernel: AttentionKernel, width: Int = 4, _ trained: [String] = all, output: Double = 1, value: Double = 1
  ) throws -> LayerDescent {
    try LayerDescent(Self.family(output: output, value: value).instance(kernel, width: width), training: trained)
  }

  private func moved(_ weights: [Double], by distance: Double, seed: UInt64) -> [Double] {
    var generator = SplitMix64(seed: seed)
    let direction = weights.map { _ in generator.standardNormal() }
    let norm = sqrt(direction.reduce(0) { $0 + $1 * $1 })
    return zip(weights, direction).map { $0 + distance * $1 / norm }
  }

  // MARK: The inequality

  /// `‖∇f‖² ≥ 2βf` and `≥ 2γf`, `JJᵀ ⪰ β`, at random weights far from the start.
  @Test(arguments: AttentionKernel.allCases) func gradientsDominate(kernel: AttentionKernel) throws {
    let descent = try descent(kernel)
    var closest = Double.infinity
    for seed in 0..<20 {
      let weights = moved(descent.start, by: Double(seed) / 5, seed: UInt64(seed))
      let (loss, gradient) = try descent.gradient(at: weights)
      let square = gradient.reduce(0) { $0 + $1 * $1 }
      let beta = try #require(try descent.dominance(at: weights)), gamma = try descent.tangentDominance(at: weights)
      #expect(beta > 0 && beta <= gamma * (1 + 1e-9))
      #expect(square >= 2 * gamma * loss * (1 - 1e-9))
      closest = min(closest, square / (2 * gamma * loss))
    }
    #expect(closest < 1e4)
  }

  /// With the residual along the weakest direction of `JJᵀ` the constant `γ` is attained, and none larger would do.
  @Test func theTangentConstantIsTheBest() throws {
    let descent = try descent(.softmax), J = try descent.jacobian(at: descent.start)
    let (values, vectors) = try LinearAlgebra.symmetricEigen(of: J * J.transposed)
    let weakest = try #require(values.indices.min { values[$0] < values[$1] })
    let gradient = J.transposed * Matrix(rows: J.rows, columns: 1) { i, _ in vectors[i, weakest] }
    let square = gradient.entries.reduce(0) { $0 + $1 * $1 }
    #expect(abs(square / (try descent.tangentDominance(at: descent.start)) - 1) < 1e-6)
  }

  @Test func belowTheThresholdNothingIsDominated() throws {
    let descent = try descent(.softmax, width: 2)
    #expect(try descent.dominance(at: descent.start) == 0)
    let certificate = try ConvergenceCertificate(descent)
    #expect(certificate.dominance == 0 && certificate.rate == nil)
    #expect(certificate.outcome == .unavailable("HD = 4 is less than Nn = 6, so that β = 0"))
    #expect(try self.descent(.softmax, ["W_Q"]).dominance(at: descent.start) == nil)
  }

  /// Jacobian and features against differences of the outputs, and the gradient against `JᵀR`.
  @Test(arguments: AttentionKernel.allCases) func jacobiansAreThoseOfTheOutputs(kernel: AttentionKernel) throws {
    let descent = try descent(kernel), J = try descent.jacobian(at: descent.start)
    #expect((J.rows, J.columns) == (6, descent.start.count))
    func residual(_ weights: [Double]) throws -> [Double] {
      try descent.instance.samples.indices.flatMap { sample in
        let point = try descent.environment(sample, at: weights, as: Double.self) { $0 }
        return try descent.objective.residual.value(in: point).entries
      }
    }
    let R = try residual(descent.start), gradient = try descent.gradient(at: descent.start).gradient
    for k in descent.start.indices {
      let product = R.indices.reduce(0) { $0 + J[$1, k] * R[$1] }
      #expect(abs(product - gradient[k]) < 1e-10 * (1 + abs(gradient[k])))
      var ahead = descent.start
      ahead[k] += 1e-6
      let difference = zip(try residual(ahead), R).map { ($0 - $1) / 1e-6 }
      for i in R.indices { #expect(abs(difference[i] - J[i, k]) < 1e-4) }
    }
    let B = try descent.featureMatrix(at: descent.start)
    #expect((B.rows, B.columns) == (6, 8))
  }

  // MARK: Certificates

  /// On the ball the Hessian and the change of the features stay below what the certificate says, and descent with its step
  /// size stays in it and is as fast as guaranteed.
  @Test(arguments: [AttentionKernel.softmax, .gaussian]) func certificatesHold(kernel: AttentionKernel) throws {
    let descent = try descent(kernel, width: 6, output: 1e7, value: 1e-7)
    let certificate = try ConvergenceCertificate(descent)
    guard case .certified(let smoothness) = certificate.outcome, let rate = certificate.rate else {
      Issue.record("no certificate: \(certificate.outcome)")
      return
    }
    #expect(certificate.share == Rational(1, over: 2))
    let radius = Double(certificate.radius), beta = Double(certificate.dominance)
    let measured = try #require(try descent.dominance(at: descent.start))
    #expect(beta <= measured * (1 + 1e-9) && beta > 0.999 * measured)
    let loss = try descent.gradient(at: descent.start).loss
    #expect(abs(Double(certificate.loss) / loss - 1) < 1e-9)
    #expect(abs(radius / (4 * sqrt(loss / beta)) - 1) < 1e-9)
    let B = try descent.featureMatrix(at: descent.start)
    for seed in 0..<10 {
      let weights = moved(descent.start, by: radius, seed: UInt64(seed))
      #expect(try descent.hessianNorm(at: weights) <= Double(smoothness))
      let change = (try descent.featureMatrix(at: weights) - B).frobeniusNorm
      #expect(change <= Double(certificate.change) && change > 0)
      #expect(try #require(try descent.dominance(at: weights)) >= beta / 2)
    }
    #expect(Double(certificate.change) <= Double(certificate.room))
    #expect(Double(certificate.room) <= (1 - sqrt(0.5)) * sqrt(Double(certificate.featureValue)) * (1 + 1e-9))
    var run = DescentRun(from: descent.start, stepSize: rate.stepSize, limit: 300)
    #expect(try run.run(descent))
    #expect(run.firstAbove(Double(rate.factor)) == nil)
    #expect(run.records.allSatisfy { $0.distance <= radius })
    let path = try run.certifiedSteps(descent, factor: rate.factor)
    #expect(path.count == run.records.count - 1 && path.firstNotShown == nil)
    // What is not true is not shown.
    #expect(try run.certifiedSteps(descent, factor: Rational(1, over: 1 << 40)).firstNotShown == 1)
  }

  /// With the values alone the loss is quadratic, and the guarantee needs no ball.
  @Test func valuesAloneAreCertified() throws {
    let descent = try descent(.softmax, ["W_V"]), certificate = try ConvergenceCertificate(descent)
    let rate = try #require(certificate.rate)
    #expect(certificate.share == 1 && certificate.radius == 0)
    let norm = try descent.hessianNorm(at: descent.start)
    guard case .certified(let smoothness) = certificate.outcome else { return }
    #expect(norm <= Double(smoothness))
    var run = DescentRun(from: descent.start, stepSize: rate.stepSize, limit: 200)
    #expect(try run.run(descent))
    #expect(run.firstAbove(Double(rate.factor)) == nil)
    #expect(try #require(run.leastRatio(\.dominance)) >= 1 - 1e-9)
    #expect(run.firstSlowStep(\.dominance) == nil)
    // Half of the descent lemma holds on a convex loss, the printed whole does not.
    #expect(run.stationaritySlack(share: 0.5) >= 0 && run.stationaritySlack() < 0)
  }

  /// Features that one matrix moves change less than those that both move.
  @Test func whatStaysDoesNotChangeTheFeatures() throws {
    let change = try [Self.all, ["W_Q", "W_V"], ["W_K", "W_V"]].map { trained in
      try ConvergenceCertificate(try descent(.softmax, width: 6, trained, output: 1e7, value: 1e-7)).change
    }
    #expect(change[1] < change[0] && change[2] < change[0] && change[1].sign > 0 && change[2].sign > 0)
    let squares = Double(change[1]) * Double(change[1]) + Double(change[2]) * Double(change[2])
    #expect(squares >= Double(change[0]) * Double(change[0]) * (1 - 1e-9))
  }

  @Test func anOutputMatrixThatIsTrainedIsNotCertified() throws {
    let certificate = try ConvergenceCertificate(try descent(.softmax, ["W_V", "W_O"]))
    #expect(certificate.rate == nil)
    guard case .unavailable(let reason) = certificate.outcome else {
      Issue.record("certified")
      return
    }
    #expect(reason.contains("output matrix is trained"))
  }

  // MARK: Runs

  /// An interrupted run goes on to the same bits.
  @Test func aRunIsTakenUpToTheLastBit() throws {
    let descent = try descent(.gaussian)
    var whole = DescentRun(from: descent.start, stepSize: 0.01, limit: 60)
    #expect(try whole.run(descent))
    var part = DescentRun(from: descent.start, stepSize: 0.01, limit: 60)
    #expect(try !part.run(descent) { $0 == 17 })
    #expect(part.losses.count == 17 && part.end == nil)
    let text = part.state(identity: "x").description
    let state = try JSONValue(parsing: Array(text.utf8))
    #expect(DescentRun(state, identity: "y", limit: 60) == nil)
    var again = try #require(DescentRun(state, identity: "x", limit: 60))
    #expect(try again.run(descent))
    #expect(again.losses == whole.losses && again.weights == whole.weights && again.records == whole.records)
    #expect(again.end == .finished)
  }

  @Test func aDivergingRunKeepsItsLastGoodState() throws {
    let descent = try descent(.linear, output: 1e3)
    var run = DescentRun(from: descent.start, stepSize: 1e6, limit: 100)
    #expect(try run.run(descent))
    guard case .diverged(let step) = run.end else {
      Issue.record("it ended with \(String(describing: run.end))")
      return
    }
    #expect(step > 0 && run.losses.count == step && run.losses.allSatisfy(\.isFinite))
    #expect(try descent.gradient(at: run.weights).loss == run.losses[step - 1])
  }

  /// The decay of a known sequence, and the first step above a factor.
  @Test func decaysAreFitted() throws {
    var run = DescentRun(from: [1], stepSize: 0.25, limit: 40)
    // f = x²/2: x is multiplied by 3/4 in each step.
    #expect(try run.run { (loss: $0[0] * $0[0] / 2, gradient: $0) })
    let decay = try #require(run.decay)
    for slope in [decay.slope, decay.thirdQuarter, decay.lastQuarter] { #expect(abs(slope - 2 * log(0.75)) < 1e-9) }
    #expect(abs(Decay.rate(decay.slope) - 0.4375) < 1e-9 && run.rises == 0)
    #expect(abs(try #require(run.reduction) / pow(0.75, 80) - 1) < 1e-9)
    // A path that has not settled: 1/t.
    let slowing = try #require(Decay(of: (1...101).map { 1 / Double($0) }))
    #expect(slowing.thirdQuarter < slowing.slope && slowing.slope < slowing.lastQuarter)
    #expect(abs(slowing.lastQuarter * 88.5 + 1) < 0.02)
    #expect(Decay(of: [Double](repeating: 2, count: 50)) == nil && Decay(of: [1, 0.5, 0.25]) == nil)
    #expect(run.firstAbove(0.5625) == nil && run.firstAbove(0.55) == 1)
  }

  /// Losses that rise are counted, and nothing is said of a path without a first loss.
  @Test func pathsAreDescribed() throws {
    // x is multiplied by −3/2 in each step.
    var run = DescentRun(from: [1], stepSize: 2.5, limit: 10)
    #expect(try run.run { (loss: $0[0] * $0[0] / 2, gradient: $0) })
    #expect(run.rises == 10 && run.steps == 10 && run.stepsText == "10")
    var lost = DescentRun(from: [1], stepSize: 1, limit: 10)
    #expect(try lost.run { _ in (loss: .infinity, gradient: [0]) })
    #expect(lost.end == .diverged(step: 0) && lost.steps == 0 && lost.reduction == nil && lost.decay == nil)
    #expect(lost.stepsText == "diverged at 0" && lost.rises == 0)
    var still = DescentRun(from: [1], stepSize: 1, limit: 10)
    #expect(try still.run { _ in (loss: 0, gradient: [0]) })
    #expect(still.reduction == nil)
    #expect(DescentRun.recorded(upTo: 0) == [0] && DescentRun.recorded(upTo: -1).isEmpty)
  }

  /// What was kept is taken up only whole.
  @Test func damagedStatesAreNotTakenUp() throws {
    let descent = try descent(.gaussian)
    var run = DescentRun(from: descent.start, stepSize: 0.01, limit: 60)
    #expect(try !run.run(descent) { $0 == 17 })
    let state = run.state(identity: "x").description
    #expect(DescentRun(try JSONValue(parsing: state), identity: "x", limit: 60) != nil)
    for (old, new) in [
      ("\"losses\":[", "\"losses\":[1,"), ("\"previous\":[", "\"previous\":[1,"),
      ("\"weights\":[", "\"weights\":[true,"), ("\"step\":16,", "\"step\":99,"),
    ] {
      let text: String = state.replacing(old, with: new)
      #expect(text != state, "\(old)")
      #expect(DescentRun(try JSONValue(parsing: text), identity: "x", limit: 60) == nil, "\(old)")
    }
  }

  /// Other losses have other inequalities.
  @Test func otherLossesAreRefused() throws {
    let instance = try Self.family().instance(.softmax, width: 4)
    let other = try LayerInstance(
      kernel: .softmax, loss: .meanSquare, samples: instance.samples, heads: instance.heads,
      outputMatrix: instance.outputMatrix)
    #expect(throws: InstanceError.self) { try LayerDescent(other, training: ["W_V"]) }
  }

  /// A singular value that is lost in rounding is none.
  @Test func numericalZerosAreZero() throws {
    let flat = Matrix<Double>(rows: 4, columns: 2, entries: [1, 3, 1, 3, 1, 3, 1, 3.0000000000000004])
    #expect(try LayerDescent.leastSingularValue(ofColumns: flat) == 0)
    #expect(try LayerDescent.leastSingularValue(ofColumns: flat.transposed) == 0)
    let values = try SingularValues(of: flat)
    #expect(values.rank == 1 && values.leastPositive == values.largest && values.condition == .infinity)
  }

  @Test func familiesDifferByTheirScalesAlone() throws {
    let small = try Self.family().instance(.softmax, width: 4),
      large = try Self.family(output: 2).instance(.gaussian, width: 4)
    #expect(small.samples == large.samples && small.heads == large.heads)
    let (a, b) = (try #require(small.outputMatrix), try #require(large.outputMatrix))
    #expect(b == a.map { Rational(2) * $0 })
    #expect(try Self.family().instance(.softmax, width: 4, draw: 1).samples != small.samples)
    // The standard deviations of what is drawn, from some thousand entries each.
    var family = SeededFamily(samples: 4, tokens: 40, keyWidth: 25, valueWidth: 36, heads: 2, outputs: 30)
    (family.weightScale, family.valueScale, family.outputScale) = (3, 5, 7)
    (family.dataScale, family.targetScale) = (2, 4)
    let instance = try family.instance(.softmax, width: 64), output = try #require(instance.outputMatrix)
    func deviation(_ matrices: [Matrix<Rational>]) -> Double {
      let entries = matrices.flatMap { $0.entries.map { Double($0) } }
      return sqrt(entries.reduce(0) { $0 + $1 * $1 } / Double(entries.count))
    }
    let targets = instance.samples.compactMap { if case .matrix(let target) = $0.target { target } else { nil } }
    for (found, expected) in [
      (deviation(instance.samples.map(\.input)), 2), (deviation(targets), 4),
      (deviation(instance.heads.flatMap { [$0.query, $0.key] }), 3.0 / 8),
      (deviation(instance.heads.map(\.value)), 5.0 / 8),
      (deviation([output]), 7.0 / 6),
    ] { #expect(abs(found / expected - 1) < 0.1, "\(found) for \(expected)") }
  }
}
