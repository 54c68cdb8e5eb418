/// What a step of a program is reckoned to cost: the stated model that orders of contraction are chosen by.
///
/// In nanoseconds of one core: floating-point operations of matrix products at 80 GFLOP/s, other multiplications at
/// 2 · 10⁹ a second, 0.15 for each number read or written, and 40 for each operation. Steps that do not depend on what
/// changes from run to run are all but free.
enum ContractionCost {
  static let overhead = 40.0
  static let fixedShare = 1e-3

  /// A product of two tensors.
  ///
  /// - Parameters: extents of the loops over labels of all kinds, of the two factors and of the result.
  static func pair(
    batch: Double, left: Double, right: Double, summed: Double, first: Double, second: Double, result: Double
  ) -> Double {
    let multiplications = batch * left * right * summed
    let isMatrixProduct = min(left, right) >= 4 && summed >= 4
    let work = isMatrixProduct ? multiplications / 40 : multiplications / 2
    return work + 0.15 * (first + second + result) + overhead
  }

  static func elementwise(_ result: Double, factors: Int) -> Double {
    0.25 * result * Double(max(1, factors)) + 0.15 * result + overhead
  }
}
