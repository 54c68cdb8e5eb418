import Arithmetic

/// Quadratures of a symmetric map's spectral measure from random vectors: `uᵀf(A)u` for a random unit vector has the mean
/// `tr f(A)/n`, and `m` Lanczos steps from `u` integrate polynomials up to degree `2m − 1` exactly.
///
/// - Source: stochastic Lanczos quadrature, [ubaru2017], [lin2016].
public struct StochasticQuadrature: Sendable {
  /// The distribution that random vectors are drawn from, before they get length 1.
  public enum Distribution: String, CaseIterable, Hashable, Sendable {
    /// Entries `±1`.
    case rademacher
    case gaussian
  }

  /// How a quadrature is made.
  public struct Options: Hashable, Sendable {
    public var probes: Int
    public var steps: Int
    public var distribution: Distribution
    public var seed: UInt64

    /// - Precondition: numbers are positive.
    public init(probes: Int = 10, steps: Int = 80, distribution: Distribution = .rademacher, seed: UInt64 = 1) {
      precondition(probes > 0 && steps > 0, "\(probes) probes of \(steps) steps")
      (self.probes, self.steps, self.distribution, self.seed) = (probes, steps, distribution, seed)
    }
  }

  public let dimension: Int
  public let options: Options
  /// The quadrature of each random vector.
  public let measures: [SpectralMeasure]
  public let products: Int

  /// - Parameter observer: called after each product with the number of products; what it throws ends the work.
  /// - Errors: those of the map and the observer, and a product that is not finite.
  /// - Precondition: the dimension is positive.
  public init(
    of map: some SymmetricMap, _ options: Options = Options(), workspace: KrylovBasis = KrylovBasis(),
    observer: (_ products: Int) throws -> Void = { _ in }
  ) throws {
    let n = map.dimension
    precondition(n > 0, "a map of no dimension has no spectrum")
    var measures: [SpectralMeasure] = [], products = 0
    for probe in 0..<options.probes {
      // Each probe has a generator of its own: more probes leave the first ones as they are.
      var generator = SplitMix64(seed: SplitMix64.combined(options.seed, UInt64(probe)))
      try workspace.prepare(dimension: n, capacity: min(options.steps, n) + 1)
      options.distribution.fill(workspace.vector(0), using: &generator)
      workspace.accept(length: workspace.length)
      var process = LanczosProcess(workspace, locked: 0)
      while process.order < min(options.steps, n) {
        let continues = try process.step(map)
        products += 1
        try observer(products)
        if !continues { break }
      }
      measures.append(try process.measure())
    }
    (dimension, self.options, self.measures, self.products) = (n, options, measures, products)
  }

  /// `tr f(A)/n`.
  public func mean(_ f: (Double) -> Double) -> SampleEstimate { SampleEstimate(measures.map { $0.integral(f) }) }

  /// `tr A`.
  public var trace: SampleEstimate { mean { $0 }.scaled(by: Double(dimension)) }

  /// `‖A‖_F = √(tr A²)`.
  public var frobeniusNorm: SampleEstimate {
    let largest = measures.flatMap(\.nodes).map { abs($0) }.max() ?? 0
    guard largest > 0 else { return mean { abs($0) } }
    return mean { ($0 / largest) * ($0 / largest) }.scaled(by: Double(dimension)).squareRoot.scaled(by: largest)
  }
}

extension StochasticQuadrature.Distribution {
  fileprivate func fill(_ vector: UnsafeMutableBufferPointer<Double>, using generator: inout SplitMix64) {
    for i in vector.indices {
      switch self {
      case .rademacher: vector[i] = (generator.next() as UInt64) & 1 == 0 ? 1 : -1
      case .gaussian: vector[i] = generator.standardNormal()
      }
    }
  }
}

extension LanczosProcess {
  /// The Gauss quadrature of the start vector's spectral measure.
  fileprivate func measure() throws(LinearAlgebraError) -> SpectralMeasure {
    let (values, vectors) = try tridiagonal.eigen()
    let n = values.count
    return SpectralMeasure(
      nodes: values.map(unscaled), weights: values.indices.map { vectors[$0 * n] * vectors[$0 * n] })
  }
}
