import TensorFiles
import Typesetting

extension RunningMeans {
  /// What was measured, as lines for a person.
  var lines: [String] {
    var lines = [
      "Measured: \(samples) samples, \(permutations) orders (seed \(seed))"
        + (points > 1 ? ", \(points) points w" : "") + "; losses from \(losses.least.text(significantDigits: 4)) to "
        + losses.largest.text(significantDigits: 4)
    ]
    if let slope {
      lines.append(
        "log–log slope of the mean increment \(slope.slope.text(decimals: 3)), 95 % "
          + "[\(slope.interval.lowerBound.text(decimals: 3)), \(slope.interval.upperBound.text(decimals: 3))] by the "
          + "bootstrap over whole orders (\(IncrementSlope.resamples) resamples; it covers the orders, not the choice of samples)"
      )
    }
    return lines
  }

  /// A probability in percent, without needless digits.
  static func percent(_ probability: Double) -> String {
    let percent = (probability * 100).text(significantDigits: 3)
    let digits =
      percent.contains(".") ? percent.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed() : Array(percent)
    return "\(String(digits)) %"
  }

  /// The increments at numbers of samples with even ratios, and at the last.
  public var table: Table {
    var table = Table(
      name: "increments",
      caption:
        "The change of the mean loss by one more sample, measured over \(permutations) orders of \(samples) samples"
        + (points > 1 ? " at \(points) points" : "") + ": mean and quantiles, floating-point measurements.",
      columns: [.init("k"), .init("mean")]
        + probabilities.map { .init(Self.percent($0), key: "q\($0)") })
    for point in sampled {
      table.append(
        [.exact("\(point.count)"), .estimate(point.mean, digits: 4)] + point.quantiles.map { .estimate($0, digits: 4) })
    }
    return table
  }

  /// The points at numbers of samples with even ratios.
  var sampled: [Point] { IncrementSlope.evenRatios(upTo: increments.count).map { increments[$0 - 1] } }

  /// Everything measured, as an object.
  public var json: JSONValue {
    [
      "samples": .integer(samples), "points": .integer(points), "permutations": .integer(permutations),
      "seed": .string("\(seed)"), "probabilities": .array(probabilities.map { .double($0) }),
      "slope": slope.map {
        [
          "value": .double($0.slope), "lower": .double($0.interval.lowerBound),
          "upper": .double($0.interval.upperBound), "method": "bootstrap over orders, percentiles",
          "resamples": .integer(IncrementSlope.resamples), "fitted_counts": .array($0.counts.map { .integer($0) }),
        ]
      } ?? .null,
      "losses": [
        "least": .double(losses.least), "largest": .double(losses.largest),
        "means": .array(losses.means.map { .double($0) }), "variances": .array(losses.variances.map { .double($0) }),
      ],
      "increments": .array(
        increments.map {
          [
            "k": .integer($0.count), "mean": .double($0.mean),
            "quantiles": .array($0.quantiles.map { .double($0) }),
          ]
        }),
    ]
  }
}
