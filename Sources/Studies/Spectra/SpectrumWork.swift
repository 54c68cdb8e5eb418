import Arithmetic

/// The ends of a spectrum and what else was found with them.
struct SpectrumEnds {
  let smallest: [SpectrumStudy.Value]
  let largest: [SpectrumStudy.Value]
  let all: [Double]?
  let norm: SpectrumStudy.Value
  let trace: SampleEstimate?
  let frobeniusNorm: SampleEstimate
  let measures: [SpectralMeasure]?
  let converged: Bool
}

/// The computations of a study of a spectrum, which share memory and count their products.
final class SpectrumWork<Map: SymmetricMap> {
  let map: Map
  let options: SpectrumStudy.Options
  private(set) var products = 0
  private let progress: (Int, Int) throws -> Void
  private let workspace = KrylovBasis()
  /// The whole matrix, where its blocks are wanted too.
  private var whole: Matrix<Double>?

  init(_ map: Map, _ options: SpectrumStudy.Options, _ progress: @escaping (Int, Int) throws -> Void) {
    (self.map, self.options, self.progress) = (map, options, progress)
  }

  /// The ends of a block alone.
  func ends(
    _ rows: Range<Int>, _ columns: Range<Int>, isDense: Bool, limit: MemoryEstimate
  ) throws -> SpectrumEnds {
    try isDense ? dense(rows, columns, limit: limit) : lanczos(rows, columns, count: 1, withMoments: false)
  }

  // MARK: Dense

  func dense(_ rows: Range<Int>, _ columns: Range<Int>, limit: MemoryEstimate) throws -> SpectrumEnds {
    let needed = MemoryEstimate(bytes: 16 * Double(rows.count) * Double(columns.count))
    guard needed.bytes <= limit.bytes else {
      throw SpectrumError.tooLarge(rows: rows.count, columns: columns.count, needed, limit: limit)
    }
    let matrix = try self.matrix(rows, columns)
    let frobeniusNorm = SampleEstimate(exact: Self.frobeniusNorm(of: matrix))
    if rows != columns {
      let values = try LinearAlgebra.singularValues(of: matrix).map { SpectrumStudy.Value(value: $0, residual: nil) }
      let norm = values.first ?? SpectrumStudy.Value(value: 0, residual: nil)
      return SpectrumEnds(
        smallest: [], largest: Array(values.prefix(options.count)), all: nil, norm: norm, trace: nil,
        frobeniusNorm: frobeniusNorm, measures: nil, converged: true)
    }
    let all = try LinearAlgebra.symmetricEigenvalues(of: matrix)
    let values = all.map { SpectrumStudy.Value(value: $0, residual: nil) }
    let norm = max(abs(all.first ?? 0), abs(all.last ?? 0))
    return SpectrumEnds(
      smallest: Array(values.prefix(options.count)), largest: Array(values.suffix(options.count).reversed()), all: all,
      norm: SpectrumStudy.Value(value: norm, residual: nil),
      trace: SampleEstimate(exact: rows.indices.reduce(0) { $0 + matrix[$1 - rows.lowerBound, $1 - rows.lowerBound] }),
      frobeniusNorm: frobeniusNorm, measures: [SpectralMeasure(eigenvalues: all)], converged: true)
  }

  /// A block, by products with unit vectors; one on the diagonal is made symmetric, which rounding errors are not.
  private func matrix(_ rows: Range<Int>, _ columns: Range<Int>) throws -> Matrix<Double> {
    if let whole { return whole.submatrix(rows: rows, columns: columns) }
    var transposed: [Double] = []
    transposed.reserveCapacity(rows.count * columns.count)
    var unit = [Double](repeating: 0, count: map.dimension)
    for (done, column) in columns.enumerated() {
      unit[column] = 1
      let product = try map(unit)[rows]
      unit[column] = 0
      products += 1
      guard product.allSatisfy(\.isFinite) else { throw SpectrumError.notFinite(product: products) }
      transposed += product
      try progress(done + 1, columns.count)
    }
    let m = rows.count
    let matrix = Matrix<Double>(rows: m, columns: columns.count) { i, j in
      rows == columns ? transposed[j * m + i] / 2 + transposed[i * m + j] / 2 : transposed[j * m + i]
    }
    if rows == columns, rows.count == map.dimension, options.blocks { whole = matrix }
    return matrix
  }

  /// `‖m‖_F`, scaled, so that squares neither overflow nor vanish.
  private static func frobeniusNorm(of matrix: Matrix<Double>) -> Double {
    let largest = matrix.entries.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return 0 }
    return largest * root(matrix.entries.reduce(0) { $0 + ($1 / largest) * ($1 / largest) })
  }

  // MARK: Matrix-free

  func matrixFree(_ rows: Range<Int>, _ columns: Range<Int>) throws -> SpectrumEnds {
    try lanczos(rows, columns, count: options.count, withMoments: true)
  }

  private func lanczos(
    _ rows: Range<Int>, _ columns: Range<Int>, count: Int, withMoments: Bool
  ) throws -> SpectrumEnds {
    if rows == columns {
      if rows == 0..<map.dimension { return try ends(of: map, count, withMoments) }
      return try ends(of: DiagonalBlockMap(map, rows), count, withMoments)
    }
    let block = OffDiagonalBlockMap(map, rows: rows, columns: columns)
    let found = try ends(of: block, count, withMoments, support: 0..<rows.count)
    // Each singular value is there twice, with both signs.
    let largest = found.largest.prefix(min(rows.count, columns.count)).map {
      SpectrumStudy.Value(value: max($0.value, 0), residual: $0.residual)
    }
    return SpectrumEnds(
      smallest: [], largest: largest, all: nil, norm: found.norm, trace: nil,
      frobeniusNorm: found.frobeniusNorm.scaled(by: 1 / root(2.0)), measures: nil, converged: found.converged)
  }

  private func ends(
    of map: some SymmetricMap, _ count: Int, _ withMoments: Bool, support: Range<Int>? = nil
  ) throws -> SpectrumEnds {
    let lanczos = Lanczos.Options(
      .residual(options.tolerance), products: options.products, seed: options.seed, support: support)
    let found = try Lanczos.extremes(of: map, count: count, lanczos, workspace: workspace) {
      try self.progress($0, self.options.products)
    }
    products += found.products
    func values(_ pairs: [Lanczos.Eigenpair]) -> [SpectrumStudy.Value] {
      pairs.map { SpectrumStudy.Value(value: $0.value, residual: $0.residual) }
    }
    let norm = SpectrumStudy.Value(value: found.norm, residual: found.normResidual)
    var trace: SampleEstimate?, frobeniusNorm = SampleEstimate(exact: 0), measures: [SpectralMeasure]?
    if withMoments, map.dimension > 0 {
      // Two steps of each probe are enough for the trace and the Frobenius norm.
      let few = StochasticQuadrature.Options(probes: SpectrumStudy.momentProbes, steps: 2, seed: options.seed)
      let chosen = options.density ?? few
      let quadrature = try StochasticQuadrature(of: map, chosen, workspace: workspace) {
        try self.progress($0, chosen.probes * min(chosen.steps, map.dimension))
      }
      products += quadrature.products
      (trace, frobeniusNorm) = (quadrature.trace, quadrature.frobeniusNorm)
      if options.density != nil { measures = quadrature.measures }
    }
    return SpectrumEnds(
      smallest: values(found.smallest), largest: values(found.largest), all: nil, norm: norm, trace: trace,
      frobeniusNorm: frobeniusNorm, measures: measures, converged: found.converged)
  }
}
