import ArgumentParser
import AttentionHessian

/// The growth of the Hessian's blocks with the scale of the data.
struct GrowthCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "growth",
    abstract: "Measure how the Hessian's blocks grow with the scale σ of the data, and give the exact powers.",
    discussion: """
      The data X become σX; weights and target stay. For each block and each of its parts: the slope of its norm \
      against σ in logarithms, fitted over the small scales, and the exact order of vanishing as σ → 0 from power \
      series in σ. With --output, the tables and the figure are written to a folder as well.

      Without --instance or --weights, seeded random instances are drawn. Of a trained head the first tokens are \
      taken; with its own output as the target, the functional parts are zero: give --target zero.

      EXAMPLES:
        hessian growth
        hessian growth --kernel linear --length 3 --output report/growth
        hessian growth --length 2 --scale-target --sigma 1e-5:1e-3:9log
        hessian growth --sigma 1e-3:10:17log --fit-below 1e-2 --format csv
        hessian growth --weights Examples/albert-attention.safetensors --head 3 --target zero
      """)

  @Option(help: "The attention kernel: softmax, gaussian or linear. (default: softmax)")
  var kernel: AttentionKernel?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number L of tokens, of a trained head the first ones. (default: 4)", valueName: "size"),
    transform: PositiveSize.parse)
  var length: Int?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The width d of a token. (default: 3)", valueName: "size"),
    transform: PositiveSize.parse)
  var d: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The width d_K of queries and keys. (default: 2)", valueName: "size"),
    transform: PositiveSize.parse)
  var dK: Int?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The width d_V of values. (default: 3)", valueName: "size"),
    transform: PositiveSize.parse)
  var dV: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number of random instances. (default: 5)", valueName: "n"), transform: PositiveSize.parse)
  var draws: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The data scales, as FIRST:LAST:COUNTlog or FIRST:LAST:COUNT. (default: 1e-4:1e-2:9log)", valueName: "range"),
    transform: NumberRange.positive)
  var sigma: NumberRange?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The largest scale that enters the fit. (default: 1e-2)", valueName: "number"),
    transform: ExactNumber.positive)
  var fitBelow: ExactNumber?

  @Flag(help: "Scale the target too, with the power of σ with which the output vanishes.")
  var scaleTarget = false

  @Option(parsing: .unconditional, help: ArgumentHelp("An instance file (JSON).", valueName: "file"))
  var instance: String?

  @OptionGroup var weights: WeightsOptions

  @Option(help: "The form of the table on standard output: text, json, csv or latex. (default: text)")
  var format: OutputFormat?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A folder for the tables and the figure (SVG and pgfplots).", valueName: "folder"))
  var output: String?

  @OptionGroup var general: GeneralOptions

  private var chosenFormat: OutputFormat { general.json ? .json : format ?? .text }

  func validate() throws {
    if general.json, let format, format != .json {
      throw ValidationError("--json and --format \(format.rawValue) exclude each other: give one of them")
    }
    if chosenFormat == .npy {
      throw ValidationError("The result has no form 'npy': give one of text, json, csv, latex (--format)")
    }
    if instance != nil, weights.weights != nil {
      throw ValidationError("--instance and --weights exclude each other: give one of them")
    }
    if let draws, draws > GrowthStudy.largestDraws {
      throw ValidationError("--draws \(draws) is above \(GrowthStudy.largestDraws); a few draws are enough")
    }
    let given = [
      ("--kernel", kernel != nil), ("--d", d != nil), ("--d-k", dK != nil), ("--d-v", dV != nil),
      ("--draws", draws != nil), ("--length", length != nil && instance != nil),
    ]
    if instance != nil || weights.weights != nil, let option = given.first(where: \.1) {
      throw ValidationError("\(option.0) is for random instances: leave it out with --instance or --weights")
    }
  }

  func run() throws {
    let folder = try output.map { try GeneratedFolder($0) }
    let study: GrowthStudy
    do {
      study = try makeStudy()
    } catch let error as GrowthError {
      let isData = instance != nil || weights.weights != nil
      throw CommandError(error.description, hint: error.advice, status: isData ? .badData : .usage)
    }
    let paths = try folder?.write(study.files(provenance: "hessian growth: \(study.subject)")) ?? []
    switch chosenFormat {
    case .csv: try StandardOutput.write(study.table.csv)
    case .latex: try StandardOutput.write(study.table.latex(provenance: "hessian growth: \(study.subject)"))
    case .json: try StandardOutput.write(study.json(files: paths).text + "\n")
    case .text, .npy:
      let written = paths.isEmpty ? "" : "Written: \(paths.joined(separator: ", "))\n"
      try StandardOutput.write(study.text + written)
    }
  }

  private func makeStudy() throws -> GrowthStudy {
    let scales = sigma?.points ?? GrowthStudy.standardScales
    let limit = fitBelow?.value ?? GrowthStudy.standardFitLimit
    let progress = SharedProgress(quiet: general.quiet)
    defer { progress.finish() }
    let report: @Sendable (Int, Int) -> Void = { progress.update($0, of: $1, "of evaluations") }
    if let selection = weights.selection(seed: general.seed) {
      return try GrowthStudy(
        selection, tokens: length ?? 4, scales: scales, scalesTarget: scaleTarget, fitLimit: limit, progress: report)
    }
    if let path = instance {
      let subject = "\(PrintableText.quoted(path))"
      let instance = try LayerInstance(contentsOf: path)
      return try GrowthStudy(
        [instance], subject: "\(subject), \(instance.kernel.rawValue) kernel, \(instance.sizes())", scales: scales,
        scalesTarget: scaleTarget, fitLimit: limit, progress: report)
    }
    let sizes = LayerSizes(sequenceLength: length ?? 4, width: d ?? 3, keyWidth: dK ?? 2, valueWidth: dV ?? 3)
    return try GrowthStudy(
      kernel: kernel ?? .softmax, sizes: sizes, scales: scales, draws: draws ?? 5, seed: general.seed,
      scalesTarget: scaleTarget, fitLimit: limit, progress: report)
  }
}
