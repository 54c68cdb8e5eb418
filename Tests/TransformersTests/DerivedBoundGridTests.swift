import Arithmetic
import Evaluation
import Formulas
import Foundation
import Testing
import Transformers

/// The derived bounds against the bound that was found by hand.
@Suite struct DerivedBoundGridTests {
  private typealias B = RepairedBound
  private static let objective = Objective(SelfAttention(.softmax))
  private static let spectralResidualNorm = Symbol("rho_2", .scalar)

  /// The bound of the whole Hessian in `‖X‖₂`, the `‖W‖₂` and norms of the residual, each norm replaced by a symbol.
  private static func bound() throws -> Formula {
    let bound = try HessianBoundTests.bound(objective, AllowedNorms([.residual]), witnesses: 12).bound
    let R = Formula.symbol(Symbol("R", objective.residual.shape))
    let weights = objective.model.parameters.map { Formula.symbol($0).norm() }
    let names: [Formula: Symbol] = [
      Formula.symbol(objective.model.input).norm(): B.dataNorm, weights[0]: B.queryNorm, weights[1]: B.keyNorm,
      weights[2]: B.valueNorm, R.norm(): spectralResidualNorm, R.norm(.frobenius): B.residualNorm,
      R.norm(.largestRow): B.residualRowNorm,
    ]
    return bound.replacing(names.mapValues { .symbol($0) })
  }

  private static func fraction(_ generator: inout SplitMix64) -> Double { (Double.random(using: &generator) + 1) / 2 }

  /// Norms that matrices can have, each over six orders of magnitude, independently; sizes over three.
  private static func point(_ generator: inout SplitMix64) -> Environment<Double> {
    func between(_ low: Double, _ high: Double) -> Double { low * pow(high / low, fraction(&generator)) }
    func norm() -> Double { between(1e-3, 1e3) }
    func size() -> Int { Int(between(1, 1000)) }
    let (L, value, key) = (size(), size(), size())
    let frobenius = norm()
    let spectral = between(frobenius / root(Double(min(L, value))), frobenius)
    let row = between(max(frobenius / root(Double(L)), 1e-6), spectral)
    return Environment(
      sizes: ["L": L, "d_V": value, "d_K": key, "d": 1],
      values: [
        B.dataNorm: Matrix(norm()), B.queryNorm: Matrix(norm()), B.keyNorm: Matrix(norm()), B.valueNorm: Matrix(norm()),
        B.attentionNorm: Matrix(root(Double(L))), B.residualNorm: Matrix(frobenius),
        B.residualRowNorm: Matrix(min(row, spectral)), spectralResidualNorm: Matrix(spectral),
      ])
  }

  /// In norms of single matrices the derived bound is nowhere above the one found by hand.
  @Test func isNowhereAboveTheRepairedBound() throws {
    let bound = try Self.bound()
    let inNumbers = try DerivedBound.derived(.norm).formula
    let withAttention = try DerivedBound.derived(.norm, isAttentionNormGiven: true).formula
    var generator = SplitMix64(seed: 2026)
    var ratios: [Double] = []
    for _ in 0..<10_000 {
      var point = Self.point(&generator)
      let repaired = try B.bound.value(in: point).scalar
      let derived = try bound.value(in: point).scalar
      ratios.append(derived / repaired)
      #expect(derived <= repaired * (1 + 1e-12), "\(point.sizes), \(point.values.mapValues(\.scalar))")
      // The same without the largest row of the residual, and with a measured norm of the attention weights.
      point[B.residualRowNorm] = point[B.residualNorm]
      let coarse = try inNumbers.value(in: point).scalar
      #expect(coarse <= (try B.bound.value(in: point).scalar) * (1 + 1e-12), "\(point.sizes)")
      let exponent = Self.fraction(&generator)
      point[B.attentionNorm] = point[B.attentionNorm]?.map { pow($0, exponent) }
      let measured = try withAttention.value(in: point).scalar
      #expect(measured <= (try B.bound.value(in: point).scalar) * (1 + 1e-12), "\(point.sizes)")
    }
    ratios.sort()
    #expect(ratios[ratios.count / 2] < 1)
  }

  /// With norms of products allowed its median over random layers is at most 0.4 of the one found by hand, with pairwise
  /// distances of tokens at most 0.25.
  @Test(arguments: [false, true]) func isFarBelowItWithNormsOfProducts(areDistancesAllowed: Bool) throws {
    let objective = Self.objective
    let families: Set<AllowedNorms.Family> =
      areDistancesAllowed
      ? [.residual, .rows, .attention, .products, .distances] : [.residual, .attention, .products]
    let bound = try HessianBoundTests.bound(objective, AllowedNorms(families), witnesses: 12).bound
    var ratios: [Double] = []
    for seed in UInt64(1000)..<1300 {
      var point = try HessianBoundTests.point(objective, seed: seed)
      for abbreviation in objective.abbreviations { try point.define(abbreviation.definition) }
      let evaluator = Evaluator(point)
      ratios.append(try evaluator.value(of: bound).scalar / repaired(point, evaluator))
    }
    ratios.sort()
    #expect(ratios[ratios.count / 2] <= (areDistancesAllowed ? 0.25 : 0.4))
    #expect(ratios[ratios.count - 1] <= 1)
  }

  private func repaired(_ point: Environment<Double>, _ evaluator: Evaluator<Double>) throws -> Double {
    let objective = Self.objective
    let R = Formula.symbol(Symbol("R", objective.residual.shape))
    let matrices = [objective.model.input] + objective.model.parameters
    var norms = Environment<Double>(sizes: point.sizes)
    for (symbol, matrix) in zip([B.dataNorm, B.queryNorm, B.keyNorm, B.valueNorm], matrices) {
      norms[symbol] = try evaluator.value(of: Formula.symbol(matrix).norm())
    }
    norms[B.residualNorm] = try evaluator.value(of: R.norm(.frobenius))
    norms[B.residualRowNorm] = try evaluator.value(of: R.norm(.largestRow))
    norms[B.attentionNorm] = try B.attentionNormBound.value(in: norms)
    return try B.bound.value(in: norms).scalar
  }
}
