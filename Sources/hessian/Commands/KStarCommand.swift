import ArgumentParser
import AttentionHessian

/// Sample sizes by every version of Theorem 2, and measured.
struct KStarCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kstar",
    abstract: "Sample sizes k*: the printed Theorem 2, rigorous, statistical, and measured.",
    discussion: """
      For each tolerance the least number of samples from which on a bound is at most epsilon, exactly, with the bound at k* \
      and at k* − 1. The printed bound on the change of the mean loss by one more sample is \
      (2·loss-bound + hessian-bound·radius²)/(k + 1); it drops a first-order term and a remainder, which the rigorous version \
      keeps. Small changes do not bound the distance to the limit; the versions hoeffding and bernstein do, with \
      probability 1 − delta. A version whose numbers are missing is unavailable.

      The numbers are given; or computed from a layer and several samples, where losses and gradients are measured and bounds \
      on the ball ‖w − w*‖ ≤ radius derived; or from a file of losses, a line for each sample and a column for each point w.

      EXAMPLES:
        hessian kstar --loss-bound 1 --hessian-bound 3/4 --radius 1/10 --epsilon 1e-3
        hessian kstar --loss-bound 1 --hessian-bound 3/4 --radius 1/10 --gradient-bound 2 --epsilon 1e-1:1e-4:4log
        hessian kstar --weights Examples/albert-attention.safetensors --head 0 --sequences 5 --target zero \\
          --radius 1e-3 --epsilon 1e-2,1e-3 --figure kstar.svg
        hessian kstar --losses losses.csv --epsilon 1e-3
      """)

  @OptionGroup var numbers: SampleSizeOptions

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The distance ‖w − w*‖, at most.", valueName: "number"),
    transform: ExactNumber.nonNegative)
  var radius: ExactNumber?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The tolerances ε, above 0: numbers, or ranges FIRST:LAST:COUNT[log], separated by commas.", valueName: "numbers"),
    transform: NumberList.positive)
  var epsilon: NumberList

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The probability of an error, of the statistical versions. (default: 1/20)", valueName: "number"),
    transform: ExactNumber.positive)
  var delta: ExactNumber?

  @OptionGroup var layer: LayerOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A file with the loss of each sample: CSV or JSON.", valueName: "file"))
  var losses: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The orders of the samples that are measured. (default: 100)", valueName: "n"),
    transform: PositiveSize.parse)
  var permutations: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The random directions of w from w* that are measured. (default: 8)", valueName: "n"),
    transform: PositiveSize.parse)
  var directions: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Draw bounds and measurement to this file: SVG, or pgfplots with a name in .tex.", valueName: "file"))
  var figure: String?

  @OptionGroup var result: ResultOptions
  @OptionGroup var general: GeneralOptions

  private static let formats: [OutputFormat] = [.text, .json, .csv, .latex]
  private static let largestCount = 100_000

  func validate() throws {
    _ = try result.format(general, of: Self.formats)
    if losses != nil, layer.isGiven {
      throw ValidationError("--losses excludes --weights and --instance: give one of them")
    }
    if let delta, delta.value >= 1 { throw ValidationError("--delta is a probability: give a number below 1") }
    for (name, value) in [("--permutations", permutations), ("--directions", directions)] {
      if let value, value > Self.largestCount {
        throw ValidationError("\(name) \(value) is above \(Self.largestCount): give a smaller number")
      }
    }
    if permutations != nil, losses == nil, !layer.isGiven {
      throw ValidationError("--permutations is for measured losses: give --weights, --instance or --losses")
    }
    if directions != nil, !layer.isGiven { throw ValidationError("--directions needs --weights or --instance") }
    guard losses == nil else { return }
    let needed =
      [("--radius", radius == nil)]
      + (layer.isGiven
        ? [] : [("--loss-bound", numbers.lossBound == nil), ("--hessian-bound", numbers.hessianBound == nil)])
    if let missing = needed.first(where: \.1) {
      throw ValidationError("Missing \(missing.0), or --losses FILE for measured losses alone")
    }
  }

  func run() throws {
    let study = try makeStudy()
    let provenance = "hessian kstar: \(study.subject)"
    if let figure {
      let drawing = study.figure
      let isLaTeX = figure.lowercased().hasSuffix(".tex")
      try ResultWriter.write(isLaTeX ? drawing.pgfplots(provenance: provenance) : drawing.svg(), to: figure)
    }
    switch try result.format(general, of: Self.formats) {
    case .json: try ResultWriter.write(study.json, to: result.output)
    case .csv: try ResultWriter.write(study.table.csv, to: result.output)
    case .latex: try ResultWriter.write(study.table.latex(provenance: provenance), to: result.output)
    default: try ResultWriter.write(study.text, to: result.output)
    }
  }

  private func makeStudy() throws -> SampleSizeStudy {
    if let losses { return try study(lossesAt: losses) }
    if let (instance, subject, path) = try layer.read(seed: general.seed), let radius {
      do {
        let computed = try LayerSampleSizes(instance, radius: radius.value, options: options)
        return try study(computed.numbers, computed.measured, subject)
      } catch let error as LossDataError {
        throw FileError(
          .badData, path: path, reason: error.description, advice: "give more samples, such as --sequences 10")
      }
    }
    var given = SampleSizeNumbers()
    given.radius = radius.map { .init($0.value) }
    // A loss bound alone is read as one at w, too: the Hessian-free versions say so.
    given.lossSupremum = numbers.lossBound.map { .init($0.value) }
    return try study(given, nil, "given numbers")
  }

  private var options: LayerSampleSizes.Options {
    var options = LayerSampleSizes.Options()
    options.directions = directions ?? options.directions
    options.permutations = permutations ?? options.permutations
    options.seed = general.seed
    return options
  }

  private func study(lossesAt path: String) throws -> SampleSizeStudy {
    let losses = try LossFile.losses(path)
    let measured = try RunningMeans(losses: losses, permutations: permutations ?? 100, seed: general.seed)
    var known = SampleSizeNumbers()
    known.radius = radius.map { .init($0.value) }
    known.lossSupremum = .init(measured: measured.losses.largest)
    known.variance = measured.losses.variances.max().flatMap { .init(measured: $0) }
    return try study(known, measured, PrintableText.quoted(path))
  }

  private func study(
    _ numbers: SampleSizeNumbers, _ measured: RunningMeans?, _ subject: String
  ) throws -> SampleSizeStudy {
    var numbers = numbers
    self.numbers.apply(to: &numbers)
    if let delta { numbers.failure = delta.value }
    return try SampleSizeStudy(numbers, tolerances: epsilon.points, measured: measured, subject: subject)
  }
}
