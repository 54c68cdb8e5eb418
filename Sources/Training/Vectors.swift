import CTraining

/// Loops over long vectors; each gives the same bits on every processor.
enum Vectors {
  /// `target += factor · source`, or `target := factor · source`.
  static func add(
    _ source: UnsafeBufferPointer<Double>, times factor: Double = 1, to target: UnsafeMutableBufferPointer<Double>,
    overwriting: Bool = false
  ) {
    precondition(source.count == target.count, "\(source.count) numbers added to \(target.count)")
    guard let from = source.baseAddress, let to = target.baseAddress else { return }
    (overwriting ? training_scale : training_add)(to, from, factor, Int64(target.count))
  }

  /// `target := p₁ + p₂ + …`, from the left.
  ///
  /// - Parameter parts: vectors one after the other, at least one.
  static func sum(_ parts: UnsafeBufferPointer<Double>, into target: UnsafeMutableBufferPointer<Double>) {
    guard let from = parts.baseAddress, let to = target.baseAddress else { return }
    precondition(parts.count >= target.count && parts.count % target.count == 0, "\(parts.count) numbers in parts")
    training_sum_parts(to, from, Int64(parts.count / target.count), Int64(target.count), Int64(target.count))
  }

  /// `Σ_i x_i²`.
  static func sumOfSquares(_ x: UnsafeBufferPointer<Double>) -> Double {
    x.baseAddress.map { training_sum_of_squares($0, Int64(x.count)) } ?? 0
  }
}
