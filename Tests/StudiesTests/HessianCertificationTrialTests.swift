import Arithmetic
import AttentionHessian
import Evaluation
import Formulas
import Foundation
import Testing
import Transformers

/// Verdicts on random instances beside an evaluation at 256 bits that has no step in common with them: the second
/// derivative of the loss by nested dual numbers in balls, and the signs of the pivots of `MI ± H`.
///
/// `HESSIAN_CERTIFICATION_INSTANCES=10000` runs as many as that.
@Suite struct HessianCertificationTrialTests {
  private static let precision = 256
  private static let count =
    ProcessInfo.processInfo.environment["HESSIAN_CERTIFICATION_INSTANCES"].flatMap(Int.init) ?? 240

  /// A random layer; of every fourth one the logits are zero, so that the Hessian is rational or has one root.
  private static func instance(_ index: Int, _ generator: inout SplitMix64) throws -> LayerInstance {
    func size(_ limit: Int) -> Int { generator.uniform(below: limit) + 1 }
    let (L, d, k, v) = (size(3), size(2), size(2), size(2))
    func draw(_ rows: Int, _ columns: Int) -> Matrix<Rational> {
      let scale = [Rational(1, over: 9), Rational(1, over: 2), 2][generator.uniform(below: 3)]
      return Matrix(rows: rows, columns: columns) { _, _ in Rational.random(using: &generator) * scale }
    }
    let kernel = [AttentionKernel.softmax, .gaussian, .softmax, .linear][index % 4]
    let X = draw(L, d), target = LayerInstance.Target.matrix(draw(L, v))
    let head = LayerInstance.Head(
      query: index.isMultiple(of: 4) ? .zero(rows: d, columns: k) : draw(d, k), key: draw(d, k), value: draw(d, v))
    return try LayerInstance(kernel: kernel, samples: [.init(input: X, target: target)], heads: [head])
  }

  /// `H` at 256 bits by nested dual numbers.
  private static func hessian(_ instance: LayerInstance) throws -> Matrix<Ball> {
    try Ball.withWorkingPrecision(precision) {
      let objective = instance.objective
      let point: Environment<Ball> = try instance.environment(of: objective)
      let parameters = objective.model.parameters.map { Formula.symbol($0) }
      let blocks = parameters.map { row in parameters.map { objective.loss.jacobian(row).jacobian($0) } }
      return try Formula.blocks(blocks).value(in: point)
    }
  }

  /// Whether all pivots of a symmetric matrix are positive; `nil` where a sign cannot be told.
  private static func isPositiveDefinite(_ matrix: Matrix<Ball>) throws -> Bool? {
    var rest = matrix
    for k in 0..<rest.rows {
      let pivot = rest[k, k]
      if try pivot.upper < 0 { return false }
      guard try pivot.lower > 0 else { return nil }
      let column = try (0..<rest.rows).map { try rest[$0, k].divided(by: pivot) }
      for i in (k + 1)..<max(rest.rows, k + 1) {
        for j in (k + 1)..<rest.rows { rest[i, j] = rest[i, j] - column[i] * rest[k, j] }
      }
    }
    return true
  }

  /// Whether `‖H‖₂ ≤ M`; `nil` where 256 bits do not tell.
  private static func reference(_ hessian: Matrix<Ball>, _ bound: Rational) throws -> Bool? {
    try Ball.withWorkingPrecision(precision) {
      let shift = Matrix<Ball>.identity(hessian.rows).scaled(by: Ball(bound, precision: precision))
      let signs = [try isPositiveDefinite(shift - hessian), try isPositiveDefinite(shift + hessian)]
      if signs.contains(false) { return false }
      return signs.contains(nil) ? nil : true
    }
  }

  /// Whether the norm is the bound up to a part of 10⁻⁵⁰.
  private static func isNearlyEqual(_ hessian: Matrix<Ball>, _ bound: Rational) throws -> Bool {
    let tiny = try Rational(10).power(-50)
    return try reference(hessian, bound * (1 + tiny)) == true && reference(hessian, bound * (1 - tiny)) == false
  }

  @Test(arguments: 0..<4) func verdictsAgreeWithAnEvaluationAt256Bits(part: Int) throws {
    var generator = SplitMix64(seed: UInt64(1_000 + part))
    var tally = [String: Int]()
    for index in 0..<(Self.count / 4) {
      let instance = try Self.instance(index, &generator)
      let hessian = try Self.hessian(instance)
      // A decimal at or near the norm, off by a planted amount; that it is near decides nothing.
      let near = try Ball.withWorkingPrecision(Self.precision) { try Ball.spectralNorm(of: hessian) }
      let bounds = try near.decimalBounds(digits: generator.uniform(below: 30) + 1)
      let bound = try Rational(exactly: generator.uniform(below: 2) == 0 ? bounds.lower : bounds.upper)
      let certification = try HessianCertification(instance, .bound(bound))
      let place = "part \(part), instance \(index), M = \(bound)"
      switch (try Self.reference(hessian, bound), certification.verdict) {
      case (true, .proven): tally["proven", default: 0] += 1
      case (false, .refuted): tally["refuted", default: 0] += 1
      // What 256 bits cannot tell apart from equality is equal; where exact arithmetic does not reach, that is undecided.
      case (nil, .proven) where try Self.isNearlyEqual(hessian, bound): tally["equal", default: 0] += 1
      case (nil, .undecided) where try Self.isNearlyEqual(hessian, bound): tally["undecided", default: 0] += 1
      case (let expected, let verdict): Issue.record("\(place): \(String(describing: (expected, verdict)))")
      }
      // The norm's enclosure meets the one at 256 bits.
      if let norm = certification.norm {
        #expect(try norm.lower <= near.upper && norm.upper >= near.lower, "\(place)")
      }
    }
    #expect(tally["proven", default: 0] > Self.count / 20 && tally["refuted", default: 0] > Self.count / 20, "\(tally)")
    if Self.count > 240 { print("part \(part): \(tally.sorted { $0.key < $1.key })") }
  }

  /// An instance whose verdict is known to be wrong is noticed.
  @Test func aWrongVerdictWouldBeSeen() throws {
    var generator = SplitMix64(seed: 3)
    let hessian = try Self.hessian(try Self.instance(1, &generator))
    let norm = try Ball.spectralNorm(of: hessian)
    let slightly = try 1 + Rational(10).power(-25)
    #expect(try Self.reference(hessian, norm.upper * slightly) == true)
    #expect(try Self.reference(hessian, norm.lower * (2 - slightly)) == false)
  }
}
