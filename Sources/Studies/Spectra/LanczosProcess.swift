import Arithmetic
import CLAPACKE

/// The steps of Lanczos iteration: an orthonormal basis of a Krylov space, and the map's projection onto it.
///
/// The projection is tridiagonal, but for the vectors that a restart kept. The map is scaled by a power of two, so that
/// squares of its entries neither overflow nor vanish.
struct LanczosProcess {
  let basis: KrylovBasis
  /// Vectors at the head of the basis that are deflated: the map is projected onto their complement.
  let locked: Int
  /// The projection after the kept vectors.
  private(set) var tridiagonal = TridiagonalMatrix()
  /// The Ritz values that a restart kept, with the coupling of each to the first vector after them.
  private var kept: [(value: Double, coupling: Double)] = []
  /// `‖r‖`, the coupling to the vector that comes next; zero where the Krylov space is invariant.
  private(set) var next = 0.0
  /// The map was divided by `2^exponent`; `nil` while it has only given zero.
  private var exponent: Int?
  private(set) var products = 0

  /// Starts at the first vector of the basis after the locked ones.
  init(_ basis: KrylovBasis, locked: Int) {
    precondition(basis.count == locked + 1, "\(basis.count) vectors are no start after \(locked)")
    (self.basis, self.locked) = (basis, locked)
  }

  /// The number of vectors that the map is projected onto.
  var order: Int { kept.count + tridiagonal.order }

  /// Whether the projection is still the tridiagonal matrix.
  var isTridiagonal: Bool { kept.isEmpty }

  /// A value of the projection as one of the map.
  func unscaled(_ value: Double) -> Double { value * Self.power(exponent ?? 0) }

  /// Multiplies the map with the newest vector, and takes the product's new direction into the basis.
  ///
  /// - Returns: whether there is one; none where the Krylov space is invariant.
  /// - Errors: those of the map, and a product that is not finite.
  mutating func step(_ map: some SymmetricMap) throws -> Bool {
    let index = basis.count - 1
    try map.apply(to: UnsafeBufferPointer(basis.vector(index)), into: basis.vector(index + 1))
    products += 1
    normalizeScale()
    if tridiagonal.order > 0 {
      basis.subtract(next, index - 1)
    } else if !kept.isEmpty {
      basis.subtract(kept.map(\.coupling), from: locked)
    }
    let entry = basis.product(with: index)
    basis.subtract(entry, index)
    let (length, correction) = basis.orthogonalize()
    guard entry.isFinite, length.isFinite else { throw SpectrumError.notFinite(product: products) }
    tridiagonal.append(entry + correction, coupling: next)
    next = length
    guard length > 0, basis.count - locked < basis.dimension - locked else {
      next = 0
      return false
    }
    basis.accept(length: length)
    return true
  }

  private mutating func normalizeScale() {
    if exponent == nil {
      let largest = basis.largestEntry
      if largest > 0, largest.isFinite { exponent = abs(Int(largest.exponent)) > 200 ? Int(largest.exponent) : 0 }
    }
    if let exponent, exponent != 0 { basis.scale(by: Self.power(-exponent)) }
  }

  private static func power(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: min(max(exponent, -1000), 1000), significand: 1)
  }

  // MARK: Ritz pairs

  /// The largest or smallest Ritz value with its residual norm, without restarts only.
  mutating func extreme(_ end: Extreme) -> (value: Double, residual: Double) {
    let (value, lastEntry) = tridiagonal.extreme(end)
    return (value, next * lastEntry)
  }

  /// All Ritz values, smallest first, their residual norms, and their vectors' coordinates in the basis, one after the
  /// other.
  func ritz() throws(LinearAlgebraError) -> RitzValues {
    let k = kept.count, n = order
    if k == 0 {
      let (values, vectors) = try tridiagonal.eigen()
      return RitzValues(values, vectors, next)
    }
    let matrix = Matrix<Double>(rows: n, columns: n) { i, j in
      let (low, high) = (min(i, j), max(i, j))
      if low == high { return low < k ? kept[low].value : tridiagonal.diagonal[low - k] }
      if low < k { return high == k ? kept[low].coupling : 0 }
      return high == low + 1 ? tridiagonal.below[low - k] : 0
    }
    let (values, vectors) = try LinearAlgebra.symmetricEigen(of: matrix)
    return RitzValues(values, vectors.transposed.entries, next)
  }

  /// Restarts with some Ritz vectors in place of the whole basis.
  ///
  /// - Source: thick restarts, [wu2000].
  mutating func restart(keeping indices: [Int], of ritz: RitzValues) {
    let n = order
    let coordinates = indices.flatMap { ritz.vectors[($0 * n)..<(($0 + 1) * n)] }
    basis.contract(from: locked, to: coordinates, count: indices.count)
    kept = indices.map { (ritz.values[$0], next * ritz.vectors[$0 * n + n - 1]) }
    tridiagonal = TridiagonalMatrix()
  }

  /// Ritz vectors, one after the other.
  func vectors(_ indices: [Int], of ritz: RitzValues) -> [Double] {
    let n = order
    let coordinates = indices.flatMap { ritz.vectors[($0 * n)..<(($0 + 1) * n)] }
    return basis.combinations(coordinates, count: indices.count, of: locked..<(locked + n))
  }
}

/// Eigenvalues of a projected map with their residual norms.
struct RitzValues {
  /// Smallest first.
  let values: [Double]
  let residuals: [Double]
  /// The eigenvectors' coordinates, one after the other.
  let vectors: [Double]

  init(_ values: [Double], _ vectors: [Double], _ next: Double) {
    let n = values.count
    (self.values, self.vectors) = (values, vectors)
    residuals = values.indices.map { next * abs(vectors[$0 * n + n - 1]) }
  }

  /// The largest magnitude of an eigenvalue.
  var norm: Double { max(abs(values.first ?? 0), abs(values.last ?? 0)) }
}
