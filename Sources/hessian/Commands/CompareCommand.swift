import ArgumentParser
import AttentionHessian

/// Sets the Hessians of models side by side.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Set the Hessians of attention and of multilayer perceptrons side by side, block by block.",
    discussion: """
      The configuration is a JSON file, described by Examples/compare.schema.json: models as lists of layers, on data of one \
      size. Zero blocks are derived; norms, traces, exponents, ranks and signs are measured at random points. It takes seconds: an interrupted run keeps nothing. The layers are \
      \(Layer.words.joined(separator: ", ")).

      EXAMPLES:
        hessian compare Examples/compare.json
        hessian compare my.json --output /tmp/mine
        hessian compare --rerun report/compare/compare/manifest.json --output /tmp/again
      """)

  @OptionGroup var study: StudyOptions
  @OptionGroup var general: GeneralOptions

  func run() throws {
    let interruption = InterruptionRequest()
    try study.run(general) { (configuration, _) throws -> ComparisonStudy? in
      var progress = Progress(quiet: general.quiet)
      defer { progress.finish() }
      return try ComparisonStudy(
        configuration, threads: study.threads, isInterrupted: { interruption.isMade }
      ) { progress.update($0, of: $1, "models") }
    }
  }
}
