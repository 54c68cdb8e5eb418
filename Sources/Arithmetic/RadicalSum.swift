/// A real number `Σ c_i √n_i` with fractions `c_i` and distinct positive integers `n_i`: what fractions, square roots and the
/// spectral norms of many exact matrices are made of.
///
/// Sums and products are exact. The radicands are free of the squares of small primes, so that equal numbers almost always
/// have equal forms; where a larger square hides in a radicand, a zero may not be recognised, and asking for its sign throws.
public struct RadicalSum: Hashable, Sendable {
  struct Term: Hashable, Sendable {
    let radicand: Rational
    let coefficient: Rational
  }

  /// By increasing radicand, no coefficient zero.
  let terms: [Term]

  /// A fraction.
  public init(_ value: Rational) {
    terms = value.isZero ? [] : [Term(radicand: .one, coefficient: value)]
  }

  /// Sums the coefficients of equal radicands.
  init(collecting all: [Term]) {
    var collected: [Term] = []
    for term in all.sorted(by: { $0.radicand < $1.radicand }) {
      if let last = collected.last, last.radicand == term.radicand {
        collected[collected.count - 1] = Term(
          radicand: last.radicand, coefficient: last.coefficient + term.coefficient)
      } else {
        collected.append(term)
      }
    }
    terms = collected.filter { !$0.coefficient.isZero }
  }

  /// The number as a fraction, where it is one.
  public var rational: Rational? {
    if terms.isEmpty { return .zero }
    return terms.count == 1 && terms[0].radicand == .one ? terms[0].coefficient : nil
  }

  /// `−1`, `0` or `1`.
  ///
  /// - Errors: unsupported where 4096 bits do not tell it from zero.
  public var sign: Int {
    get throws(ArithmeticError) {
      guard let first = terms.first else { return 0 }
      if terms.allSatisfy({ $0.coefficient.sign == first.coefficient.sign }) { return first.coefficient.sign }
      var precision = 128
      while precision <= 4_096 {
        let ball = enclosure(precision: precision)
        if ball.isPositive { return 1 }
        if (-ball).isPositive { return -1 }
        precision *= 2
      }
      throw .unsupported("the sign of \(self)")
    }
  }

  /// An enclosure by computing at so many bits.
  public func enclosure(precision: Int) -> Ball {
    terms.reduce(Ball(0, precision: precision)) { sum, term in
      let root = Ball(term.radicand, precision: precision).squareRootOfNonnegative()
      return sum + Ball(term.coefficient, precision: precision) * root
    }
  }
}

extension RadicalSum: CustomStringConvertible {
  public var description: String {
    if terms.isEmpty { return "0" }
    return terms.map { $0.radicand == .one ? "\($0.coefficient)" : "\($0.coefficient)·√\($0.radicand)" }
      .joined(separator: " + ")
  }
}

extension RadicalSum: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int) { self.init(Rational(value)) }
}
