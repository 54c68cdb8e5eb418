import Contraction
import Arithmetic
import Formulas
import Transformers

/// The spectrum of a loss Hessian, of one of its parts or of a block: the ends and the norm, trace and Frobenius norm,
/// and the density of eigenvalues.
///
/// Small matrices are formed, and LAPACK gives all eigenvalues; large ones are only multiplied with vectors. Every number
/// is an estimate in floating point, none a bound.
public struct SpectrumStudy: Sendable {
  public enum Method: String, CaseIterable, Hashable, Sendable {
    /// Dense for matrices with at most ``largestAutomatic`` rows.
    case automatic
    case dense
    case matrixFree
  }

  /// What a spectrum is of.
  public enum Subject: Hashable, Sendable {
    case whole
    case block(Symbol, Symbol)
  }

  public struct Options: Sendable {
    public var subject = Subject.whole
    public var method = Method.automatic
    /// The number of eigenvalues at each end.
    public var count = 5
    /// On residuals, relative to the norm.
    public var tolerance = 1e-9
    /// The part of the norm within which eigenvalues need not be told from zero.
    public var nearZero = 1e-3
    /// The most products of Lanczos iteration.
    public var products = 2000
    /// Whether the ends of every block are wanted too.
    public var blocks = false
    /// The quadrature for the density; `nil` for none.
    public var density: StochasticQuadrature.Options?
    /// The width of the density's Gaussian; `nil` for a hundredth of the spectrum's.
    public var width: Double?
    /// The number of points of the density; `nil` for as many as its width asks for.
    public var points: Int?
    public var seed: UInt64 = 1

    public init() {}
  }

  /// An eigenvalue, or a singular value of a block off the diagonal.
  public struct Value: Hashable, Sendable {
    public let value: Double
    /// `‖Hv − λv‖`; `nil` for one of LAPACK's.
    public let residual: Double?
  }

  /// The ends of a block's spectrum.
  public struct Block: Sendable {
    public let row: Symbol
    public let column: Symbol
    /// The smallest and the largest eigenvalue; `nil` off the diagonal.
    public let ends: (smallest: Value, largest: Value)?
    /// `‖·‖₂`, estimated from below.
    public let norm: Value
  }

  /// The shares of eigenvalues below, within and above `0 ± threshold`.
  public struct Shares: Sendable {
    public let threshold: Double
    public let negative: SampleEstimate
    public let zero: SampleEstimate
    public let positive: SampleEstimate
  }

  /// The order up to which matrices are formed without being asked for.
  public static let largestAutomatic = 1000
  /// The most memory that a matrix and LAPACK's copy may take.
  public static let memoryLimit = MemoryEstimate(bytes: 4 * 0x1p30)
  /// Eigenvalues of LAPACK's up to this part of the norm count as zero.
  public static let negligible = 1e-6
  /// The number of random vectors for trace and Frobenius norm where no density is asked for.
  public static let momentProbes = 10

  public let layout: ParameterLayout
  public let options: Options
  public let rows: Int
  public let columns: Int
  public let isDense: Bool
  /// Smallest first; empty for a block off the diagonal.
  public let smallest: [Value]
  /// Largest first.
  public let largest: [Value]
  /// All eigenvalues, smallest first, where LAPACK gave them.
  public let eigenvalues: [Double]?
  /// `‖H‖₂`, estimated from below.
  public let norm: Value
  /// `nil` for a block off the diagonal.
  public let trace: SampleEstimate?
  public let frobeniusNorm: SampleEstimate
  /// Known with all eigenvalues or with the density.
  public let shares: Shares?
  public let density: SpectralDensity?
  public let blocks: [Block]
  public let products: Int
  public let converged: Bool

  /// Whether eigenvalues are singular values.
  public var isOffDiagonal: Bool {
    if case .block(let row, let column) = options.subject { return row != column }
    return false
  }

  /// Studies the Hessian of an instance, or one of its parts.
  ///
  /// - Parameter progress: called with the number of products and the most that there may be.
  /// - Errors: `SpectrumError`, those of evaluation, and what `progress` throws.
  public init(
    _ instance: LayerInstance, part: HessianPart = .both, _ options: Options,
    progress: @escaping (_ done: Int, _ of: Int) throws -> Void = { _, _ in }
  ) throws {
    let map = try LayerHessianMap(instance, part: part)
    try self.init(map, map.layout, options, progress: progress)
  }

