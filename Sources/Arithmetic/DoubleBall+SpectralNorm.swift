extension DoubleBall {
  /// `‖m‖₂`, enclosed for every matrix in the given balls, at the speed of BLAS.
  ///
  /// With `G` the smaller of `mᵀm` and `mmᵀ` and approximate eigenvectors `X`, `‖I − XᵀX‖_∞ ≤ ρ < 1`:
  /// `max x_iᵀGx_i/x_iᵀx_i ≤ ‖G‖₂ ≤ ‖XᵀGX‖_∞/(1 − ρ)`.
  /// - Rounding: outward; relatively tight to about 10⁻¹² where the balls are narrow.
  /// - Errors: unsupported where no finite enclosure was found.
  public static func spectralNorm(of m: Matrix<Self>) throws(ArithmeticError) -> Self {
    guard let largest = m.entries.map(\.magnitudeBound).max(), largest > 0 else { return .zero }
    guard largest.isFinite else { throw noEnclosure(m) }
    // So that squares neither overflow nor vanish.
    let scale = Double(sign: .plus, exponent: -min(max(largest.exponent, -1000), 1000), significand: 1)
    let scaled = m.map { $0 * Self(scale) }
    let square =
      try scaled.rows < scaled.columns
      ? norm(ofGram: product(scaled, scaled.transposed), m) : norm(ofGram: product(scaled.transposed, scaled), m)
    return Self(try square.ball(precision: 64).squareRootOfNonnegative().divided(by: Ball(exactly: scale) ?? .one))
  }

  /// `‖G‖₂` of a positive semidefinite matrix.
  private static func norm(ofGram gram: Matrix<Self>, _ m: Matrix<Self>) throws(ArithmeticError) -> Self {
    if gram.entries.count == 1 { return gram.entries[0] }
    guard let vectors = try? LinearAlgebra.symmetricEigen(of: gram.map(\.midpoint)).vectors.map({ Self($0) }) else {
      throw noEnclosure(m)
    }
    let transposed = vectors.transposed
    let t = product(transposed, product(gram, vectors)), g = product(transposed, vectors)
    var rowNorm = Self.zero, defect = Self.zero, least = 0.0
    for i in 0..<t.rows {
      var row = Self.zero, distance = Self.zero
      for j in 0..<t.columns {
        row = row + Self(t[i, j].magnitudeBound)
        distance = distance + Self((i == j ? g[i, j] - .one : g[i, j]).magnitudeBound)
      }
      if row.magnitudeBound > rowNorm.magnitudeBound { rowNorm = row }
      if distance.magnitudeBound > defect.magnitudeBound { defect = distance }
      least = max(least, try t[i, i].ball(precision: 64).divided(by: g[i, i].ball(precision: 64)).lowerDouble)
    }
    guard defect.magnitudeBound < 0.5 else { throw noEnclosure(m) }
    let room = Ball.one - (try Self(defect.magnitudeBound).ball(precision: 64))
    let upper = try Self(rowNorm.magnitudeBound).ball(precision: 64).divided(by: room)
    return Self(Ball.union(try Self(least).ball(precision: 64), upper))
  }

  private static func noEnclosure(_ m: Matrix<Self>) -> ArithmeticError {
    .unsupported("the spectral norm of a \(m.rows)×\(m.columns) matrix, without a finite enclosure")
  }
}
