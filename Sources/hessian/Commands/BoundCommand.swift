import ArgumentParser
import AttentionHessian

/// The printed Theorem 1 and the derived bound.
struct BoundCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bound",
    abstract: "Evaluate the printed Theorem 1 term by term, and the derived bound beside it.",
    discussion: """
      Numbers are integers, decimals, powers of ten or fractions (3/4), read exactly. Each may be a range, \
      FIRST:LAST:COUNT with even steps or FIRST:LAST:COUNTlog with even ratios: all combinations are computed. \
      Results are exact, or rounded up.

      Without --r-max or --target-norm the residual is taken as zero, and the bounds are valid only there. With \
      --target-norm, R_max = √L·X_max·‖W_V‖ + ‖Y‖_F.

      EXAMPLES:
        hessian bound --x-max 1 --w-max 3/2 --length 8 --d-v 16 --d-k 16
        hessian bound --x-max 2.5 --w-max 1 --length 5 --d-v 3 --d-k 3 --r-max 1
        hessian bound --x-max 0.1:10:50log --w-max 1:2:11 --length 8 --d-v 16 \\
          --d-k 16 --target-norm 1 --format csv
      """)

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Largest singular value of the data X.", valueName: "number"),
    transform: NumberRange.nonNegative)
  var xMax: NumberRange

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A bound on every weight norm; may be left out where --w-q, --w-k and --w-v are given.", valueName: "number"),
    transform: NumberRange.nonNegative)
  var wMax: NumberRange?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("‖W_Q‖₂. (default: W_max)", valueName: "number"),
    transform: NumberRange.nonNegative)
  var wQ: NumberRange?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("‖W_K‖₂. (default: W_max)", valueName: "number"),
    transform: NumberRange.nonNegative)
  var wK: NumberRange?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("‖W_V‖₂. (default: W_max)", valueName: "number"),
    transform: NumberRange.nonNegative)
  var wV: NumberRange?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The number L of tokens.", valueName: "size"),
    transform: NumberRange.sizes)
  var length: NumberRange

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The width d_V of values.", valueName: "size"),
    transform: NumberRange.sizes)
  var dV: NumberRange

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The width d_K of queries and keys.", valueName: "size"),
    transform: NumberRange.sizes)
  var dK: NumberRange

  @Option(
    parsing: .unconditional, help: ArgumentHelp("A bound on ‖F − Y‖_F.", valueName: "number"),
    transform: NumberRange.nonNegative)
  var rMax: NumberRange?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("‖Y‖_F, from which R_max follows.", valueName: "number"),
    transform: NumberRange.nonNegative)
  var targetNorm: NumberRange?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Norm of the shuffling matrix. (default: √d_V)", valueName: "number"),
    transform: NumberRange.nonNegative)
  var sMax: NumberRange?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("A bound on ‖A‖₂. (default: √L)", valueName: "number"),
    transform: NumberRange.nonNegative)
  var alpha: NumberRange?

  @OptionGroup var result: ResultOptions
  @OptionGroup var general: GeneralOptions

  private static let formats: [OutputFormat] = [.text, .json, .csv]

  func validate() throws {
    _ = try result.format(general, of: Self.formats)
    if rMax != nil, targetNorm != nil {
      throw ValidationError("--r-max and --target-norm exclude each other: give one of them")
    }
    if wMax == nil, wQ == nil || wK == nil || wV == nil {
      throw ValidationError("Missing --w-max: give it, or all of --w-q, --w-k and --w-v")
    }
  }

  func run() throws {
    let format = try result.format(general, of: Self.formats)
    let ranges = [xMax, wMax, wQ, wK, wV, length, dV, dK, rMax, targetNorm, sMax, alpha].compactMap { $0 }
    if format != .csv, ranges.allSatisfy(\.isSingle), let input = try singleInput() {
      let report = BoundReport(try BoundEvaluation(input))
      if format == .json { return try ResultWriter.write(try report.json(), to: result.output) }
      return try ResultWriter.write(try report.text(), to: result.output)
    }
    let report = BoundSweepReport(
      try BoundSweep(axes()), format: format == .csv ? .csv : format == .json ? .json : .text)
    try ResultWriter.write(to: result.output) { sink in try report.write(sink) }
  }

  private func singleInput() throws -> BoundEvaluation.Input? {
    let weights = [wQ, wK, wV].compactMap { $0?.points[0] }
    guard let weightNorm = wMax?.points[0] ?? weights.max() else { return nil }
    var input = BoundEvaluation.Input(
      dataNorm: xMax.points[0], weightNorm: weightNorm, queryNorm: wQ?.points[0], keyNorm: wK?.points[0],
      valueNorm: wV?.points[0], sequenceLength: try length.sizes()[0], keyWidth: try dK.sizes()[0],
      valueWidth: try dV.sizes()[0], shufflingNorm: sMax?.points[0], attentionNorm: alpha?.points[0])
    if let rMax { input.residual = .norm(rMax.points[0]) }
    if let targetNorm { input.residual = .targetNorm(targetNorm.points[0]) }
    return input
  }

  private func axes() throws -> BoundSweep.Axes {
    var axes = BoundSweep.Axes(
      dataNorm: xMax.points, sequenceLength: try length.sizes(), valueWidth: try dV.sizes(), keyWidth: try dK.sizes())
    axes.weightNorm = wMax?.points
    axes.queryNorm = wQ?.points
    axes.keyNorm = wK?.points
    axes.valueNorm = wV?.points
    axes.residualNorm = rMax?.points
    axes.targetNorm = targetNorm?.points
    axes.shufflingNorm = sMax?.points
    axes.attentionNorm = alpha?.points
    return axes
  }
}
