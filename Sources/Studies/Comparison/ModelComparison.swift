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
    /// No eigenvalue below rounding at any of the points.
    case semidefiniteMeasured = "no negative eigenvalue, measured"
    /// Eigenvalues of both signs at some point.
    case indefinite = "indefinite, measured"
  }

  /// One part of a block.
  public struct Part: Sendable {
    /// That it is zero, where that is derived.
    public let zero: Proof?
    /// The median of the spectral norm over the points.
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

  /// The largest norm of a diagonal block over the smallest.
  public var spread: Double {
    let norms = blocks.filter { $0.row == $0.column }.map { $0.outer.norm + $0.functional.norm }.filter { $0 > 0 }
    guard let largest = norms.max(), let least = norms.min() else { return 1 }
    return largest / least
  }

  /// - Errors: layers that do not fit; those of evaluation.
  init(_ model: ComparisonConfiguration.Model, _ configuration: ComparisonConfiguration) throws {
    let network = try Network(
      model.layers, tokens: Size(configuration.tokens), width: Size(configuration.width))
    let derivation = HessianDerivation(Objective(network, measuredBy: configuration.loss))
    let stack = RandomStack(network: network, sizes: [:], seed: configuration.seed)
    let parameters = network.parameters
    let blocks = parameters.indices.flatMap { i in parameters[i...].map { derivation.block(parameters[i], $0) } }
    let small = Double(configuration.smallScale)
    let draws = try (0..<configuration.draws).map { draw in
      try [1, 2, small, small / 2].map { scale in
        try HessianSample(derivation, blocks, at: Self.point(stack, derivation.objective, draw, scale: scale))
      }
    }
    self.blocks = blocks.indices.map { Self.block(blocks[$0], $0, draws) }
    func median(_ value: (HessianSample) -> Double) -> Double { draws.map { value($0[0]) }.sorted().quantile(0.5) }
    (name, layers) = (model.name, network.text)
    count = draws[0][0].outer.rows
    outerNorm = try Self.norm(draws, \.outer)
    functionalNorm = try Self.norm(draws, \.functional)
    outerTrace = median { $0.outer.trace }
    functionalTrace = median { $0.functional.trace }
    queryKey = try Self.queryKey(parameters, draws.map { $0[0] })
  }

  private static func norm(_ draws: [[HessianSample]], _ part: (HessianSample) -> Matrix<Double>) throws -> Double {
    try draws.map { try LinearAlgebra.symmetricSpectralNorm(of: part($0[0])) }.sorted().quantile(0.5)
  }

  /// Data, target and weights of a draw, the data times the scale.
  private static func point(
    _ stack: RandomStack, _ objective: Objective, _ draw: Int, scale: Double
  ) throws -> Environment<Double> {
    var point = try stack.environment(draw: draw)
    point[objective.model.input] = point[objective.model.input]?.map { scale * $0 }
    point[objective.target] = try stack.matrix(objective.target, draw, 1, stream: 0)
    for abbreviation in objective.abbreviations { try point.define(abbreviation.definition) }
    return point
  }

  private static func block(_ block: HessianBlock, _ index: Int, _ draws: [[HessianSample]]) -> Block {
    let isDiagonal = block.row == block.column
    func part(_ proof: Proof, _ norms: KeyPath<HessianSample, [Double]>, _ traces: KeyPath<HessianSample, [Double]>) -> Part {
      let isZero = proof.judgement.right.isZeroMatrix
      func median(_ values: [Double]) -> Double? {
        let finite = values.filter(\.isFinite)
        return finite.isEmpty ? nil : finite.sorted().quantile(0.5)
      }
      func slope(_ above: Int, _ below: Int) -> Double? {
        isZero
          ? nil
          : median(
            draws.map { (logarithm($0[above][keyPath: norms][index] / $0[below][keyPath: norms][index])) / logarithm(2) })
      }
      return Part(
        zero: isZero ? proof : nil, norm: median(draws.map { $0[0][keyPath: norms][index] }) ?? 0,
        trace: isDiagonal ? median(draws.map { $0[0][keyPath: traces][index] }) : nil, exponent: slope(2, 3),
        exponentAtOne: slope(1, 0))
    }
    let functional = part(block.functionalProof, \.functionalNorms, \.functionalTraces)
    var definiteness: Definiteness?
    if isDiagonal {
      let isIndefinite = draws.contains { $0[0].isIndefinite[index] }
      definiteness =
        functional.zero != nil ? .semidefiniteDerived : isIndefinite ? .indefinite : .semidefiniteMeasured
    }
    return Block(
      row: block.row, column: block.column, outer: part(block.outerProductProof, \.outerNorms, \.outerTraces),
      functional: functional, definiteness: definiteness)
  }

  private static func queryKey(_ parameters: [Symbol], _ samples: [HessianSample]) throws -> (size: Int, rank: Int)? {
    let kinds = ["W_Q", "W_K", "W_QK"]
    let chosen = parameters.indices.filter { i in kinds.contains(String(parameters[i].name.prefix { $0 != "^" })) }
    guard !chosen.isEmpty else { return nil }
    var size = 0, rank = 0
    for sample in samples {
      let places = chosen.flatMap { Array(sample.ranges[$0]) }
      let part = Matrix<Double>(rows: places.count, columns: places.count) { i, j in
        sample.outer[places[i], places[j]] + sample.functional[places[i], places[j]]
      }
      let values = try LinearAlgebra.singularValues(of: part)
      size = places.count
      rank = max(rank, values.filter { $0 > (values.first ?? 0) * 1e-10 }.count)
    }
    return (size, rank)
  }
}

