extension Ball {
  /// `a b`, by FLINT over whole matrices where that saves work.
  ///
  /// - Rounding: outward, to the largest precision of the entries.
  /// - Source: Arb `arb_mat_mul`.
  public static func product(_ a: Matrix<Self>, _ b: Matrix<Self>) -> Matrix<Self> {
    let dense = Double(a.entries.count) * Double(b.columns)
    if dense < 128 { return loopProduct(a, b) }
    // Nanoseconds: 250 for a scalar multiply-add, 8 for FLINT's, 100 to carry an entry over.
    let carried = Double(a.entries.count + b.entries.count) + Double(a.rows) * Double(b.columns)
    if 250 * pairCount(a, b) < 8 * dense + 100 * carried { return loopProduct(a, b) }
    let precision = max(precision(of: a), precision(of: b))
    return BallMatrixStorage(a).times(BallMatrixStorage(b), precision: precision).matrix(precision: precision)
  }

  /// The largest precision of the entries.
  static func precision(of matrix: Matrix<Self>) -> Int {
    matrix.entries.reduce(0) { max($0, $1.precision) }
  }
}
