#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// A measure of total mass 1 on finitely many points of the line: the distribution of eigenvalues, or a quadrature of it.
public struct SpectralMeasure: Hashable, Sendable {
  public let nodes: [Double]
  public let weights: [Double]

  /// - Precondition: every node has a weight.
  public init(nodes: [Double], weights: [Double]) {
    precondition(nodes.count == weights.count, "\(nodes.count) nodes with \(weights.count) weights")
    (self.nodes, self.weights) = (nodes, weights)
  }

  /// The distribution of eigenvalues, each with the same mass.
  public init(eigenvalues: [Double]) {
    self.init(
      nodes: eigenvalues,
      weights: [Double](repeating: eigenvalues.isEmpty ? 0 : 1 / Double(eigenvalues.count), count: eigenvalues.count))
  }

  /// `∫ f dμ`.
  public func integral(_ f: (Double) -> Double) -> Double {
    zip(nodes, weights).reduce(0) { $0 + $1.1 * f($1.0) }
  }

  /// The density at `t` of the measure smoothed with a Gaussian, `Σ wᵢ φ((t − θᵢ)/σ)/σ`.
  public func density(at t: Double, width: Double) -> Double {
    integral { node in
      let z = (t - node) / width
      return exp(-z * z / 2) / (width * root(2 * Double.pi))
    }
  }

  /// The mass below `t` of the smoothed measure, `Σ wᵢ Φ((t − θᵢ)/σ)`.
  public func cumulative(at t: Double, width: Double) -> Double {
    integral { erfc(($0 - t) / (width * root(2.0))) / 2 }
  }
}

/// A mean of independent samples, with its standard error.
public struct SampleEstimate: Hashable, Sendable {
  public let value: Double
  /// Zero for an exact value; `nil` for a single sample, which does not tell.
  public let standardError: Double?

  public init(exact value: Double) { (self.value, standardError) = (value, 0) }

  /// The mean of samples.
  ///
  /// - Precondition: there is one.
  public init(_ samples: [Double]) {
    precondition(!samples.isEmpty, "no samples")
    let count = Double(samples.count)
    // Scaled, so that squares neither overflow nor vanish.
    let scale = samples.map { abs($0) }.max() ?? 0
    guard scale > 0, scale.isFinite else {
      (value, standardError) = (samples.reduce(0, +) / count, scale > 0 ? nil : samples.count > 1 ? 0 : nil)
      return
    }
    let mean = samples.reduce(0) { $0 + $1 / scale } / count
    let squares = samples.reduce(0) { $0 + ($1 / scale - mean) * ($1 / scale - mean) }
    value = mean * scale
    standardError = samples.count > 1 ? scale * root(squares / (count - 1) / count) : nil
  }

  /// The estimate times a number.
  public func scaled(by factor: Double) -> Self {
    Self(value: factor * value, standardError: standardError.map { abs(factor) * $0 })
  }

  /// The estimate's root, by the first-order rule; zero for what is not positive.
  public var squareRoot: Self {
    guard value > 0 else { return Self(value: 0, standardError: standardError) }
    let value = root(value)
    return Self(value: value, standardError: standardError.map { $0 / (2 * value) })
  }

  private init(value: Double, standardError: Double?) { (self.value, self.standardError) = (value, standardError) }
}
