import Arithmetic
import Evaluation
import Formulas
import Transformers

/// Sample sizes at which the mean loss is near its expectation with a given probability, certified in balls.
struct StatisticalSampleSize {
  let range: Rational
  let failure: Rational
  let tolerance: Rational

  /// The precision of the enclosures; enough for sample sizes of up to about 250 bits.
  private static let precision = 320

  /// The least `k ≥ 1` with `2 exp(−2kε²/B²) ≤ δ`.
  ///
  /// - Errors: those of evaluation, and where the working precision cannot decide.
  func hoeffding() throws -> SampleSize {
    if range.isZero {
      return try SampleSize(tolerance: tolerance, count: 1, at: 0, before: nil, limit: failure)
    }
    let guess = try value(Concentration.hoeffdingCount, at: 1, logarithm: 2).upper.ceiling
    let count: Rational = guess < 1 ? 1 : guess
    return try certified(count, least: 1, limit: failure) { k in
      try coarse(value(Concentration.hoeffdingTail, at: k, logarithm: 2))
    }
  }

  /// The ball, or one around it: a number that is nothing beside the failure probability would have endpoints of millions of
  /// digits.
  private func coarse(_ ball: Ball) -> Ball {
    guard ball.upperDouble < 0x1p-1000, failure > Rational(exactly: 0x1p-1000) ?? 1,
      let upper = Rational(exactly: ball.upperDouble)
    else { return ball }
    return Ball.union(.zero, Ball(upper))
  }

  /// The least `k ≥ 2` at which the width of the empirical Bernstein inequality is at most `ε`.
  ///
  /// - Errors: those of evaluation, and where the working precision cannot decide.
  func bernstein(variance: Rational) throws -> (size: SampleSize, terms: [Rational]) {
    func width(_ k: Rational) throws -> Ball {
      try value(Concentration.bernsteinWidth, at: k, logarithm: 4, variance: variance)
    }
    var low: Rational = 1, high: Rational = 2
    while try width(high).upper > tolerance { (low, high) = (high, high * 2) }
    while high - low > 1 {
      let middle = ((low + high) * Rational(1, over: 2)).floor
      if try width(middle).upper <= tolerance { high = middle } else { low = middle }
    }
    let size = try certified(high, least: 2, limit: tolerance, width)
    let terms = try Concentration.bernsteinWidth.operands.map {
      try value($0, at: high, logarithm: 4, variance: variance).upper
    }
    return (size, terms)
  }

  /// Moves the count down or up by what rounding may have shifted it, and certifies it.
  private func certified(
    _ guess: Rational, least: Rational, limit: Rational, _ bound: (Rational) throws -> Ball
  ) throws -> SampleSize {
    var count = guess
    while count > least, try bound(count - 1).upper <= limit { count = count - 1 }
    while try bound(count).lower > limit { count = count + 1 }
    return try SampleSize(
      tolerance: tolerance, count: count, at: bound(count).upper,
      before: count > least ? bound(count - 1).lower : nil, limit: limit)
  }

  /// A formula's value at `k` samples, with `λ = ln(n/δ)`.
  private func value(
    _ formula: Formula, at k: Rational, logarithm n: Int, variance: Rational = 0
  ) throws -> Ball {
    try Ball.withWorkingPrecision(Self.precision) {
      let logarithm = try Ball(Rational(n).divided(by: failure)).logarithm()
      let values: [(Symbol, Ball)] = [
        (Concentration.count, Ball(k)), (Concentration.range, Ball(range)), (Concentration.variance, Ball(variance)),
        (Concentration.tolerance, Ball(tolerance)), (Concentration.logarithm, logarithm),
      ]
      let environment = Environment<Ball>(
        sizes: [:], values: Dictionary(uniqueKeysWithValues: values.map { ($0, Matrix($1)) }))
      return try formula.value(in: environment).scalar
    }
  }
}
