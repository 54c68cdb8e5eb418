import Arithmetic

/// The spectral norm of a symmetric linear map by Lanczos iteration with full reorthogonalisation: an estimate from below,
/// with the residual as error estimate; never a bound.
public enum Lanczos {
  /// What an iteration found.
  public struct Result: Hashable, Sendable {
    /// The largest absolute Ritz value, at most the norm up to rounding.
    public let norm: Double
    /// `‖Hv − θv‖` of its Ritz vector: some eigenvalue lies so close to it.
    public let residual: Double
    public let iterations: Int
    /// Whether the residual is below the tolerance.
    public let converged: Bool
  }

  /// `max |λ|` of a symmetric map on vectors of a given length.
  ///
  /// - Parameters:
  ///   - tolerance: on the residual, relative to the norm.
  ///   - seed: of the start vector.
  public static func spectralNorm(
    dimension: Int, tolerance: Double = 1e-9, iterations limit: Int = 200, seed: UInt64,
    _ map: ([Double]) throws -> [Double]
  ) throws -> Result {
    var generator = SplitMix64(seed: seed)
    var basis = [normalized((0..<dimension).map { _ in Double.random(using: &generator) })]
    var diagonal: [Double] = [], below: [Double] = []
    var result = Result(norm: 0, residual: .infinity, iterations: 0, converged: dimension == 0)
    for step in 0..<min(limit, dimension) {
      var w = try map(basis[step])
      diagonal.append(dot(w, basis[step]))
      // Twice is enough.
      for _ in 0..<2 {
        for b in basis { add(-dot(w, b), b, to: &w) }
      }
      let next = root(dot(w, w))
      result = try ritz(diagonal, below, next, tolerance)
      if result.converged || step + 1 == min(limit, dimension) { break }
      below.append(next)
      basis.append(w.map { $0 / next })
    }
    return result
  }

  private static func ritz(
    _ diagonal: [Double], _ below: [Double], _ next: Double, _ tolerance: Double
  ) throws -> Result {
    let n = diagonal.count
    let tridiagonal = Matrix<Double>(rows: n, columns: n) { i, j in
      i == j ? diagonal[i] : abs(i - j) == 1 ? below[min(i, j)] : 0
    }
    let (values, vectors) = try LinearAlgebra.symmetricEigen(of: tridiagonal)
    let best = values.indices.max { abs(values[$0]) < abs(values[$1]) } ?? 0
    let residual = abs(next * vectors[n - 1, best])
    return Result(
      norm: abs(values[best]), residual: residual, iterations: n,
      converged: residual <= tolerance * abs(values[best]) || next == 0)
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }

  private static func add(_ factor: Double, _ b: [Double], to a: inout [Double]) {
    for i in a.indices { a[i] += factor * b[i] }
  }

  private static func normalized(_ v: [Double]) -> [Double] {
    let length = root(dot(v, v))
    return length > 0 ? v.map { $0 / length } : v
  }
}
