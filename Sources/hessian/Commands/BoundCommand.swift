import ArgumentParser
import AttentionHessian

/// The printed Theorem 1 and the derived bound, at given norms or at a layer.
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

      With --instance or --weights the bounds are evaluated at a layer, rounded up: a ladder from crude to sharp, in \
      which each bound may measure more than the one before, as far as --allow says. Families of norms: \
      \(AllowedFamilies.names).

      EXAMPLES:
        hessian bound --x-max 1 --w-max 3/2 --length 8 --d-v 16 --d-k 16
        hessian bound --x-max 2.5 --w-max 1 --length 5 --d-v 3 --d-k 3 --r-max 1
        hessian bound --x-max 0.1:10:50log --w-max 1:2:11 --length 8 --d-v 16 \\
          --d-k 16 --target-norm 1 --format csv
        hessian bound --network 'linear(32), relu, linear(10)' --loss cross-entropy --x-max 1 --w-max 2
        hessian bound --instance instance.json
        hessian bound --weights Examples/albert-attention.safetensors --head 3 --target zero --allow residual,rows
      """)

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Largest singular value of the data X.", valueName: "number"),
    transform: NumberRange.nonNegative)
  var xMax: NumberRange?

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
  var length: NumberRange?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The width d_V of values.", valueName: "size"),
    transform: NumberRange.sizes)
  var dV: NumberRange?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The width d_K of queries and keys.", valueName: "size"),
    transform: NumberRange.sizes)
  var dK: NumberRange?

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

  @OptionGroup var layer: LayerOptions
  @OptionGroup var network: NetworkOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Families of norms that bounds at a layer may use, or 'none'. (default: all)", valueName: "list"),
    transform: AllowedFamilies.init(parsing:))
  var allow: AllowedFamilies?

  @OptionGroup var result: ResultOptions
  @OptionGroup var general: GeneralOptions

  private var formats: [OutputFormat] {
    network.network != nil ? [.text, .json] : [.text, .json, .csv] + (layer.isGiven ? [.latex] : [])
  }

  func validate() throws {
    _ = try result.format(general, of: formats)
    if network.network != nil { return try validateWithNetwork() }
    if layer.isGiven { return try validateWithLayer() }
    if allow != nil { throw ValidationError("--allow needs a layer: give --instance FILE or --weights FILE") }
    for (option, isGiven) in [
      ("--x-max", xMax != nil), ("--length", length != nil), ("--d-v", dV != nil), ("--d-k", dK != nil),
    ] where !isGiven {
      throw ValidationError("Missing \(option): give it, or a layer by --instance FILE or --weights FILE")
    }
    if rMax != nil, targetNorm != nil {
      throw ValidationError("--r-max and --target-norm exclude each other: give one of them")
    }
    if wMax == nil, wQ == nil || wK == nil || wV == nil {
      throw ValidationError("Missing --w-max: give it, or all of --w-q, --w-k and --w-v")
    }
  }

  private func validateWithNetwork() throws {
    if layer.isGiven { throw ValidationError("--network excludes --instance and --weights: give one of them") }
    for (option, range) in [("--x-max", xMax), ("--w-max", wMax)] where range == nil {
      throw ValidationError("Missing \(option): give it, a bound on the norm of the data or of each weight")
    }
    let others = [
      ("--w-q", wQ), ("--w-k", wK), ("--w-v", wV), ("--s-max", sMax), ("--alpha", alpha), ("--d-v", dV), ("--d-k", dK),
      ("--length", length),
    ]
    if let (option, _) = others.first(where: { $0.1 != nil }) {
      throw ValidationError("\(option) is for one layer of attention: leave it out with --network, which has --size")
    }
    if let range = [xMax, wMax, rMax, targetNorm].compactMap({ $0 }).first(where: { !$0.isSingle }) {
      throw ValidationError("a network's bound is evaluated at single numbers, not at \(range.points.count)")
    }
    if rMax == nil, targetNorm == nil, network.loss != .crossEntropy {
      throw ValidationError("Missing --r-max: give it, a bound on ‖F − Y‖_F, or --target-norm")
    }
  }

  private func writeNetworkBound(_ objective: Objective, _ format: OutputFormat) throws {
    guard let xMax, let wMax else { throw ValidationError("--x-max and --w-max are needed") }
    let bound = try NetworkBound(
      HessianDerivation(objective), sizes: try network.sizes(for: objective),
      norms: .init(
        data: xMax.points[0], weight: wMax.points[0], residual: rMax?.points[0], target: targetNorm?.points[0]))
    if format == .json { return try ResultWriter.write(bound.json, to: result.output) }
    try ResultWriter.write(bound.text, to: result.output)
  }

  private func validateWithLayer() throws {
    let given = [
      ("--x-max", xMax), ("--w-max", wMax), ("--w-q", wQ), ("--w-k", wK), ("--w-v", wV), ("--length", length),
      ("--d-v", dV), ("--d-k", dK), ("--r-max", rMax), ("--target-norm", targetNorm), ("--s-max", sMax),
      ("--alpha", alpha),
    ]
    if let (option, _) = given.first(where: { $0.1 != nil }) {
      throw ValidationError("\(option) is measured at a layer: leave it out with --instance or --weights")
    }
  }

  func run() throws {
    let format = try result.format(general, of: formats)
    if let objective = try network.objective() { return try writeNetworkBound(objective, format) }
    if let (instance, subject, path) = try layer.read(seed: general.seed) {
      return try write(try ladder(instance, subject, path), format)
    }
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

  private func ladder(_ instance: LayerInstance, _ subject: String, _ path: String) throws -> BoundLadderReport {
    do {
      let ladder = try BoundLadder(instance, families: allow?.families ?? AllowedFamilies.all)
      return try BoundLadderReport(ladder, subject: subject, seed: general.seed)
    } catch let error as EvaluationError {
      throw FileError(
        .badData, path: path, reason: error.description, advice: "give numbers of moderate size")
    } catch let error as ArithmeticError {
      throw FileError(.badData, path: path, reason: error.description, advice: "use smaller numbers")
    }
  }

  private func write(_ report: BoundLadderReport, _ format: OutputFormat) throws {
    switch format {
    case .json: try ResultWriter.write(try report.json(), to: result.output)
    case .csv: try ResultWriter.write(try report.table().csv, to: result.output)
    case .latex: try ResultWriter.write(try report.latex(provenance: "hessian bound"), to: result.output)
    case .text, .npy: try ResultWriter.write(try report.text(), to: result.output)
    }
  }

  private func singleInput() throws -> BoundEvaluation.Input? {
    let weights = [wQ, wK, wV].compactMap { $0?.points[0] }
    guard let weightNorm = wMax?.points[0] ?? weights.max(), let xMax, let length, let dV, let dK else { return nil }
    var input = BoundEvaluation.Input(
      dataNorm: xMax.points[0], weightNorm: weightNorm, queryNorm: wQ?.points[0], keyNorm: wK?.points[0],
      valueNorm: wV?.points[0], sequenceLength: try length.sizes()[0], keyWidth: try dK.sizes()[0],
      valueWidth: try dV.sizes()[0], shufflingNorm: sMax?.points[0], attentionNorm: alpha?.points[0])
    if let rMax { input.residual = .norm(rMax.points[0]) }
    if let targetNorm { input.residual = .targetNorm(targetNorm.points[0]) }
    return input
  }

  private func axes() throws -> BoundSweep.Axes {
    guard let xMax, let length, let dV, let dK else {
      throw ValidationError("--x-max, --length, --d-v and --d-k are needed")
    }
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
