import Arithmetic
import Training
import Typesetting

extension ExperimentResult {
  /// The headline: increments measured at `w*` and away from it, with the bounds over the same axes.
  public var incrementFigure: LogLogFigure {
    let some = shown, counts = IncrementSlope.evenRatios(upTo: some.first?.means.increments.count ?? 1)
    let panels = some.map { one in
      LogLogFigure.Panel(title(one), curves(one, at: counts))
    }
    return LogLogFigure(
      title: "What one more sample changes in the mean loss: \(configuration.name)",
      subtitle:
        "\(measurement.count) samples, \(configuration.measurements.permutations) orders; measured at the trained weights and "
        + "away from them, and the bounds",
      summary:
        "The measured change of the mean loss by one more sample against the number of samples, with quantiles, and "
        + "bounds on it, at the trained weights and at points away from them.",
      abscissaLabel: "number of samples `k`", valueLabel: "`|L_{k+1} − L_k|`", abscissas: counts.map(Double.init),
      panels: panels)
  }

  /// At w*, and at the largest distance along random directions and along eigenvectors.
  private var shown: [ExperimentMeasurement.Increments] {
    let largest = measurement.increments.map(\.radius).max() ?? 0
    return measurement.increments.filter { $0.radius.isZero || $0.radius == largest }
  }

  private func title(_ one: ExperimentMeasurement.Increments) -> String {
    if one.radius.isZero { return "at w*" }
    return "r = \(Self.decimal(one.radius)), " + (one.isRandom ? "random" : "eigenvectors")
  }

  private func curves(_ one: ExperimentMeasurement.Increments, at counts: [Int]) -> [LogLogFigure.Curve] {
    let points = counts.map { one.means.increments[$0 - 1] }
    let slope = one.means.slope.map { "slope \($0.slope.text(decimals: 2))" } ?? ""
    var curves = [
      LogLogFigure.Curve("measured mean", note: slope, style: 0, points.map(\.mean)),
      LogLogFigure.Curve("5 %", style: 2, points.map { $0.quantiles.first }),
      LogLogFigure.Curve("95 %", style: 2, points.map { $0.quantiles.last }),
    ]
    let distance = bounds.distances.first { $0.radius == one.radius }
    let study = distance ?? (one.radius.isZero ? bounds.distances.first : nil)
    for outcome in study?.study.rows[0].outcomes ?? [] {
      guard let found = outcome.found, outcome.version.increment != nil, let style = Self.styles[outcome.version] else {
        continue
      }
      // At w* the terms with the radius are zero.
      let terms = one.radius.isZero ? found.terms.prefix(1) : found.terms[...]
      let numerator = terms.reduce(0) { $0 + Double($1.value) }
      let kind = found.origin == .measured ? " (not a bound)" : ""
      curves.append(
        LogLogFigure.Curve(outcome.version.rawValue + kind, style: style, counts.map { numerator / Double($0 + 1) }))
    }
    return curves
  }

  private static let styles: [SampleSizeVersion: Int] = [.printed: 1, .rigorous: 3, .hessianFree: 4]

  /// Losses against epochs.
  public var trainingFigure: LogLogFigure {
    Self.trainingFigure(of: networks, configuration.name, hasHeldOut: heldOut > 0)
  }

  /// The losses of networks against their epochs.
  static func trainingFigure(of networks: [Trained], _ name: String, hasHeldOut: Bool, note: String = "")
    -> LogLogFigure
  {
    let epochs = IncrementSlope.evenRatios(upTo: networks.map(\.records.count).max() ?? 1)
    func panel(_ title: String, _ value: @escaping (EpochRecord) -> Double?) -> LogLogFigure.Panel {
      LogLogFigure.Panel(
        title,
        networks.enumerated().map { index, network in
          LogLogFigure.Curve(
            network.name, style: index,
            epochs.map { $0 <= network.records.count ? value(network.records[$0 - 1]) : nil })
        })
    }
    return LogLogFigure(
      title: "Training: \(name)",
      subtitle: "mean loss of each epoch, and of the held-out samples after it" + note,
      summary: "The mean loss against the epoch, on the training samples and on those held out, for each network.",
      abscissaLabel: "epoch", valueLabel: "mean loss", abscissas: epochs.map(Double.init),
      panels: [panel("training") { $0.loss }] + (hasHeldOut ? [panel("held out") { $0.heldOutLoss }] : []))
  }

  /// The distances of Hessians from the mean of those before, with `2M`.
  public var hessianFigure: LogLogFigure? {
    let counts = Set(measurement.hessianGaps.map(\.count)).sorted()
    guard counts.count > 1 else { return nil }
    let orders = Set(measurement.hessianGaps.map(\.order)).sorted()
    var curves = orders.map { order in
      LogLogFigure.Curve(
        "order \(order + 1)", style: 0,
        counts.map { k in measurement.hessianGaps.first { $0.order == order && $0.count == k }?.norm })
    }
    if let center = bounds.center {
      curves.append(LogLogFigure.Curve("2M at w*", style: 1, counts.map { _ in 2 * Double(center.hessianBound) }))
    }
    return LogLogFigure(
      title: "How far one Hessian is from the mean of the others: \(configuration.name)",
      subtitle: "at the trained weights, by Lanczos iteration on products of single samples' Hessians",
      summary: "The norm of the difference of one sample's Hessian and the mean of those before, against their number.",
      abscissaLabel: "number of samples `k`", valueLabel: "`‖H_{k+1} − H̄_k‖₂`",
      abscissas: counts.map(Double.init), panels: [LogLogFigure.Panel("", curves)])
  }
}
