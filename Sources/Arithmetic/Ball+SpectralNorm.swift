import CFLINT

extension Ball {
  /// `‖m‖₂`, enclosed for every matrix in the given balls.
  ///
  /// For positive `u`, `v` and a non-negative matrix `B`: `uᵀBv/(‖u‖‖v‖) ≤ ‖B‖₂ ≤ √(αβ)` with `α = max (Bv)_i/u_i` and
  /// `β = max (Bᵀu)_j/v_j`, which for symmetric `B` and `u = v` is the bound of Collatz and Wielandt. No symmetry is
  /// assumed, since the numbers in two equal balls may differ. A matrix with negative entries goes by `BᵀB` or `BBᵀ`.
  /// - Errors: unsupported where `B`, `BᵀB` and `BBᵀ` all have an entry that may be negative.
  /// - Source: the Schur test; [horn2012, §8.1].
  public static func spectralNorm(of m: Matrix<Ball>) throws(ArithmeticError) -> Ball {
    if m.entries.allSatisfy(\.isNonnegative) { return norm(ofNonnegative: m) }
    if m.entries.count == 1 { return m.entries[0].magnitude }
    let transposed = m.transposed
    for (left, right) in [(transposed, m), (m, transposed)] {
      let gram = left * right
      if gram.entries.allSatisfy(\.isNonnegative) { return norm(ofNonnegative: gram).squareRootOfNonnegative() }
    }
    throw .unsupported("the spectral norm over balls of a \(m.rows)×\(m.columns) matrix with negative entries")
  }

  /// The largest of the norms of the connected blocks, each of which has positive singular vectors.
  private static func norm(ofNonnegative m: Matrix<Ball>) -> Ball {
    var norm = Ball.zero
    for block in connectedBlocks(m) {
      let blockNorm = block.entries.count == 1 ? block.entries[0] : enclosure(block, singularVectors(block))
      norm = norm.isZero ? blockNorm : combined(norm, blockNorm) { arb_max($0, $1, $2, $3) }
    }
    return norm.rounded(to: m.entries.map(\.precision).max() ?? defaultPrecision)
  }

  /// Positive approximations of the singular vectors of the largest singular value, up to scale.
  private typealias SingularVectors = (left: Matrix<Ball>, right: Matrix<Ball>)

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

  /// The blocks of rows and columns that entries other than zero connect; rows and columns of zeros are in none.
  private static func connectedBlocks(_ m: Matrix<Ball>) -> [Matrix<Ball>] {
    var isRowFree = [Bool](repeating: true, count: m.rows)
    var isColumnFree = [Bool](repeating: true, count: m.columns)
    var blocks: [Matrix<Ball>] = []
    for start in 0..<m.rows where isRowFree[start] {
      var rows = [start]
      var columns: [Int] = []
      isRowFree[start] = false
      var next = 0
      while next < rows.count {
        for j in 0..<m.columns where isColumnFree[j] && !m[rows[next], j].isZero {
          isColumnFree[j] = false
          columns.append(j)
          for i in 0..<m.rows where isRowFree[i] && !m[i, j].isZero {
            isRowFree[i] = false
            rows.append(i)
          }
        }
        next += 1
      }
      if !columns.isEmpty {
        blocks.append(Matrix(rows: rows.count, columns: columns.count) { m[rows[$0], columns[$1]] })
      }
    }
    return blocks
  }
}
