import Arithmetic
import Typesetting

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension ExperimentResult {
  /// The networks side by side.
  public var networkTable: Table {
    var table = Table(
      name: "networks",
      caption:
        "Networks of the experiment \(configuration.name), trained alike on \(samples) samples: trained weights, mean "
        + "loss and accuracy on these and on the \(heldOut) held-out samples at the final weights, and the norm of the gradient of the "
        + "mean loss there.",
      columns: [
        .init("network", alignment: .left), .init("weights"), .init("loss"), .init("accuracy", alignment: .right),
        .init("held-out loss"), .init("held-out accuracy", alignment: .right), .init("`‖∇L‖₂`", key: "gradient_norm"),
      ])
    for network in networks {
      table.append([
        .text(network.name), .exact("\(network.weights)"), .estimate(network.loss, digits: 4),
        .text(Self.percent(network.accuracy)), network.heldOutLoss.map { .estimate($0, digits: 4) } ?? .empty,
        network.heldOutAccuracy.map { .text(Self.percent($0)) } ?? .empty, .estimate(network.gradientNorm, digits: 3),
      ])
    }
    return table
  }

  static func percent(_ part: Double) -> String { (100 * part).text(decimals: 1) + " %" }

  /// How fast increments fall.
  public var slopeTable: Table {
    var table = Table(
      name: "slopes",
      caption: "The change of the mean loss by one more sample, `|L_{k+1} − L_k|`, measured over "
        + "\(configuration.measurements.permutations) orders of the samples, at the trained weights `w*` and at points at a distance r: "
        + "slope of its mean against k, both logarithmic, with a 95 % interval by the bootstrap over orders, and the mean at three k.",
      columns: [
        .init("r"), .init("directions", alignment: .left), .init("slope"), .init("from"), .init("to"),
        .init("k = 1", key: "k_1"), .init("k = 30", key: "k_30"), .init("last k", key: "k_last"),
      ])
    for one in measurement.increments {
      let means = one.means.increments, slope = one.means.slope
      table.append([
        .exact(Self.decimal(one.radius)), .text(one.radius.isZero ? "none" : one.isRandom ? "random" : "eigenvectors"),
        slope.map { .estimate($0.slope, digits: 4) } ?? .empty,
        slope.map { .estimate($0.interval.lowerBound, digits: 4) } ?? .empty,
        slope.map { .estimate($0.interval.upperBound, digits: 4) } ?? .empty, .estimate(means[0].mean, digits: 3),
        means.count >= 30 ? .estimate(means[29].mean, digits: 3) : .empty,
        .estimate(means[means.count - 1].mean, digits: 3),
      ])
    }
    return table
  }

  static func decimal(_ value: Rational) -> String {
    var text = value.decimal(significantDigits: 6, rounding: .nearest)
    guard text.contains("."), !text.contains("e") else { return text }
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }

  /// The terms of the increments along each direction, measured.
  public var expansionTable: Table {
    var table = Table(
      name: "expansion",
      caption:
        "What the increments are made of at `w = w* + r u`: for the losses at `w`, the losses at `w*`, the gradient's term "
        + "`r ∇ℓ_i(w*)ᵀu`, the Hessian's term `½ r² uᵀH_i(w*) u` and the remainder, the mean distance of a sample's number from the mean "
        + "of the others, which is `(k + 1)|L_{k+1} − L_k|` for the last sample. At `w*` the Hessian's term is never exercised; here it is.",
      columns: [
        .init("r"), .init("direction", alignment: .left), .init("loss at `w`", key: "loss"),
        .init("loss at `w*`", key: "constant"), .init("gradient"), .init("Hessian", key: "hessian"), .init("remainder"),
      ])
    for one in measurement.expansions {
      table.append([
        .exact(Self.decimal(one.radius)), .text(one.direction.name), .estimate(one.loss, digits: 3),
        .estimate(one.constant, digits: 3), .estimate(one.gradient, digits: 3), .estimate(one.hessian, digits: 3),
        .estimate(one.remainder, digits: 3),
      ])
    }
    return table
  }

  /// Hessians of single samples against the mean of those before.
  public var hessianTable: Table {
    let center = bounds.center
    var table = Table(
      name: "hessians",
      caption:
        "The distance of a sample's Hessian at `w*` from the mean of those before it, by Lanczos iteration on products: "
        + "mean and largest over \(configuration.measurements.hessianOrders) orders of the samples, estimates from below, and the largest "
        + "norm of the single Hessians" + (center == nil ? "." : "; against 2M with the derived bound `M` at `w*`."),
      columns: [
        .init("k"), .init("mean of `‖H_{k+1} − H̄_k‖₂`", key: "mean"), .init("largest"),
        .init("largest `‖H_{k+1}‖₂`", key: "single"), .init("`2M`", key: "bound"), .init("decades", key: "decades"),
      ])
    for k in Set(measurement.hessianGaps.map(\.count)).sorted() {
      let some = measurement.hessianGaps.filter { $0.count == k }, largest = some.map(\.norm).max() ?? 0
      let bound = center.map { Rational(2) * $0.hessianBound }
      table.append([
        .exact("\(k)"), .estimate(some.reduce(0) { $0 + $1.norm } / Double(some.count), digits: 4),
        .estimate(largest, digits: 4), .estimate(some.map(\.single).max() ?? 0, digits: 4),
        bound.map { .upper($0.decimal(significantDigits: 4, rounding: .up)) } ?? .empty,
        bound.map { .text(Self.decades(Double($0), over: largest)) } ?? .empty,
      ])
    }
    return table
  }

  /// How many powers of ten lie between two numbers.
  static func decades(_ bound: Double, over measured: Double) -> String {
    measured > 0 && bound > 0 ? (log(bound / measured) / log(10)).text(decimals: 1) : ""
  }

  /// The mean distances of the losses, gradients and Hessians of the samples, against what stands for them in the bounds.
  public var gradientTable: Table {
    func row(_ name: String, _ values: [Double]) -> [Table.Cell] {
      let sorted = values.sorted()
      return [
        .prose(name), .estimate(sorted.reduce(0, +) / Double(max(1, sorted.count)), digits: 4),
      ]
        + [0.05, 0.5, 0.95].map { .estimate(sorted.quantile($0), digits: 4) } + [.estimate(sorted.last ?? 0, digits: 4)]
    }
    return Table(
      name: "gradients",
      caption:
        "How far the printed hypothesis is from true at `w*`: it takes every sample's gradient there for zero. Norms over "
        + "\(measurement.count) samples; that of the mean gradient is \(measurement.gradientNorm.text(significantDigits: 3)).",
      columns: [
        .init("quantity", alignment: .left), .init("mean"), .init("5 %"), .init("50 %"), .init("95 %"),
        .init("largest"),
      ],
      rows: [
        row("loss `ℓ_i(w*)`", measurement.losses), row("`‖∇ℓ_i(w*)‖₂`", measurement.sampleGradientNorms),
        row("`‖∇ℓ_i(w*) − ∇L(w*)‖₂`, `L` over the others", measurement.gradientGaps),
      ])
  }
}
