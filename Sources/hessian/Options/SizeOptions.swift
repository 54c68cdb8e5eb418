import ArgumentParser
import AttentionHessian

/// The sizes of a layer with one head.
struct SizeOptions: ParsableArguments {
  @Option(
    parsing: .unconditional, help: ArgumentHelp("The number L of tokens.", valueName: "size"),
    transform: PositiveSize.parse)
  var length: Int?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The width d of a token.", valueName: "size"),
    transform: PositiveSize.parse)
  var d: Int?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The width d_K of queries and keys.", valueName: "size"),
    transform: PositiveSize.parse)
  var dK: Int?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The width d_V of values.", valueName: "size"),
    transform: PositiveSize.parse)
  var dV: Int?

  /// The first option that is given.
  var given: String? {
    [("--length", length), ("--d", d), ("--d-k", dK), ("--d-v", dV)].first { $0.1 != nil }?.0
  }

  /// The sizes, those not given from others.
  func sizes(orElse other: LayerSizes) -> LayerSizes {
    LayerSizes(
      sequenceLength: length ?? other.sequenceLength, width: d ?? other.width, keyWidth: dK ?? other.keyWidth,
      valueWidth: dV ?? other.valueWidth)
  }
}