  /// Studies a symmetric map whose vectors are laid out as the parameters are.
  public init(
    _ map: some SymmetricMap, _ layout: ParameterLayout, _ options: Options,
    progress: @escaping (_ done: Int, _ of: Int) throws -> Void = { _, _ in }
  ) throws {
    try self.init(SpectrumWork(map, options, progress), layout)
  }

  private init(_ work: SpectrumWork<some SymmetricMap>, _ layout: ParameterLayout) throws {
    let options = work.options, (rowRange, columnRange) = Self.ranges(options.subject, layout)
    if rowRange != columnRange, options.density != nil { throw SpectrumError.noEigenvalues }
    (self.layout, self.options, rows, columns) = (layout, options, rowRange.count, columnRange.count)
    let order = rowRange == columnRange ? rowRange.count : rowRange.count + columnRange.count
    isDense = options.method == .dense || options.method == .automatic && order <= Self.largestAutomatic
    let found: SpectrumEnds
    if isDense {
      found = try work.dense(rowRange, columnRange, limit: Self.memoryLimit)
    } else {
      found = try work.matrixFree(rowRange, columnRange)
    }
    (smallest, largest, eigenvalues, norm) = (found.smallest, found.largest, found.all, found.norm)
    (trace, frobeniusNorm) = (found.trace, found.frobeniusNorm)
    let isExact = found.all != nil
    if options.density != nil, let measures = found.measures, let low = smallest.first, let high = largest.first {
      // Squares and sums of the ends are formed.
      guard found.norm.value <= 1e300 else { throw SpectrumError.notFinite(product: work.products) }
      if let width = options.width, width < 1.01e-9 * found.norm.value {
        throw SpectrumError.narrow(width: width, norm: 1.01 * found.norm.value)
      }
      density = SpectralDensity(
        measures, isExact: isExact, ends: low.value...max(low.value, high.value), width: options.width,
        count: options.points)
    } else {
      density = nil
    }
    // A quadrature does not tell signs nearer to zero than its nodes are apart.
    let threshold = isExact ? Self.negligible * found.norm.value : density?.width ?? 0
    shares = found.measures.map { Shares($0, threshold, isExact: isExact) }
    var blocks: [Block] = [], blocksConverged = true
    for (index, row) in layout.entries.enumerated() where options.blocks {
      for column in layout.entries[index...] {
        let ends = try work.ends(row.range, column.range, isDense: isDense, limit: Self.memoryLimit)
        blocksConverged = blocksConverged && ends.converged
        var pair: (smallest: Value, largest: Value)?
        if row == column, let low = ends.smallest.first, let high = ends.largest.first { pair = (low, high) }
        blocks.append(Block(row: row.symbol, column: column.symbol, ends: pair, norm: ends.norm))
      }
    }
    (self.blocks, products, converged) = (blocks, work.products, found.converged && blocksConverged)
  }

  private static func ranges(_ subject: Subject, _ layout: ParameterLayout) -> (rows: Range<Int>, columns: Range<Int>) {
    func range(_ symbol: Symbol) -> Range<Int> {
      guard let entry = layout.entries.first(where: { $0.symbol == symbol }) else {
        preconditionFailure("\(symbol) is no parameter of the model")
      }
      return entry.range
    }
    switch subject {
    case .whole: return (0..<layout.count, 0..<layout.count)
    case .block(let row, let column): return (range(row), range(column))
    }
  }
}

extension SpectrumStudy.Shares {
  fileprivate init(_ measures: [SpectralMeasure], _ threshold: Double, isExact: Bool) {
    func share(_ contains: (Double) -> Bool) -> SampleEstimate {
      let shares = measures.map { $0.integral { contains($0) ? 1 : 0 } }
      return isExact ? SampleEstimate(exact: shares.first ?? 0) : SampleEstimate(shares)
    }
    self.threshold = threshold
    negative = share { $0 < -threshold }
    zero = share { abs($0) <= threshold }
    positive = share { $0 > threshold }
  }
}
