/// What a step of a program is reckoned to cost: the stated model that orders of contraction are chosen by.
///
/// In nanoseconds of one core: floating-point operations of matrix products at 80 GFLOP/s, other multiplications at 10¹⁰ a
/// second where nothing is summed and at 4 · 10⁹ where something is; 0.1 for each number read or written, 0.4 where it is
/// one of more than a cache holds; and 40 for each operation. Steps that do not depend on what changes from run to run are
/// all but free.
enum ContractionCost {
  static let overhead = 40.0
  static let fixedShare = 1e-3
  /// The numbers of a cache of one core, a mebibyte.
  static let cached = 131_072.0

  static func traffic(_ count: Double) -> Double { count > cached ? 0.4 * count : 0.1 * count }

  /// A product of two tensors.
  ///
  /// - Parameters: extents of the loops over labels of all kinds, of the two factors and of the result.
  static func pair(
    batch: Double, left: Double, right: Double, summed: Double, first: Double, second: Double, result: Double
  ) -> Double {
    let multiplications = batch * left * right * summed
    let isMatrixProduct = min(left, right) >= 4 && summed >= 4
    let work = isMatrixProduct ? multiplications / 40 : multiplications / (summed > 1 ? 4 : 10)
    return work + traffic(first) + traffic(second) + traffic(result) + overhead
  }

  /// An elementwise product of some factors.
  static func elementwise(_ result: Double, factors: Int) -> Double {
    0.1 * result * Double(max(1, factors)) + traffic(result) + overhead
  }
}
