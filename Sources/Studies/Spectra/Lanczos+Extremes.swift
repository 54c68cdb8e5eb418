import Arithmetic

extension Lanczos {
  /// An eigenvalue with a unit eigenvector, estimated.
  public struct Eigenpair: Hashable, Sendable {
    public let value: Double
    /// `‖Av − θv‖`, by a product of its own: some eigenvalue lies so close to the value.
    public let residual: Double
    public let vector: [Double]
    /// Whether the criterion is met.
    public let converged: Bool
  }

  /// The smallest and the largest eigenvalues of a map, each as often as it is multiple.
  public struct Extremes: Hashable, Sendable {
    /// Smallest first.
    public let smallest: [Eigenpair]
    /// Largest first.
    public let largest: [Eigenpair]
    /// The number of products, those for the residuals among them.
    public let products: Int
    /// Whether all eigenvalues are found, and none beyond them is left.
    public let converged: Bool

    /// `‖A‖₂`, estimated from below.
    public var norm: Double { max(abs(smallest.first?.value ?? 0), abs(largest.first?.value ?? 0)) }

    /// The residual of the eigenvalue of largest magnitude.
    public var normResidual: Double {
      guard let low = smallest.first, let high = largest.first else { return 0 }
      return abs(low.value) > abs(high.value) ? low.residual : high.residual
    }
  }

  /// The `count` smallest and the `count` largest eigenvalues with eigenvectors, fewer where the dimension is smaller.
  ///
  /// From one start vector, iteration sees one vector of each eigenspace and is blind to the rest. So it is repeated in
  /// the complement of what was found, until nothing there lies beyond the last eigenvalue found at either end.
  /// - Parameter observer: called after each product with the number of products; what it throws ends the iteration.
  /// - Errors: those of the map and the observer, and a product that is not finite.
  /// - Precondition: `count` is positive.
  public static func extremes(
    of map: some SymmetricMap, count: Int, _ options: Options = Options(), workspace: KrylovBasis = KrylovBasis(),
    observer: (_ products: Int) throws -> Void = { _ in }
  ) throws -> Extremes {
    precondition(count > 0, "no eigenvalues are asked for")
    var search = ExtremeSearch(dimension: map.dimension, count: min(count, map.dimension), options, workspace)
    var isComplete = map.dimension == 0
    while !isComplete {
      guard let round = try search.round(map, observer) else { break }
      isComplete = round
    }
    return try search.result(map, isComplete, observer)
  }
}

/// The rounds of a search for eigenvalues at both ends, each in the complement of what the ones before found.
private struct ExtremeSearch {
  private struct Found {
    let value: Double
    let converged: Bool
  }

  private let dimension: Int
  private let count: Int
  private let options: Lanczos.Options
  private let workspace: KrylovBasis
  private var generator: SplitMix64
  /// Eigenvectors, one after the other.
  private var vectors: [Double] = []
  private var found: [Found] = []
  private var products = 0
  /// The largest magnitude of a Ritz value.
  private var norm = 0.0

  init(dimension: Int, count: Int, _ options: Lanczos.Options, _ workspace: KrylovBasis) {
    (self.dimension, self.count, self.options, self.workspace) = (dimension, count, options, workspace)
    generator = SplitMix64(seed: options.seed)
  }

  /// One round.
  ///
  /// - Returns: whether everything is found; `nil` where the products allowed are used up.
  mutating func round(_ map: some SymmetricMap, _ observer: (Int) throws -> Void) throws -> Bool? {
    // Rounds after the first look for one more eigenvalue at each end.
    let wanted = found.isEmpty ? count : 1
    let limit = min(options.basisLimit(dimension: dimension, wanted: wanted), dimension - found.count)
    try workspace.prepare(dimension: dimension, capacity: found.count + limit + 1)
    workspace.adopt(vectors, count: found.count)
    // Start vectors of later rounds may be needed everywhere.
    guard workspace.start(found.isEmpty ? options.support : nil, using: &generator) else { return true }
    var process = LanczosProcess(workspace, locked: found.count)
    var test = 2 * wanted
    while true {
      let continues = try process.step(map)
      products += 1
      try observer(products)
      let isFull = process.order == limit, isOver = !continues || products >= options.products
      guard isOver || isFull || process.isTridiagonal && process.order >= test else { continue }
      test = process.order + 1 + process.order / 12
      let ritz = try process.ritz()
      let states = wantedIndices(wanted, ritz).map { state($0, ritz, process, isExact: !continues) }
      norm = max(norm, abs(process.unscaled(ritz.norm)))
      if isOver || states.allSatisfy({ $0 != .open }) {
        return lock(zip(wantedIndices(wanted, ritz), states), ritz, process, isOver: isOver && continues)
      }
      guard isFull else { continue }
      let each = min(max(wanted + 2, limit / 4), (limit - 2) / 2)
      process.restart(keeping: Array(0..<each) + Array((limit - each)..<limit), of: ritz)
    }
  }

