import ArgumentParser
import AttentionHessian

/// What is in a weight file.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "List the tensors and attention layers of a safetensors file.",
    discussion: """
      Tensors with type and shape, the attention layers that the usual naming conventions show, and the largest singular \
      values of each head's weights (without biases; floating-point estimates). A malformed file is refused with the \
      reason.

      EXAMPLES:
        hessian inspect Examples/albert-attention.safetensors
        hessian inspect model.safetensors --heads 12 --json
      """)

  @Argument(help: ArgumentHelp("A safetensors file.", valueName: "file"))
  var file: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number of heads, where the file's metadata do not say it.", valueName: "n"),
    transform: PositiveSize.parse)
  var heads: Int?

  @OptionGroup var result: ResultOptions
  @OptionGroup var general: GeneralOptions

  func validate() throws { _ = try result.format(general, of: [.text, .json]) }

  func run() throws {
    var progress = Progress(quiet: general.quiet)
    let inspection = try FileInspection(of: file, heads: heads) { done, total, what in
      progress.update(done, of: total, what)
    }
    progress.finish()
    switch try result.format(general, of: [.text, .json]) {
    case .json: try ResultWriter.write(inspection.json, to: result.output)
    default: try ResultWriter.write(inspection.text, to: result.output)
    }
  }
}
