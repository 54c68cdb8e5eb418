import Arithmetic
import Evaluation
import Formulas
import MatrixCalculus
import Testing

/// Layer normalisation: where the best constants are attained, and that the second derivative is symmetric in all three
/// places, on which its constant rests.
@Suite struct NormalizationNormLawsTests {
  private static let Z = Formula.symbol("Z", "m", "n"), G = Formula.symbol("G", "m", "n")
  private static let e = Formula.symbol("e", 1, 1)

  private func point(_ z: [Double], _ g: [Double], _ e: Double) -> Environment<Double> {
    Environment(
      sizes: ["m": 1, "n": z.count],
      values: [
        Symbol("Z", Shape("m", "n")): Matrix(rows: 1, columns: z.count, entries: z),
        Symbol("G", Shape("m", "n")): Matrix(rows: 1, columns: z.count, entries: g),
        Symbol("e", .scalar): Matrix(e),
      ])
  }

  /// Both sides of a law, its variables replaced.
  private func ratio(_ id: Rule.ID, at point: Environment<Double>) throws -> Double {
    let statement = try #require(Laws.byID[id]).statement
    let names: [Formula: Formula] = [
      .variable("Z", "m", "n"): Self.Z, .variable("G", "m", "n"): Self.G, .variable("e", 1, 1): Self.e,
    ]
    let left = try statement.left.replacing(names).value(in: point).scalar
    return try left / statement.right.replacing(names).value(in: point).scalar
  }

  /// The variance is `ε/4` where the bound by `ε` is attained, `ε/2` where that by the deviation is.
  @Test(arguments: [
    ("norm_layerNormSecondDerivative", [1.0, -1], 4.0),
    ("norm_layerNormSecondDerivative", [3, 2, -1, -4], 30),
    ("norm_layerNormSecondDerivative_inverseDeviation", [1, -1], 2),
    ("norm_layerNormSecondDerivative_inverseDeviation", [0, 3, -3], 12),
  ]) func constantsOfTheSecondDerivativeAreAttained(id: String, z: [Double], e: Double) throws {
    #expect(abs(try ratio(Rule.ID(rawValue: id), at: point(z, z, e)) - 1) < 1e-14)
    #expect(try ratio(Rule.ID(rawValue: id), at: point(z, z, e * 2)) < 0.99)
    #expect(try ratio(Rule.ID(rawValue: id), at: point(z, z, e / 2)) < 0.99)
  }

  @Test func constantsAtEqualEntries() throws {
    #expect(abs(try ratio("norm_inverseDeviation_largestEntry", at: point([5, 5, 5], [1, 2, 4], 3)) - 1) < 1e-14)
    #expect(abs(try ratio("norm_layerNormJacobian", at: point([5, 5, 5], [1, 2, 4], 3)) - 1) < 1e-14)
    #expect(try ratio("norm_layerNorm_largestRow_size", at: point([1, -1], [1, 1], 1e-6)) > 1 - 1e-6)
  }

  /// `gᵀ layerNorm″(z, u) w` does not change when `g`, `u`, `w` change places.
  @Test func theSecondDerivativeIsTrilinearAndSymmetric() throws {
    let names = ["g", "u", "w"].map { Symbol($0, Shape(1, "n")) }
    var generator = SplitMix64(seed: 9)
    var point = Environment<Formal<Modular>>(sizes: ["n": 4])
    let z = Symbol("z", Shape(1, "n")), e = Symbol("e", .scalar)
    try point.draw(names + [z, e], using: &generator)
    func form(_ a: Int, _ b: Int, _ c: Int) throws -> Formal<Modular> {
      let second = NormalizationFunctions.secondDerivative(.symbol(z), .symbol(names[b]), .symbol(e))
      return try (Formula.symbol(names[a]) * second * Formula.symbol(names[c]).transposed).value(in: point).scalar
    }
    let first = try form(0, 1, 2)
    #expect(!first.isZero)
    for (a, b, c) in [(0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)] { #expect(try form(a, b, c) == first) }
  }

  /// A law about row blocks that also takes a number: the norm of the blocks is that of the whole matrix.
  @Test func normsByRowBlocks() throws {
    var generator = SplitMix64(seed: 4)
    var point = Environment<Double>(sizes: ["m": 3, "n": 4])
    try point.draw([Symbol("Z", Shape("m", "n")), Symbol("G", Shape("m", "n"))], using: &generator)
    point[Symbol("e", .scalar)] = Matrix(0.5)
    for formula in [
      NormalizationFunctions.jacobian(Self.Z, Self.e), NormalizationFunctions.secondDerivative(Self.Z, Self.G, Self.e),
    ] {
      let dense = try LinearAlgebra.largestSingularValue(of: formula.value(in: point))
      #expect(abs(try formula.norm().value(in: point).scalar - dense) < 1e-13 * dense)
    }
  }
}
