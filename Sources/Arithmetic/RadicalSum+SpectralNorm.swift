extension RadicalSum {
  /// `‖m‖₂²` where it is a fraction of moderate length; `nil` where none was found.
  ///
  /// The simplest fraction `q` in an enclosure is proposed; `qI − mᵀm` positive semidefinite and singular proves it.
  /// - Errors: unsupported where a sign cannot be told.
  /// - Complexity: that of ``Definiteness``.
  public static func squaredSpectralNorm(of m: Matrix<Self>) throws(ArithmeticError) -> Rational? {
    if m.isZero { return .zero }
    let gram = m.rows < m.columns ? m * m.transposed : m.transposed * m
    let balls = gram.map { $0.enclosure(precision: 256) }
    guard let enclosure = try? Ball.spectralNorm(of: balls), let lower = try? enclosure.lower,
      let upper = try? enclosure.upper
    else { return nil }
    let candidate = Rational.simplest(from: max(lower, .zero), to: upper)
    // A fraction that only fills the enclosure is longer.
    let length = candidate.denominator * candidate.denominator * Rational.powerOfTwo(32)
    guard length * (upper - lower) < .one else { return nil }
    let shifted = Matrix<Self>.identity(gram.rows).scaled(by: Self(candidate)) - gram
    return try Definiteness(ofSymmetric: shifted) == .positiveSemidefinite ? candidate : nil
  }
}
