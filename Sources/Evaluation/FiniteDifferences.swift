import Arithmetic
import Formulas

/// A number with an estimate of its error.
public struct Estimate: Hashable, Sendable {
  public let value: Double
  public let error: Double
}

/// Second derivatives from values alone: central differences with Richardson extrapolation. Shares no code with any
/// derivative. An estimate, never a bound.
public enum FiniteDifferences {
  /// `∂²f/∂s∂t` at the origin, for `f(s, t)`.
  ///
  /// The step is halved `levels` times; the extrapolated value with the smallest estimated error is returned.
  public static func mixedSecondDerivative<Failure: Error>(
    step: Double, levels: Int = 7, _ f: (Double, Double) throws(Failure) -> Double
  ) throws(Failure) -> Estimate {
    var previous: [Double] = []
    var best = Estimate(value: .nan, error: .infinity)
    var h = step
    for level in 0..<levels {
      let values = [try f(h, h), try f(h, -h), try f(-h, h), try f(-h, -h)]
      let central = (values[0] - values[1] - values[2] + values[3]) / (4 * h * h)
      // What a few wrong last bits of the values do, even where they are the same in all four.
      let rounding = 4 * values.reduce(0) { max($0, abs($1)) }.ulp / (h * h)
      var row = [central]
      var factor = 4.0
      for k in 0..<level {
        row.append((factor * row[k] - previous[k]) / (factor - 1))
        let error = max(abs(row[k + 1] - row[k]), abs(row[k + 1] - previous[k]), rounding)
        if error < best.error { best = Estimate(value: row[k + 1], error: error) }
        factor *= 4
      }
      // Once rounding dominates, smaller steps only make it worse.
      if level > 1, abs(row[level] - previous[level - 1]) > 8 * best.error { break }
      previous = row
      h /= 2
    }
    return best
  }
}
