extension Rational {
  /// `‖m‖₂²` where it is a fraction of moderate length; `nil` where none was found.
  ///
  /// The simplest fraction `q` in an enclosure is proposed; `qI − mᵀm` positive semidefinite and singular proves it.
  /// - Complexity: that of ``Definiteness``.
  public static func squaredSpectralNorm(of m: Matrix<Rational>) -> Rational? {
    if m.isZero { return .zero }
    let gram = m.rows < m.columns ? m * m.transposed : m.transposed * m
    guard let enclosure = try? Ball.spectralNorm(of: gram.map { Ball($0, precision: 256) }),
      let lower = try? enclosure.lower, let upper = try? enclosure.upper
    else { return nil }
    let candidate = simplest(from: max(lower, .zero), to: upper)
    // A fraction that only fills the enclosure is longer.
    guard candidate.denominator * candidate.denominator * (upper - lower) * powerOfTwo(32) < .one else { return nil }
    let shifted = Matrix<Rational>.identity(gram.rows).scaled(by: candidate) - gram
    return Definiteness(ofSymmetric: shifted) == .positiveSemidefinite ? candidate : nil
  }
}