/// The two parts of a Hessian at a point, in floating point.
private struct HessianSample {
  let outer: Matrix<Double>
  let functional: Matrix<Double>
  /// Where each parameter stands.
  let ranges: [Range<Int>]
  /// Of the blocks on and above the diagonal.
  let outerNorms: [Double]
  let functionalNorms: [Double]
  let outerTraces: [Double]
  let functionalTraces: [Double]
  let isIndefinite: [Bool]

  init(_ derivation: HessianDerivation, _ blocks: [HessianBlock], at point: Environment<Double>) throws {
    let evaluator = Evaluator(point), parameters = derivation.objective.model.parameters
    var start = 0
    ranges = parameters.map { parameter in
      let count = point[parameter]?.entries.count ?? 0
      defer { start += count }
      return start..<(start + count)
    }
    var outer = [Double](repeating: 0, count: start * start), functional = outer
    var norms: [[Double]] = [[], []], traces: [[Double]] = [[], []], signs: [Bool] = []
    for block in blocks {
      guard let i = parameters.firstIndex(of: block.row), let j = parameters.firstIndex(of: block.column) else { continue }
      let parts = [try evaluator.value(of: block.outerProduct), try evaluator.value(of: block.functional)]
      for (index, part) in parts.enumerated() {
        norms[index].append(try LinearAlgebra.largestSingularValue(of: part))
        traces[index].append(i == j ? part.trace : 0)
      }
      for a in 0..<ranges[i].count {
        for b in 0..<ranges[j].count {
          let upper = (ranges[i].lowerBound + a) * start + ranges[j].lowerBound + b
          let lower = (ranges[j].lowerBound + b) * start + ranges[i].lowerBound + a
          (outer[upper], outer[lower]) = (parts[0][a, b], parts[0][a, b])
          (functional[upper], functional[lower]) = (parts[1][a, b], parts[1][a, b])
        }
      }
      guard i == j else {
        signs.append(false)
        continue
      }
      let values = try LinearAlgebra.symmetricEigenvalues(of: parts[0] + parts[1])
      let largest = values.map(abs).max() ?? 0, rounding = 1e-10 * largest
      signs.append((values.min() ?? 0) < -rounding && (values.max() ?? 0) > rounding)
    }
    self.outer = Matrix(rows: start, columns: start, entries: outer)
    self.functional = Matrix(rows: start, columns: start, entries: functional)
    (outerNorms, functionalNorms, outerTraces, functionalTraces) = (norms[0], norms[1], traces[0], traces[1])
    isIndefinite = signs
  }
}

extension Formula {
  /// Whether it is the zero matrix as written.
  fileprivate var isZeroMatrix: Bool { self == .zero(shape.rows, shape.columns) }
}

extension Matrix<Double> {
  /// `Σ_i m_ii`.
  fileprivate var trace: Double { (0..<Swift.min(rows, columns)).reduce(0) { $0 + self[$1, $1] } }
}
