import ArgumentParser
import AttentionHessian

/// Measures singular values of the output of attention, and what they do to gradient descent.
struct ConditioningCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conditioning",
    abstract: "Measure how well conditioned the output of attention is, with and without the residual connection.",
    discussion: """
      The configuration is a JSON file, described by Examples/conditioning.schema.json: random layers over scales, numbers of \
      tokens, depths and kernels, gradient descent behind them, and a trained layer with its input. It takes seconds: an interrupted run keeps nothing. \
      Exit status 2 says that a descent has diverged.

      EXAMPLES:
        hessian conditioning Examples/conditioning.json
        hessian conditioning my.json --output /tmp/mine
        hessian conditioning --rerun report/conditioning/conditioning/manifest.json --output /tmp/again
      """)

  @OptionGroup var study: StudyOptions
  @OptionGroup var general: GeneralOptions

  func run() throws {
    let interruption = InterruptionRequest()
    var diverged: [String] = []
    try study.run(general) { (configuration, _) throws -> ConditioningStudy? in
      var progress = Progress(quiet: general.quiet)
      defer { progress.finish() }
      let found = try ConditioningStudy(
        configuration, threads: study.threads, isInterrupted: { interruption.isMade }
      ) { event in
        switch event {
        case .measuring(let done, let total): progress.update(done, of: total, "singular values at random weights")
        case .descending(let done, let total): progress.update(done, of: total, "gradient descent")
        }
      }
      diverged += found.diverged
      return found
    }
    if !diverged.isEmpty {
      throw CommandError(
        "diverged: \(diverged.joined(separator: "; "))", hint: "begin \"scales\" with a smaller one", status: .undecided
      )
    }
  }
}
