import Arithmetic

/// Eigenvalues at the ends of the spectrum of a symmetric linear map, by Lanczos iteration with full
/// reorthogonalisation and thick restarts.
///
/// Every result is an estimate: the largest Ritz value is at most the largest eigenvalue, up to rounding, and a residual
/// says that some eigenvalue is near. Nothing here is a bound of the norm.
/// - Source: [parlett1998, §13]; restarts [wu2000].
public enum Lanczos {
  /// When an eigenvalue counts as found.
  public enum Criterion: Hashable, Sendable {
    /// `‖Av − θv‖ ≤ t‖A‖`: some eigenvalue is that close to `θ`.
    case residual(Double)
    /// `‖Av − θv‖²/gap ≤ t‖A‖`, where the gap is that to the next Ritz value: the error of `θ` where it is the
    /// eigenvalue nearest to it. It takes fewer products, and takes eigenvalues within the residual of each other for
    /// one: the error is then up to their distance.
    case value(Double)

    var tolerance: Double {
      switch self {
      case .residual(let tolerance), .value(let tolerance): tolerance
      }
    }
  }

  /// How an iteration is run.
  public struct Options: Sendable {
    public var criterion: Criterion
    /// The most products with the map.
    public var products: Int
    /// The most vectors that are kept at a time; `nil` for as many as serve and take at most 2 GiB.
    public var basis: Int?
    /// Of the start vectors.
    public var seed: UInt64
    /// Where start vectors are not zero; `nil` for everywhere.
    public var support: Range<Int>?

    public init(
      _ criterion: Criterion = .residual(1e-9), products: Int = 1000, basis: Int? = nil, seed: UInt64 = 1,
      support: Range<Int>? = nil
    ) {
      (self.criterion, self.products, self.basis) = (criterion, products, basis)
      (self.seed, self.support) = (seed, support)
    }

    /// The number of vectors besides the locked ones and the one in progress.
    func basisLimit(dimension: Int, wanted: Int) -> Int {
      let affordable = (2 << 30) / 8 / max(dimension, 1)
      let limit = max(basis ?? min(max(200, 6 * wanted), affordable), 4 * wanted + 12)
      return min(limit, max(dimension, 1), max(products, 1))
    }
  }

  /// What an iteration for the norm found.
  public struct Result: Hashable, Sendable {
    /// The largest absolute Ritz value, at most the norm up to rounding.
    public let norm: Double
    /// `‖Hv − θv‖` of its Ritz vector: some eigenvalue lies so close to it.
    public let residual: Double
    /// The number of products.
    public let iterations: Int
    /// Whether the criterion is met.
    public let converged: Bool

    public init(norm: Double, residual: Double, iterations: Int, converged: Bool) {
      (self.norm, self.residual, self.iterations, self.converged) = (norm, residual, iterations, converged)
    }
  }

  /// `‖A‖₂ = max |λ|`, estimated from below.
  ///
  /// - Parameter workspace: memory that is reused where it is given.
  /// - Errors: those of the map, and a product that is not finite.
  public static func spectralNorm(
    of map: some SymmetricMap, _ options: Options = Options(), workspace: KrylovBasis = KrylovBasis()
  ) throws -> Result {
    let n = map.dimension
    guard n > 0 else { return Result(norm: 0, residual: 0, iterations: 0, converged: true) }
    let limit = options.basisLimit(dimension: n, wanted: 1)
    try workspace.prepare(dimension: n, capacity: limit + 1)
    var generator = SplitMix64(seed: options.seed)
    guard workspace.start(options.support, using: &generator) else {
      return Result(norm: 0, residual: 0, iterations: 0, converged: true)
    }
    var process = LanczosProcess(workspace, locked: 0)
    while true {
      let continues = try process.step(map)
      let isFull = process.order == limit
      var found: NormEstimate
      if process.isTridiagonal {
        found = NormEstimate(&process, options.criterion)
      } else if isFull || !continues || process.products >= options.products {
        found = NormEstimate(try process.ritz(), options.criterion)
      } else {
        continue
      }
      if !continues { found.isConverged = true }
      if found.isConverged || process.products >= options.products {
        return Result(
          norm: process.unscaled(found.norm), residual: process.unscaled(found.residual), iterations: process.products,
          converged: found.isConverged)
      }
      guard isFull else { continue }
      let ritz = try process.ritz(), each = max(3, limit / 4)
      process.restart(keeping: Array(0..<each) + Array((limit - each)..<limit), of: ritz)
    }
  }

  /// The same for a map given by a function, with a tolerance on the residual relative to the norm.
  public static func spectralNorm(
    dimension: Int, tolerance: Double = 1e-9, iterations limit: Int = 200, seed: UInt64,
    _ map: ([Double]) throws -> [Double]
  ) throws -> Result {
    try withoutActuallyEscaping(map) { map in
      try spectralNorm(
        of: SymmetricFunction(dimension: dimension, map),
        Options(.residual(tolerance), products: limit, basis: limit, seed: seed))
    }
  }
}

/// The largest absolute Ritz value, and whether it will do.
private struct NormEstimate {
  let norm: Double
  let residual: Double
  var isConverged: Bool

  init(_ process: inout LanczosProcess, _ criterion: Lanczos.Criterion) {
    let (low, high) = (process.extreme(.smallest), process.extreme(.largest))
    let isHigh = abs(high.value) >= abs(low.value)
    (norm, residual) = isHigh ? (abs(high.value), high.residual) : (abs(low.value), low.residual)
    switch criterion {
    case .residual(let tolerance): isConverged = residual <= tolerance * norm
    case .value(let tolerance):
      // The gap is large enough where no other Ritz value is nearer than twice what is needed.
      let gap = 2 * residual * residual / (tolerance * norm)
      let isRoughly = residual <= 0.1 * norm && gap <= norm
      isConverged =
        residual <= tolerance * norm
        || isRoughly
          && (isHigh
            ? process.tridiagonal.count(above: high.value - gap) == 1
            : process.order - process.tridiagonal.count(above: low.value + gap) == 1)
    }
  }

  init(_ ritz: RitzValues, _ criterion: Lanczos.Criterion) {
    let top = ritz.values.count - 1
    let best = abs(ritz.values[top]) >= abs(ritz.values[0]) ? top : 0
    (norm, residual) = (abs(ritz.values[best]), ritz.residuals[best])
    isConverged = ritz.error(best, criterion) <= criterion.tolerance * norm
  }
}

extension RitzValues {
  /// The error of a value by the criterion's measure.
  func error(_ index: Int, _ criterion: Lanczos.Criterion) -> Double {
    let residual = residuals[index]
    guard case .value = criterion else { return residual }
    var gap = Double.infinity
    if index > 0 { gap = min(gap, values[index] - values[index - 1]) }
    if index + 1 < values.count { gap = min(gap, values[index + 1] - values[index]) }
    return gap > 0 ? min(residual, 2 * residual * residual / gap) : residual
  }
}

extension KrylovBasis {
  /// Takes a random vector into the basis, orthogonal to it and of length 1.
  ///
  /// - Returns: false where the basis spans everything already.
  func start(_ support: Range<Int>?, using generator: inout SplitMix64) -> Bool {
    guard count < dimension else { return false }
    let vector = vector(count)
    vector.update(repeating: 0)
    for i in support ?? 0..<dimension { vector[i] = .random(using: &generator) }
    let (length, _) = orthogonalize()
    guard length > 0 else { return false }
    accept(length: length)
    return true
  }
}
