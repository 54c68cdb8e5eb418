import CFLINT

/// A matrix of Arb numbers in one piece, freed with its last reference: what FLINT's functions of whole matrices take.
final class BallMatrixStorage {
  private let pointer: UnsafeMutablePointer<arb_mat_struct>
  let rows: Int
  let columns: Int

  /// A matrix of exact zeros.
  init(rows: Int, columns: Int) {
    (self.rows, self.columns) = (rows, columns)
    pointer = .allocate(capacity: 1)
    arb_mat_init(pointer, rows, columns)
  }

  /// A copy of the balls.
  convenience init(_ matrix: Matrix<Ball>) {
    self.init(rows: matrix.rows, columns: matrix.columns)
    for i in 0..<rows {
      for j in 0..<columns {
        matrix.entries[i &* columns &+ j].withPointer { arb_set(arb_mat_entry_ptr(pointer, i, j), $0) }
      }
    }
  }

  /// The exact values of finite numbers.
  convenience init(_ matrix: Matrix<Double>) {
    self.init(rows: matrix.rows, columns: matrix.columns)
    for i in 0..<rows {
      for j in 0..<columns { cflint_mat_set_double(pointer, Int64(i), Int64(j), matrix.entries[i &* columns &+ j]) }
    }
  }

  /// Calls `body` with FLINT's view of the matrix, alive for the call.
  func withPointer<Result>(_ body: (UnsafeMutablePointer<arb_mat_struct>) -> Result) -> Result {
    withExtendedLifetime(self) { body(pointer) }
  }

  /// The balls, at a precision.
  func matrix(precision: Int) -> Matrix<Ball> {
    withPointer { source in
      Matrix(rows: rows, columns: columns) { i, j in
        Ball.make(precision: precision) { arb_set($0, arb_mat_entry_ptr(source, i, j)) }
      }
    }
  }

  /// `self · other`.
  func times(_ other: BallMatrixStorage, precision: Int) -> BallMatrixStorage {
    let product = BallMatrixStorage(rows: rows, columns: other.columns)
    withPointer { a in other.withPointer { b in product.withPointer { arb_mat_mul($0, a, b, precision) } } }
    return product
  }

  var transposed: BallMatrixStorage {
    let result = BallMatrixStorage(rows: columns, columns: rows)
    withPointer { source in result.withPointer { arb_mat_transpose($0, source) } }
    return result
  }

  /// The midpoints, exact numbers, rounded to a precision; averaged with those of the transpose where it is to be
  /// symmetric.
  func center(symmetrized: Bool, precision: Int) -> BallMatrixStorage {
    let result = BallMatrixStorage(rows: rows, columns: columns)
    withPointer { source in
      result.withPointer { cflint_mat_center($0, source, symmetrized, Int64(precision)) }
    }
    return result
  }

  /// A number at least `‖x − center‖₂` for every `x` in the balls, the center exact.
  func distance(to center: BallMatrixStorage) -> Ball {
    withPointer { b in center.withPointer { s in Ball.make(precision: 64) { cflint_mat_distance($0, b, s) } } }
  }

  /// The midpoints times `2^−exponent`, which brings the largest into `[½, 1)`; rounded to nearest.
  func scaledDoubles() -> (matrix: Matrix<Double>, exponent: Ball) {
    var exponent = fmpz()
    fmpz_init(&exponent)
    defer { fmpz_clear(&exponent) }
    var entries = [Double](repeating: 0, count: rows * columns)
    withPointer { source in
      entries.withUnsafeMutableBufferPointer { cflint_mat_scaled_doubles($0.baseAddress, &exponent, source) }
    }
    // 2^exponent, an exact number whatever the exponent.
    let power = Ball.make(precision: 64) {
      arb_one($0)
      arb_mul_2exp_fmpz($0, $0, &exponent)
    }
    return (Matrix(rows: rows, columns: columns, entries: entries), power)
  }

  deinit {
    arb_mat_clear(pointer)
    pointer.deallocate()
  }
}
