import ArgumentParser
import AttentionHessian

/// The norms and sizes at which a bound is explained.
struct ExplainedNumbers: ParsableArguments {
  @Option(
    parsing: .unconditional, help: ArgumentHelp("Largest singular value of the data X.", valueName: "number"),
    transform: ExactNumber.nonNegative)
  var xMax: ExactNumber?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A bound on every weight norm; may be left out where --w-q, --w-k and --w-v are given.", valueName: "number"),
    transform: ExactNumber.nonNegative)
  var wMax: ExactNumber?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("‖W_Q‖₂. (default: W_max)", valueName: "number"),
    transform: ExactNumber.nonNegative)
  var wQ: ExactNumber?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("‖W_K‖₂. (default: W_max)", valueName: "number"),
    transform: ExactNumber.nonNegative)
  var wK: ExactNumber?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("‖W_V‖₂. (default: W_max)", valueName: "number"),
    transform: ExactNumber.nonNegative)
  var wV: ExactNumber?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The number L of tokens.", valueName: "size"),
    transform: PositiveSize.parse)
  var length: Int?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The width d_V of values.", valueName: "size"),
    transform: PositiveSize.parse)
  var dV: Int?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The width d_K of queries and keys.", valueName: "size"),
    transform: PositiveSize.parse)
  var dK: Int?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("A bound on ‖F − Y‖_F.", valueName: "number"),
    transform: ExactNumber.nonNegative)
  var rMax: ExactNumber?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("‖Y‖_F, from which R_max follows.", valueName: "number"),
    transform: ExactNumber.nonNegative)
  var targetNorm: ExactNumber?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Norm of the shuffling matrix. (default: √d_V)", valueName: "number"),
    transform: ExactNumber.nonNegative)
  var sMax: ExactNumber?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("A bound on ‖A‖₂. (default: √L)", valueName: "number"),
    transform: ExactNumber.nonNegative)
  var alpha: ExactNumber?

  /// The names of the options that are given.
  var given: [String] {
    let all: [(String, Bool)] = [
      ("--x-max", xMax != nil), ("--w-max", wMax != nil), ("--w-q", wQ != nil), ("--w-k", wK != nil),
      ("--w-v", wV != nil), ("--length", length != nil), ("--d-v", dV != nil), ("--d-k", dK != nil),
      ("--r-max", rMax != nil), ("--target-norm", targetNorm != nil), ("--s-max", sMax != nil),
      ("--alpha", alpha != nil),
    ]
    return all.filter(\.1).map(\.0)
  }

  /// The numbers as the input of a bound.
  ///
  /// - Errors: one that is missing, or two that exclude each other.
  var input: BoundEvaluation.Input {
    get throws {
      if given.isEmpty {
        throw ValidationError("Missing --x-max and the other numbers, or --instance FILE, or --weights FILE")
      }
      if rMax != nil, targetNorm != nil {
        throw ValidationError("--r-max and --target-norm exclude each other: give one of them")
      }
      let weights = [wQ, wK, wV].compactMap { $0?.value }
      guard let weightNorm = wMax?.value ?? (weights.count == 3 ? weights.max() : nil) else {
        throw ValidationError("Missing --w-max: give it, or all of --w-q, --w-k and --w-v")
      }
      guard let xMax else { throw ValidationError("Missing --x-max: give the norm of the data") }
      guard let length else { throw ValidationError("Missing --length: give the number of tokens") }
      guard let dV else { throw ValidationError("Missing --d-v: give the width of values") }
      guard let dK else { throw ValidationError("Missing --d-k: give the width of queries and keys") }
      let residual: BoundEvaluation.Residual =
        rMax.map { .norm($0.value) } ?? targetNorm.map { .targetNorm($0.value) } ?? .zero
      return BoundEvaluation.Input(
        dataNorm: xMax.value, weightNorm: weightNorm, queryNorm: wQ?.value, keyNorm: wK?.value, valueNorm: wV?.value,
        sequenceLength: length, keyWidth: dK, valueWidth: dV, residual: residual, shufflingNorm: sMax?.value,
        attentionNorm: alpha?.value)
    }
  }
}
