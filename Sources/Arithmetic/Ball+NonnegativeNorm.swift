import CFLINT

extension Ball {
  /// Positive approximations of the singular vectors of the largest singular value, up to scale.
  private typealias SingularVectors = (left: Matrix<Ball>, right: Matrix<Ball>)

  /// `‖m‖₂` of a connected non-negative matrix.
  ///
  /// For positive `u`, `v`: `uᵀBv/(‖u‖‖v‖) ≤ ‖B‖₂ ≤ √(αβ)` with `α = max (Bv)_i/u_i` and `β = max (Bᵀu)_j/v_j`, which for
  /// symmetric `B` and `u = v` is the bound of Collatz and Wielandt. No symmetry is assumed, since the numbers in two
  /// equal balls may differ.
  /// - Source: the Schur test; [horn2012, §8.1].
  static func norm(ofConnectedNonnegative m: Matrix<Ball>) -> Ball { enclosure(m, singularVectors(m)) }

  private static func enclosure(_ m: Matrix<Ball>, _ vectors: SingularVectors) -> Ball {
    let (u, v) = vectors
    let image = m * v
    let preimage = m.transposed * u
    let upper = (largestQuotient(image, u) * largestQuotient(preimage, v)).squareRootOfNonnegative()
    let lengths = ((u.transposed * u).scalar * (v.transposed * v).scalar).squareRootOfNonnegative()
    return union(quotient((u.transposed * image).scalar, lengths), upper)
  }

  private static func largestQuotient(_ a: Matrix<Ball>, _ b: Matrix<Ball>) -> Ball {
    zip(a.entries, b.entries).map { quotient($0, $1) }.reduce(.zero) { x, y in
      combined(x, y) { arb_max($0, $1, $2, $3) }
    }
  }

  private static func quotient(_ a: Ball, _ b: Ball) -> Ball { combined(a, b) { arb_div($0, $1, $2, $3) } }

  /// Singular vectors of the midpoints: a row of `(BᵀB)^(2^k)`, by repeated squaring until the enclosure is tight.
  ///
  /// Nothing here needs an error bound, since the enclosure holds for any positive vectors.
  private static func singularVectors(_ m: Matrix<Ball>) -> SingularVectors {
    let precision = m.entries.map(\.precision).max() ?? defaultPrecision
    // Squaring doubles the relative error of the entries, so some bits more are carried.
    let matrix = m.map { $0.midpoint.rounded(to: precision + 64).midpoint }
    var power = (matrix.transposed * matrix).map(\.midpoint)
    let ones = Matrix<Ball>(repeating: .one, rows: matrix.columns, columns: 1)
    var best: (vectors: SingularVectors, accuracy: Int)?
    let limit = matrix.columns <= 16 ? 80 : 24
    for _ in 0...limit {
      let right = (power * ones).map(\.midpoint)
      let vectors = (left: (matrix * right).map(\.midpoint), right: right)
      let accuracy = enclosure(matrix, vectors).accuracy
      if accuracy > best?.accuracy ?? .min { best = (vectors, accuracy) }
      if accuracy >= precision + 4 { break }
      power = (power * power).map(\.midpoint)
    }
    return best?.vectors ?? (left: matrix * ones, right: ones)
  }
}
