import Arithmetic
import Evaluation
import Formulas
import Transformers

/// The Hessian of one model, block by block: what is derived of it, and what is measured at random points.
public struct ModelComparison: Sendable {
  /// What is known of the sign of a diagonal block.
  public enum Definiteness: String, Hashable, Sendable {
    /// The block's functional part is derived to be zero, so that it is the Gauss–Newton part, which is positive semidefinite.
    case semidefiniteDerived = "semidefinite, derived"
    /// Eigenvalues of both signs at one of the points.
    case indefinite = "indefinite, measured"
    /// No eigenvalue below rounding at any of the points, or none above.
    case nonnegative = "no negative eigenvalue, measured"
    case nonpositive = "no positive eigenvalue, measured"
    /// Positive eigenvalues alone at some points, and negative ones alone at others.
    case either = "of either sign, measured"
  }

  /// One part of a block.
  public struct Part: Sendable {
    /// That it is zero, where that is derived.
    public let zero: Proof?
    /// The median of the spectral norm over the points; not a number where it is finite at none.
    public let norm: Double
    /// The median of the trace, of a diagonal block.
    public let trace: Double?
    /// The median slopes of the logarithm of the norm against that of the data scale: for small data, and from 1 to 2.
    public let exponent: Double?
    public let exponentAtOne: Double?
  }

  /// One block on or above the diagonal.
  public struct Block: Sendable {
    public let row: Symbol
    public let column: Symbol
    public let outer: Part
    public let functional: Part
    /// The median of the spectral norm of both together, of a diagonal block.
    public let norm: Double?
    /// Of a diagonal block.
    public let definiteness: Definiteness?
  }

  public let name: String
  public let layers: String
  /// The number of weights.
  public let count: Int
  public let blocks: [Block]
  /// `‖H_o‖₂`, `‖H_f‖₂` and the traces of the whole matrices, medians.
  public let outerNorm: Double
  public let functionalNorm: Double
  public let outerTrace: Double
  public let functionalTrace: Double
  /// The size of the part of the Hessian by queries and keys, and its largest numerical rank over the points; `nil` where the
  /// model has none.
  public let queryKey: (size: Int, rank: Int)?

  /// Whether every diagonal block of the functional part is derived to be zero.
  public var isBlockHollow: Bool { blocks.allSatisfy { $0.row != $0.column || $0.functional.zero != nil } }

  /// The largest norm of a diagonal block over the smallest; `nil` where that is zero.
  public var spread: Double? {
    let norms = blocks.compactMap(\.norm)
    guard let largest = norms.max(), let least = norms.min(), least > 0 else { return nil }
    return largest / least
  }

  /// - Errors: layers that do not fit; those of evaluation.
  init(_ model: ComparisonConfiguration.Model, _ configuration: ComparisonConfiguration) throws {
    let network = try Network(
      model.layers, tokens: Size(configuration.tokens), width: Size(configuration.width))
    let derivation = HessianDerivation(Objective(network, measuredBy: configuration.loss))
    let stack = RandomStack(network: network, seed: configuration.seed)
    let parameters = network.parameters
    let blocks = parameters.indices.flatMap { i in parameters[i...].map { derivation.block(parameters[i], $0) } }
    let small = Double(configuration.smallScale)
    let kinds = ["W_Q", "W_K", "W_QK"], chosen = parameters.indices.filter { kinds.contains(parameters[$0].baseName) }
    var draws: [[[HessianSample.Block]]] = []
    var norms: [[Double]] = [], ranks: [Int] = [], size = 0
    for draw in 0..<configuration.draws {
      var samples: [[HessianSample.Block]] = []
      for scale in [1, 2, small, small / 2] {
        let sample = try HessianSample(
          derivation, blocks, at: Self.point(stack, derivation.objective, draw, scale: scale))
        samples.append(sample.blocks)
        guard scale == 1 else { continue }
        norms.append([
          try LinearAlgebra.symmetricSpectralNorm(of: sample.outer),
          try LinearAlgebra.symmetricSpectralNorm(of: sample.functional), sample.outer.trace, sample.functional.trace,
        ])
        size = sample.outer.rows
        if !chosen.isEmpty { ranks.append(try sample.rank(of: chosen)) }
      }
      draws.append(samples)
    }
    func median(_ index: Int) -> Double { norms.map { $0[index] }.sorted().quantile(0.5) }
    self.blocks = blocks.indices.map { Self.block(blocks[$0], $0, draws) }
    (name, layers, count) = (model.name, network.text, size)
    (outerNorm, functionalNorm, outerTrace, functionalTrace) = (median(0), median(1), median(2), median(3))
    let counts = try chosen.map { try stack.count(of: parameters[$0]) }
    queryKey = ranks.max().map { (counts.reduce(0, +), $0) }
  }

  /// Data, target and weights of a draw, the data times the scale.
  static func point(
    _ stack: RandomStack, _ objective: Objective, _ draw: Int, scale: Double
  ) throws -> Environment<Double> {
    var point = try stack.environment(draw: draw)
    point[objective.model.input] = point[objective.model.input]?.map { scale * $0 }
    point[objective.target] = try stack.matrix(objective.target, draw, 1, stream: 0)
    for abbreviation in objective.abbreviations { try point.define(abbreviation.definition) }
    return point
  }

  private static func block(
    _ block: HessianBlock, _ index: Int, _ draws: [[[HessianSample.Block]]]
  ) -> Block {
    let isDiagonal = block.row == block.column
    func median(_ values: [Double]) -> Double? {
      let finite = values.filter(\.isFinite)
      return finite.isEmpty ? nil : finite.sorted().quantile(0.5)
    }
    func part(
      _ proof: Proof, _ norm: KeyPath<HessianSample.Block, Double>, _ trace: KeyPath<HessianSample.Block, Double>
    ) -> Part {
      let isZero = proof.judgement.right.isZeroMatrix
      func slope(_ above: Int, _ below: Int) -> Double? {
        if isZero { return nil }
        return median(
          draws.map { logarithm($0[above][index][keyPath: norm] / $0[below][index][keyPath: norm]) / logarithm(2) })
      }
      return Part(
        zero: isZero ? proof : nil, norm: median(draws.map { $0[0][index][keyPath: norm] }) ?? .nan,
        trace: isDiagonal ? median(draws.map { $0[0][index][keyPath: trace] }) : nil, exponent: slope(2, 3),
        exponentAtOne: slope(1, 0))
    }
    let functional = part(block.functionalProof, \.functionalNorm, \.functionalTrace)
    let samples = draws.map { $0[0][index] }
    return Block(
      row: block.row, column: block.column, outer: part(block.outerProductProof, \.outerNorm, \.outerTrace),
      functional: functional, norm: isDiagonal ? median(samples.map(\.norm)) : nil,
      definiteness: isDiagonal ? functional.zero != nil ? .semidefiniteDerived : Self.definiteness(samples) : nil)
  }

  static func definiteness(_ samples: [HessianSample.Block]) -> Definiteness {
    if samples.contains(where: { $0.hasNegative && $0.hasPositive }) { return .indefinite }
    return switch (samples.contains(where: \.hasNegative), samples.contains(where: \.hasPositive)) {
    case (true, true): .either
    case (true, false): .nonpositive
    case (false, _): .nonnegative
    }
  }
}

extension Formula {
  /// Whether it is the zero matrix as written.
  fileprivate var isZeroMatrix: Bool { self == .zero(shape.rows, shape.columns) }
}
