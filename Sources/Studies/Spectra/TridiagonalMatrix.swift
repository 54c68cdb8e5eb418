import Arithmetic
import CLAPACKE

/// A symmetric tridiagonal matrix, as Lanczos iteration builds it entry by entry.
struct TridiagonalMatrix {
  private(set) var diagonal: [Double] = []
  /// `below[i]` stands at `(i + 1, i)`.
  private(set) var below: [Double] = []
  /// The last largest and the last smallest eigenvalue that was asked for: those of a larger matrix lie beyond.
  private var largest = -Double.infinity
  private var smallest = Double.infinity

  var order: Int { diagonal.count }

  mutating func append(_ entry: Double, coupling: Double) {
    if !diagonal.isEmpty { below.append(coupling) }
    diagonal.append(entry)
  }

  // MARK: The ends of the spectrum

  /// The largest or the smallest eigenvalue with the magnitude of the last entry of its unit eigenvector.
  ///
  /// Newton's method on the last pivot of `T − θI`, within a bracket that bisection keeps; then the eigenvector from the
  /// pivots from both ends, which is accurate for tiny entries too.
  /// - Source: [parlett1998, §3.3, §7]; [dhillon2004].
  mutating func extreme(_ end: Extreme) -> (value: Double, lastEntry: Double) {
    guard order > 1 else { return (diagonal.first ?? 0, 1) }
    let sign = end == .largest ? 1.0 : -1
    var low = end == .largest ? largest : -smallest
    var high = -Double.infinity
    for i in 0..<order {
      let radius = (i > 0 ? abs(below[i - 1]) : 0) + (i + 1 < order ? abs(below[i]) : 0)
      high = max(high, sign * diagonal[i] + radius)
      low = max(low, sign * diagonal[i])
    }
    let theta = sign * bracketed(between: low, and: high, sign)
    if end == .largest { largest = theta } else { smallest = theta }
    return (theta, lastEntry(of: theta))
  }

  /// The largest eigenvalue of `±T`.
  private func bracketed(between low: Double, and high: Double, _ sign: Double) -> Double {
    var (low, high) = (low, high)
    var theta = low + (high - low) * 0x1p-10
    for _ in 0..<200 {
      let width = high - low
      if width <= 0x1p-51 * max(abs(low), abs(high)) || theta <= low || theta >= high { break }
      var pivot = sign * diagonal[0] - theta, slope = -1.0, isAbove = pivot < 0
      for i in 1..<order where isAbove {
        let ratio = below[i - 1] / pivot
        slope = -1 + ratio * ratio * slope
        pivot = sign * diagonal[i] - theta - below[i - 1] * ratio
        if i + 1 < order, pivot >= 0 { isAbove = false }
      }
      // Below the largest eigenvalue of the leading part, Newton's method would find another root.
      guard isAbove else {
        low = theta
        theta = low + width / 2
        continue
      }
      if pivot >= 0 { low = theta } else { high = theta }
      let next = theta - pivot / slope
      if abs(next - theta) <= 0x1p-52 * abs(theta) { return next }
      theta = next > low && next < high ? next : low + (high - low) / 2
    }
    return high.isFinite && theta > high ? high : max(theta, low)
  }

  private func lastEntry(of theta: Double) -> Double {
    // Pivots from the top and from the bottom; where both fit, the eigenvector is largest.
    var top = diagonal, bottom = diagonal
    top[0] -= theta
    for i in 1..<order { top[i] -= theta + below[i - 1] * below[i - 1] / Self.nonzero(top[i - 1]) }
    bottom[order - 1] -= theta
    for i in (0..<(order - 1)).reversed() { bottom[i] -= theta + below[i] * below[i] / Self.nonzero(bottom[i + 1]) }
    func defect(_ i: Int) -> Double { abs(top[i] + bottom[i] - (diagonal[i] - theta)) }
    var twist = 0
    for i in 1..<order where defect(i) < defect(twist) { twist = i }
    var sum = 1.0, entry = 1.0
    for i in (0..<twist).reversed() {
      entry *= below[i] / Self.nonzero(top[i])
      sum += entry * entry
    }
    entry = 1
    for i in twist..<(order - 1) {
      entry *= below[i] / Self.nonzero(bottom[i + 1])
      sum += entry * entry
    }
    return sum.isFinite ? abs(entry) / root(sum) : 1
  }

  private static func nonzero(_ pivot: Double) -> Double {
    abs(pivot) < 0x1p-900 ? (pivot < 0 ? -0x1p-900 : 0x1p-900) : pivot
  }

  /// The number of eigenvalues above a number.
  ///
  /// - Source: Sylvester's law of inertia, [parlett1998, §3.3].
  func count(above number: Double) -> Int {
    var found = 0, pivot = 1.0
    for i in 0..<order {
      pivot = diagonal[i] - number - (i > 0 ? below[i - 1] * below[i - 1] / Self.nonzero(pivot) : 0)
      if pivot > 0 { found += 1 }
    }
    return found
  }

  // MARK: The whole spectrum

  /// All eigenvalues, smallest first, with their unit eigenvectors, one after the other.
  ///
  /// - Source: LAPACK `dstevd`.
  func eigen() throws(LinearAlgebraError) -> (values: [Double], vectors: [Double]) {
    guard order > 0 else { return ([], []) }
    BLAS.prepare()
    var values = diagonal, offDiagonal = below + [0]
    var vectors = [Double](repeating: 0, count: order * order)
    let n = Int32(order)
    let code = LAPACKE_dstevd(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), n, &values, &offDiagonal, &vectors, n)
    if code != 0 { throw .failed(routine: "dstevd", code: Int(code)) }
    return (values, vectors)
  }
}

/// An end of a spectrum.
public enum Extreme: String, CaseIterable, Hashable, Sendable {
  case smallest
  case largest
}