  // MARK: Ritz values

  /// What is known of a Ritz value.
  private enum State {
    /// An eigenvalue that belongs to the result.
    case found
    /// It lies between the eigenvalues found, and is no part of the result.
    case inner
    /// Not known yet.
    case open
  }

  /// The smallest and the largest Ritz values, each once.
  private func wantedIndices(_ wanted: Int, _ ritz: RitzValues) -> [Int] {
    let n = ritz.values.count
    return n <= 2 * wanted ? Array(0..<n) : Array(0..<wanted) + Array((n - wanted)..<n)
  }

  private func state(_ index: Int, _ ritz: RitzValues, _ process: LanczosProcess, isExact: Bool) -> State {
    let value = process.unscaled(ritz.values[index]), residual = process.unscaled(ritz.residuals[index])
    let scale = max(norm, abs(process.unscaled(ritz.norm)))
    let isConverged =
      isExact || process.unscaled(ritz.error(index, options.criterion)) <= options.criterion.tolerance * scale
    guard let ends = innerEnds else { return isConverged ? .found : .open }
    // Ritz values still grow outwards while their residuals are large; found ones differ by the tolerance.
    let margin = isConverged ? -options.criterion.tolerance * scale : max(10 * residual, 0.01 * scale)
    let (isLow, isHigh) = (index == 0, index == ritz.values.count - 1)
    let isInner = (!isLow || value - margin >= ends.low) && (!isHigh || value + margin <= ends.high)
    return isInner ? .inner : isConverged ? .found : .open
  }

  /// The largest of the smallest and the smallest of the largest eigenvalues found; `nil` while they are too few.
  private var innerEnds: (low: Double, high: Double)? {
    guard found.count >= count else { return nil }
    let sorted = found.map(\.value).sorted()
    return (sorted[count - 1], sorted[sorted.count - count])
  }

  private mutating func lock(
    _ states: some Sequence<(Int, State)>, _ ritz: RitzValues, _ process: LanczosProcess, isOver: Bool
  ) -> Bool? {
    let taken = states.filter { $0.1 != .inner }
    vectors += process.vectors(taken.map(\.0), of: ritz)
    found += taken.map { Found(value: process.unscaled(ritz.values[$0.0]), converged: $0.1 == .found) }
    if isOver { return nil }
    // The outermost eigenvalues have no others beyond them.
    return taken.isEmpty || found.count >= dimension || count == 1
  }

  // MARK: The result

  func result(
    _ map: some SymmetricMap, _ isComplete: Bool, _ observer: (Int) throws -> Void
  ) throws -> Lanczos.Extremes {
    var pairs: [Lanczos.Eigenpair] = []
    var products = products
    let order = found.indices.sorted { (found[$0].value, $0) < (found[$1].value, $1) }
    let shown = found.count <= 2 * count ? order : order.prefix(count) + order.suffix(count)
    for index in shown {
      let vector = Array(vectors[(index * dimension)..<((index + 1) * dimension)])
      let value = found[index].value
      let image = try map(vector)
      products += 1
      try observer(products)
      let largest = image.reduce(abs(value)) { max($0, abs($1)) }
      var sum = 0.0
      for (x, y) in zip(vector, image) where largest > 0 {
        let difference = y / largest - value / largest * x
        sum += difference * difference
      }
      pairs.append(
        Lanczos.Eigenpair(
          value: value, residual: largest * root(sum), vector: vector, converged: found[index].converged))
    }
    let shownCount = min(count, pairs.count)
    let smallest = Array(pairs.prefix(shownCount)), largest = Array(pairs.suffix(shownCount).reversed())
    return Lanczos.Extremes(
      smallest: smallest, largest: largest, products: products,
      converged: isComplete && (smallest + largest).allSatisfy(\.converged))
  }
}

extension KrylovBasis {
  /// Takes orthonormal vectors, one after the other, as the basis.
  func adopt(_ vectors: [Double], count: Int) {
    precondition(self.count == 0 && vectors.count == count * dimension, "\(vectors.count) entries of \(count) vectors")
    for index in 0..<count {
      _ = vector(index).update(fromContentsOf: vectors[(index * dimension)..<((index + 1) * dimension)])
    }
    self.count = count
  }
}
