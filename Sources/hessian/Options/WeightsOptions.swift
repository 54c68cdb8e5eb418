import ArgumentParser
import AttentionHessian

/// Options that select one head of a trained layer.
struct WeightsOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: ArgumentHelp("A safetensors file with a layer.", valueName: "file"))
  var weights: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The layer; needed where the file has several.", valueName: "name"))
  var layer: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The head, from 0 in storage order.", valueName: "n"),
    transform: PositiveSize.index)
  var head: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number of heads, where the file's metadata do not say it.", valueName: "n"),
    transform: PositiveSize.parse)
  var heads: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The layer's input X: a tensor, or FILE:TENSOR. (default: hidden_states)", valueName: "tensor"))
  var input: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The target Y: 'output' (Y = F), 'zero', or a tensor. (default: output)", valueName: "tensor"))
  var target: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Cut the input's rows into so many sequences, the samples of a mean loss.", valueName: "n"),
    transform: PositiveSize.parse)
  var sequences: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The tokens of a sequence. (default: as many as the input gives)", valueName: "n"),
    transform: PositiveSize.parse)
  var tokens: Int?

  @Flag(
    help: "Draw the tokens at random, each coordinate with the mean and deviation that it has in the input.")
  var synthetic = false

  func validate() throws {
    guard weights == nil else { return }
    let given = [
      ("--sequences", sequences != nil), ("--tokens", tokens != nil), ("--synthetic", synthetic),
      ("--layer", layer != nil), ("--head", head != nil), ("--heads", heads != nil), ("--input", input != nil),
      ("--target", target != nil),
    ]
    if let option = given.first(where: \.1) { throw ValidationError("\(option.0) needs --weights FILE") }
  }

  /// The selection; `nil` where no weights are given.
  ///
  /// - Parameter seed: of tokens that are drawn.
  func selection(seed: UInt64) -> WeightsSelection? {
    weights.map {
      var selection = WeightsSelection(
        path: $0, layer: layer, head: head ?? 0, heads: heads, input: input ?? "hidden_states",
        target: target ?? "output")
      if sequences != nil || tokens != nil || synthetic {
        selection.sequences = .init(
          count: sequences ?? 1, length: tokens, drawnFromSeed: synthetic ? seed : nil)
      }
      return selection
    }
  }
}
