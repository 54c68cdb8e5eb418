import ArgumentParser
import AttentionHessian

/// The main job: every head of a trained layer, bounded and measured.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Bound and measure the Hessian of every head of a trained layer.",
    discussion: """
      For each head and the targets Y = F and Y = 0: sizes, norms, the printed terms and M, the derived bounds from crude \
      to sharp with a rigorous lower end, what they are made of and lose, and the measured norms of the Hessian and its blocks, checked by finite \
      differences. Tables and a figure are written to a \
      folder. Exit status 1 says that a block disagrees with finite differences.

      EXAMPLES:
        hessian report
        hessian report --weights model.safetensors --layer encoder.0 --heads 12
      """)

  /// The layer that comes with the project.
  static let example = "Examples/albert-attention.safetensors"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A safetensors file. (default: \(Self.example))", valueName: "file"))
  var weights: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The layer; needed where the file has several.", valueName: "name"))
  var layer: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number of heads, where the file's metadata do not say it.", valueName: "n"),
    transform: PositiveSize.parse)
  var heads: Int?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The layer's input X: a tensor, or FILE:TENSOR.", valueName: "tensor"))
  var input = "hidden_states"

  @Option(parsing: .unconditional, help: ArgumentHelp("The folder for tables and figure.", valueName: "folder"))
  var output = "report/layer"

  @OptionGroup var general: GeneralOptions

  func run() throws {
    let folder = try GeneratedFolder(output)
    let progress = SharedProgress(quiet: general.quiet)
    let report: LayerReport
    do {
      report = try LayerReport(
        path: weights ?? Self.example, layer: layer, heads: heads, input: input, seed: general.seed
      ) { done, total in progress.update(done, of: total, "of heads and targets") }
    } catch let error as FileError where error.kind == .inputMissing && weights == nil {
      throw FileError(
        .inputMissing, path: error.path, reason: error.reason,
        advice: "run the command in the project's folder, or name a file (--weights FILE)")
    }
    progress.finish()
    let paths = try folder.write(try report.files())
    if general.json {
      try StandardOutput.write(try Self.json(report, files: paths).text + "\n")
    } else {
      try StandardOutput.write(try report.text() + "Written: \(paths.joined(separator: ", "))\n")
    }
    guard !report.holds else { return }
    throw CommandError(
      "a block disagrees with finite differences by \(report.largestDisagreement)",
      hint: "layer '\(report.layer)', seed \(general.seed); see the table of blocks", status: .failed)
  }

  private static func json(_ report: LayerReport, files: [String]) throws -> JSON {
    .object([
      ("schema", .string("hessian.report/1")), ("layer", .string(report.layer)), ("weights", .string(report.path)),
      ("holds", .bool(report.holds)), ("largest_disagreement", .number(report.largestDisagreement)),
      (
        "tables",
        .array(
          [
            report.normTable(), try report.boundTable(), report.ladderTable(), report.explanationTable(),
            report.blockTable(),
          ].map(\.json))
      ),
      ("files", .array(files.map { .string($0) })),
    ])
  }
}
