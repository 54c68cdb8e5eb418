import CFLINT

/// An enclosure of `‖B‖₂` for every matrix `B` in given balls, by approximate eigenvectors.
///
/// With `S` the midpoints, `|‖B‖ − ‖S‖| ≤ ‖B − S‖ ≤ √(‖B − S‖_1 ‖B − S‖_∞)`. For symmetric `S` and any `X` with
/// `‖XᵀX − I‖ ≤ ρ < 1`: `max |x_iᵀSx_i|/x_iᵀx_i ≤ ‖S‖ ≤ ‖XᵀSX‖_∞/(1 − ρ)`, both evaluated in balls. They meet as the
/// columns of `X` approach eigenvectors, also where eigenvalues repeat. Any other `S` goes by `‖S‖² = ‖SᵀS‖`.
struct SpectralNormEnclosure {
  let value: Ball

  /// - Errors: unsupported where no finite enclosure was found.
  init(_ matrix: Matrix<Ball>, precision: Int) throws(ArithmeticError) {
    let balls = BallMatrixStorage(matrix)
    let working =
      precision + 32 + (matrix.rows + matrix.columns).bitWidth
      - (matrix.rows + matrix.columns)
      .leadingZeroBitCount
    let isSymmetric = balls.withPointer { cflint_mat_may_be_symmetric($0) }
    let center = balls.center(symmetrized: isSymmetric, precision: working)
    let norm: Ball
    if isSymmetric {
      norm = Self.norm(ofSymmetric: center, precision: working, accuracy: Self.goal(matrix.rows, precision))
    } else {
      let size = min(matrix.rows, matrix.columns)
      let (left, right) = matrix.rows < matrix.columns ? (center, center.transposed) : (center.transposed, center)
      let gram = left.times(right, precision: working)
      let middle = gram.center(symmetrized: true, precision: working)
      let square = Self.norm(ofSymmetric: middle, precision: working, accuracy: Self.goal(size, precision))
      norm = square.widened(by: gram.distance(to: middle)).squareRootOfNonnegative()
    }
    let widened = norm.widened(by: balls.distance(to: center))
    guard widened.withPointer({ arb_is_finite($0) != 0 }) else {
      throw .unsupported("the spectral norm of a \(matrix.rows)×\(matrix.columns) matrix, without a finite enclosure")
    }
    value = widened
  }

  /// The bits to aim for: refining a large basis costs seconds, which only a raised precision asks for.
  private static func goal(_ rows: Int, _ precision: Int) -> Int {
    rows <= 128 || precision > Ball.defaultPrecision ? precision - 2 : 40
  }

  /// `‖S‖₂` of an exact symmetric matrix.
  private static func norm(ofSymmetric matrix: BallMatrixStorage, precision: Int, accuracy goal: Int) -> Ball {
    var basis = eigenvectors(matrix)
    var best: Ball?
    for _ in 0..<16 {
      let image = matrix.times(basis, precision: precision)
      let transposed = basis.transposed
      let t = transposed.times(image, precision: precision), g = transposed.times(basis, precision: precision)
      let enclosure = enclosure(t, g, precision: precision)
      let accuracy = enclosure?.accuracy ?? .min
      if let enclosure, accuracy > best?.accuracy ?? .min { best = enclosure }
      if accuracy >= goal { break }
      let correction = EigenvectorCorrection(t, g, precision: precision)
      let step = correction.rotation() ?? correction.matrix
      basis = basis.times(step, precision: precision).center(symmetrized: false, precision: precision)
    }
    return best
      ?? Ball.union(.zero, matrix.distance(to: BallMatrixStorage(rows: matrix.rows, columns: matrix.columns)))
  }

  /// The bounds of `t = XᵀSX` and `g = XᵀX`; `nil` where the columns are too far from orthonormal.
  private static func enclosure(_ t: BallMatrixStorage, _ g: BallMatrixStorage, precision: Int) -> Ball? {
    let defect = g.withPointer { g in
      Ball.make(precision: precision) { cflint_mat_row_norm($0, g, true, Int64(precision)) }
    }
    let room = Ball.one - defect
    guard room.lowerDouble > 0.25 else { return nil }
    let rowNorm = t.withPointer { t in
      Ball.make(precision: precision) { cflint_mat_row_norm($0, t, false, Int64(precision)) }
    }
    let quotient = t.withPointer { t in
      g.withPointer { g in
        Ball.make(precision: precision) { cflint_mat_largest_quotient($0, t, g, Int64(precision)) }
      }
    }
    guard let upper = try? rowNorm.divided(by: room) else { return nil }
    return Ball.union(quotient, upper)
  }

  /// Approximate eigenvectors by LAPACK, the identity where it has no answer.
  private static func eigenvectors(_ matrix: BallMatrixStorage) -> BallMatrixStorage {
    let approximation = try? LinearAlgebra.symmetricEigen(of: matrix.scaledDoubles().matrix)
    return BallMatrixStorage(approximation?.vectors ?? .identity(matrix.rows))
  }
}

extension Ball {
  /// The numbers at least zero within `error` of the ball.
  fileprivate func widened(by error: Ball) -> Ball {
    let wider = Ball.combined(self, error) { result, x, e, _ in
      arb_set(result, x)
      arb_add_error(result, e)
    }
    return wider.isNonnegative ? wider : wider.transformed { result, x, _ in arb_nonnegative_part(result, x) }
  }
}
