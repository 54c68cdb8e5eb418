import ArgumentParser
import AttentionHessian

/// How the density of eigenvalues is estimated and smoothed.
struct DensityOptions: ParsableArguments {
  @Flag(help: "Also the density of all eigenvalues and the share below each number.")
  var density = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number of random vectors of the density. (default: 10)", valueName: "n"),
    transform: PositiveSize.parse)
  var probes: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number of Lanczos steps from each random vector. (default: 80)", valueName: "n"),
    transform: PositiveSize.parse)
  var steps: Int?

  @Option(help: "The entries of random vectors: rademacher (signs) or gaussian. (default: rademacher)")
  var distribution: StochasticQuadrature.Distribution?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The standard deviation of the Gaussian that smooths. (default: a hundredth of the spectrum's width)",
      valueName: "number"),
    transform: ExactNumber.positive)
  var width: ExactNumber?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number of points of the density. (default: at least 401)", valueName: "n"),
    transform: PositiveSize.parse)
  var points: Int?

  /// The most of each: far beyond use, and no risk for memory.
  static let limits = (probes: 10_000, steps: 2_000, points: 100_000)

  func validate() throws {
    for (name, value, limit) in [
      ("--probes", probes, Self.limits.probes), ("--steps", steps, Self.limits.steps),
      ("--points", points, Self.limits.points),
    ] {
      if let value, value > limit { throw ValidationError("\(name) \(value) is above \(limit): give a smaller number") }
    }
    if points == 1 { throw ValidationError("--points 1 shows no density: give at least 2") }
    if let width, !(1e-200...1e200).contains(Double(width.value)) {
      throw ValidationError("--width is outside 1e-200 … 1e200: give a number between")
    }
  }

  /// An option that only makes sense with the density; `nil` where none is given.
  var given: String? {
    [
      ("--probes", probes != nil), ("--steps", steps != nil), ("--distribution", distribution != nil),
      ("--width", width != nil), ("--points", points != nil),
    ].first(where: \.1)?.0
  }

  /// Sets what is given.
  func apply(to options: inout SpectrumStudy.Options, seed: UInt64) {
    options.density = StochasticQuadrature.Options(
      probes: probes ?? 10, steps: steps ?? 80, distribution: distribution ?? .rademacher, seed: seed)
    options.width = width.map { Double($0.value) }
    options.points = points
  }
}

extension StochasticQuadrature.Distribution: ExpressibleByArgument {}
