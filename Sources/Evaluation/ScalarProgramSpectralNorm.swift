/// The spectral norm of symmetric matrices of non-negative numbers, eight at once.
///
/// Squaring `B/max B + ½` repeatedly leaves the projection on a Perron vector `v`, without a cancellation. For any `v > 0`,
/// `vᵀBv/vᵀv ≤ ‖B‖₂ ≤ max_i (Bv)_i/v_i`: the first is the estimate, exact to second order in `v`, and the second the bound.
/// - Source: the bounds of Rayleigh and of Collatz and Wielandt.
struct ScalarProgramSpectralNorm {
  typealias Lanes = SIMD8<Double>

  let order: Int
  let rounding: ScalarProgramInstruction.Rounding
  private let power: UnsafeMutablePointer<Lanes>
  private let square: UnsafeMutablePointer<Lanes>
  private let vector: UnsafeMutablePointer<Lanes>

  /// No component of `v` is below this, so that no quotient divides by zero.
  private static let least = 0x1p-300
  /// Enough for eigenvalues that differ by a relative 10⁻⁹; closer ones only loosen the bound by their difference.
  private static let squaringLimit = 36

  static func scratchCount(order: Int) -> Int { order * (order + 1) + order + 1 }

  init(order: Int, rounding: ScalarProgramInstruction.Rounding, scratch: UnsafeMutablePointer<Lanes>) {
    (self.order, self.rounding) = (order, rounding)
    power = scratch
    square = scratch + order * (order + 1) / 2
    vector = scratch + order * (order + 1)
  }

  /// The index of entry `(i, j)` among those on and above the diagonal, row by row.
  @inline(__always)
  private func index(_ i: Int, _ j: Int) -> Int {
    let (low, high) = i < j ? (i, j) : (j, i)
    return low &* (2 &* order &- low &- 1) / 2 &+ high
  }

  /// The norms of one group of matrices, given by the entries on and above the diagonal.
  func value(_ entries: [UnsafeMutablePointer<Lanes>], _ group: Int) -> Lanes {
    entries.withUnsafeBufferPointer { entries in
      var largest = Lanes.zero
      for entry in entries { largest = Self.larger(entry[group], largest) }
      approximatePerronVector(entries, group, largest)
      return switch rounding {
      case .nearest: quotientOfRayleigh(entries, group)
      case .up: upperBound(entries, group, largest)
      case .down: lowerBound(entries, group)
      }
    }
  }

  @inline(__always)
  private static func larger(_ a: Lanes, _ b: Lanes) -> Lanes { b.replacing(with: a, where: a .> b) }

  /// Leaves in `vector` positive numbers, whatever the entries are.
  private func approximatePerronVector(
    _ entries: UnsafeBufferPointer<UnsafeMutablePointer<Lanes>>, _ group: Int, _ largest: Lanes
  ) {
    let scale = 1 / Self.larger(largest, Lanes(repeating: .leastNormalMagnitude))
    for index in entries.indices { power[index] = entries[index][group] * scale }
    for i in 0..<order { power[index(i, i)] += 0.5 }
    // A zero matrix has no Perron vector to wait for.
    let isZero = largest .== 0
    for step in 0..<Self.squaringLimit {
      var trace = Lanes.zero
      for i in 0..<order {
        for j in i..<order {
          var sum = Lanes.zero
          for k in 0..<order { sum += power[index(i, k)] * power[index(k, j)] }
          square[index(i, j)] = sum
          if i == j { trace += sum }
        }
      }
      let factor = 1 / trace
      for index in entries.indices { power[index] = square[index] * factor }
      // The power had trace 1, so its other eigenvalues are together below 2⁻²⁸, and squared below 2⁻⁵⁶.
      if step > 0 && all((trace .>= 1 - 0x1p-28) .| isZero) { break }
    }
    for i in 0..<order {
      var sum = Lanes.zero
      for j in 0..<order { sum += power[index(i, j)] }
      // A NaN is not larger, and so becomes positive too.
      vector[i] = Self.larger(sum, Lanes(repeating: Self.least))
    }
  }

  @inline(__always)
  private func image(_ i: Int, _ entries: UnsafeBufferPointer<UnsafeMutablePointer<Lanes>>, _ group: Int) -> Lanes {
    var sum = Lanes.zero
    for j in 0..<order { sum += entries[index(i, j)][group] * vector[j] }
    return sum
  }

  private func quotientOfRayleigh(
    _ entries: UnsafeBufferPointer<UnsafeMutablePointer<Lanes>>, _ group: Int
  ) -> Lanes {
    var numerator = Lanes.zero
    var denominator = Lanes.zero
    for i in 0..<order {
      numerator += vector[i] * image(i, entries, group)
      denominator += vector[i] * vector[i]
    }
    return numerator / denominator
  }

  /// Rounding: `n` products, `n − 1` sums and a quotient lose less than `n + 2` units of 2⁻⁵³; where a product underflows,
  /// less than `n · 2⁻¹⁰⁷⁴` is lost and then divided by at least 2⁻³⁰⁰.
  private func upperBound(
    _ entries: UnsafeBufferPointer<UnsafeMutablePointer<Lanes>>, _ group: Int, _ largest: Lanes
  ) -> Lanes {
    var bound = Lanes.zero
    for i in 0..<order { bound = Self.larger(image(i, entries, group) / vector[i], bound) }
    let loss = Lanes.zero.replacing(with: Double(order) * 0x1p-773, where: largest .> 0)
    return bound * (1 + Double(order + 4) * 0x1p-52) + loss
  }

  /// Rounding: at most `2n + 4` roundings of 2⁻⁵³ enter the quotient; what underflows is far below 2⁻⁴⁰⁰ after the division.
  private func lowerBound(_ entries: UnsafeBufferPointer<UnsafeMutablePointer<Lanes>>, _ group: Int) -> Lanes {
    let quotient = quotientOfRayleigh(entries, group)
    let finite = Lanes(repeating: .greatestFiniteMagnitude).replacing(
      with: quotient, where: quotient .< .greatestFiniteMagnitude)
    let bound = finite * (1 - Double(order + 4) * 0x1p-51) - 0x1p-400
    return Self.larger(bound, .zero)
  }
}
