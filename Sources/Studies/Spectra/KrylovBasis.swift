import Arithmetic
import CLAPACKE

/// Memory for orthonormal vectors, one after the other, that grows vector by vector and is reused by later iterations.
///
/// Orthogonalisation is classical Gram–Schmidt by matrix–vector products; a second pass is made where the first took
/// away so much that rounding errors count.
public final class KrylovBasis {
  /// The number of entries of a vector.
  private(set) var dimension = 0
  /// The number of orthonormal vectors.
  var count = 0
  /// The number of vectors that there is room for, the one in progress among them.
  private(set) var capacity = 0
  private var storage: UnsafeMutablePointer<Double>?
  private var size = 0
  private var weights: [Double] = []

  public init() {}

  deinit { storage?.deallocate() }

  /// Forgets all vectors and makes room for new ones.
  ///
  /// - Errors: `tooLarge` beyond the 32-bit sizes of BLAS or the address space.
  func prepare(dimension: Int, capacity: Int) throws(LinearAlgebraError) {
    let (needed, overflow) = dimension.multipliedReportingOverflow(by: capacity)
    guard Int32(exactly: dimension) != nil, Int32(exactly: capacity) != nil, !overflow, needed < Int.max / 16 else {
      throw .tooLarge(rows: dimension, columns: capacity)
    }
    BLAS.prepare()
    (self.dimension, self.capacity, count) = (dimension, capacity, 0)
    if weights.count < capacity { weights = [Double](repeating: 0, count: capacity) }
    guard needed > size else { return }
    storage?.deallocate()
    (storage, size) = (.allocate(capacity: needed), needed)
  }

  /// The vector at an index; the one after the last is in progress.
  func vector(_ index: Int) -> UnsafeMutableBufferPointer<Double> {
    precondition(index < capacity, "no vector \(index) in a basis of \(capacity)")
    return UnsafeMutableBufferPointer(start: start(index), count: dimension)
  }

  private func start(_ index: Int) -> UnsafeMutablePointer<Double>? { storage.map { $0 + index * dimension } }

  private var n: Int32 { Int32(truncatingIfNeeded: dimension) }

  // MARK: The vector in progress

  /// `bᵢᵀ w` for the vector `w` in progress.
  func product(with index: Int) -> Double { cblas_ddot(n, start(index), 1, start(count), 1) }

  /// `w − f bᵢ`.
  func subtract(_ factor: Double, _ index: Int) { cblas_daxpy(n, -factor, start(index), 1, start(count), 1) }

  func scale(by factor: Double) { cblas_dscal(n, factor, start(count), 1) }

  /// The largest magnitude of an entry of `w`.
  var largestEntry: Double {
    guard dimension > 0, let w = start(count) else { return 0 }
    return w[Int(cblas_idamax(n, w, 1))].magnitude
  }

  /// `‖w‖`.
  var length: Double { root(cblas_ddot(n, start(count), 1, start(count), 1)) }

  /// `w − Σ fᵢ bᵢ` over vectors from an index on.
  func subtract(_ factors: [Double], from first: Int) {
    cblas_dgemv(
      CblasColMajor, CblasNoTrans, n, Int32(factors.count), -1, start(first), max(n, 1), factors, 1, 1, start(count), 1)
  }

  /// Takes away from `w` what lies in the span of the basis.
  ///
  /// - Returns: `‖w‖` afterwards, zero where nothing but rounding errors is left, and the last vector's share that was
  ///   taken away.
  func orthogonalize() -> (length: Double, last: Double) {
    guard count > 0 else { return (length, 0) }
    var last = 0.0, before = 0.0
    for pass in 0..<3 {
      let removed = subtractProjection()
      last += weights[count - 1]
      let after = length
      if !after.isFinite { return (after, last) }
      // What was there before, by Pythagoras.
      before = root(after * after + removed)
      if after > 0.5 * before || before == 0 { return (after, last) }
      if pass == 2 { break }
    }
    return (0, last)
  }

  /// - Returns: the square of the length of what was taken away.
  private func subtractProjection() -> Double {
    let k = Int32(truncatingIfNeeded: count), w = start(count)
    return weights.withUnsafeMutableBufferPointer { weights in
      cblas_dgemv(CblasColMajor, CblasTrans, n, k, 1, storage, max(n, 1), w, 1, 0, weights.baseAddress, 1)
      cblas_dgemv(CblasColMajor, CblasNoTrans, n, k, -1, storage, max(n, 1), weights.baseAddress, 1, 1, w, 1)
      return cblas_ddot(k, weights.baseAddress, 1, weights.baseAddress, 1)
    }
  }

  /// Makes `w` the next vector of the basis, divided by its length.
  func accept(length: Double) {
    scale(by: 1 / length)
    count += 1
  }

  // MARK: Linear combinations

  /// Vectors of coordinates in the basis vectors of a range, one after the other.
  ///
  /// - Shapes: `coordinates`, `k×r` by rows for the `r` vectors of the range; the result `k×n`.
  func combinations(_ coordinates: [Double], count k: Int, of range: Range<Int>) -> [Double] {
    guard k > 0, dimension > 0 else { return [] }
    return [Double](unsafeUninitializedCapacity: k * dimension) { result, size in
      size = k * dimension
      cblas_dgemm(
        CblasColMajor, CblasNoTrans, CblasNoTrans, n, Int32(k), Int32(range.count), 1, start(range.lowerBound), n,
        coordinates, Int32(range.count), 0, result.baseAddress, n)
    }
  }

  /// Replaces the vectors from an index on, all but the last, by combinations of them; the last stays the last.
  func contract(from first: Int, to coordinates: [Double], count k: Int) {
    let old = count - 1 - first
    precondition(k <= old, "\(old) vectors do not become \(k)")
    guard let begin = start(first), let last = start(count - 1) else { return }
    let strip = 512
    var work = [Double](repeating: 0, count: strip * k)
    for row in stride(from: 0, to: dimension, by: strip) {
      let height = min(strip, dimension - row)
      cblas_dgemm(
        CblasColMajor, CblasNoTrans, CblasNoTrans, Int32(height), Int32(k), Int32(old), 1, begin + row, n,
        coordinates, Int32(old), 0, &work, Int32(strip))
      for i in 0..<k {
        for offset in 0..<height { begin[i * dimension + row + offset] = work[i * strip + offset] }
      }
    }
    if k < old { (begin + k * dimension).update(from: last, count: dimension) }
    count = first + k + 1
  }
}
