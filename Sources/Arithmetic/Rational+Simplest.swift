extension Rational {
  /// The fraction with the smallest denominator in `[lower, upper]`, by continued fractions.
  ///
  /// - Precondition: `0 ≤ lower ≤ upper`.
  static func simplest(from lower: Rational, to upper: Rational) -> Rational {
    precondition(lower.sign >= 0 && lower <= upper, "no fraction from \(lower) to \(upper)")
    var (low, high) = (lower, upper)
    // The convergent p/q and its predecessor.
    var (p, q, previousP, previousQ) = (Rational.one, Rational.zero, Rational.zero, Rational.one)
    while true {
      let whole = low.floor
      let last = low == whole ? whole : whole + .one
      let isDone = last <= high
      let step = isDone ? last : whole
      (p, previousP) = (step * p + previousP, p)
      (q, previousQ) = (step * q + previousQ, q)
      if isDone { return p * inverse(q) }
      (low, high) = (inverse(high - whole), inverse(low - whole))
    }
  }
}
