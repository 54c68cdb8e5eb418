import ArgumentParser
import AttentionHessian

/// Runs gradient descent on layers of attention and holds it against the rate that is claimed.
struct ConvergenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convergence",
    abstract: "Run gradient descent on layers of attention; hold each step against (1 − ηβ)ᵗ.",
    discussion: """
      The configuration is a JSON file, described by Examples/convergence.schema.json: a seeded family or an instance, \
      kernels, which weights are trained. For each the singular values in β, the Hessian's norm and the certificate \
      before the first step are found, then gradient descent is run. An interrupted study goes on when the same command is \
      given again. Exit status 2 says that a descent has diverged.

      EXAMPLES:
        hessian convergence Examples/convergence.json
        hessian convergence my.json --output /tmp/mine
        hessian convergence --rerun report/convergence/convergence/manifest.json --output /tmp/again
      """)

  @OptionGroup var study: StudyOptions
  @OptionGroup var general: GeneralOptions

  func run() throws {
    let interruption = InterruptionRequest()
    var diverged: [String] = []
    try study.run(general) { (configuration, folder) throws -> ConvergenceStudy? in
      var progress = Progress(quiet: general.quiet)
      defer { progress.finish() }
      return try ConvergenceStudy(
        configuration, threads: study.threads, folder: try folder.create("runs"),
        isInterrupted: { interruption.isMade }
      ) { event in
        switch event {
        case .descending(let name, let step, let total): progress.update(step, of: total, name)
        case .measuring(let done, let total): progress.update(done, of: total, "gradients at random weights")
        case .finished(let run, let seconds):
          progress.finish()
          if case .diverged(let step) = run.descent.end {
            diverged.append("\(run.kernel.rawValue), D = \(run.width), at step \(step)")
          }
          if general.json || general.quiet { return }
          try? StandardOutput.write(
            "\(run.kernel.rawValue), D = \(run.width), \(run.trained.joined(separator: " ")): \(run.descent.stepsText) steps in "
              + "\(seconds.text(significantDigits: 3)) s\n")
        }
      }
    }
    if !diverged.isEmpty {
      throw CommandError(
        "diverged: \(diverged.joined(separator: "; "))",
        hint: "the last good weights are kept in runs/; take a smaller \"step\" in \"descent\"", status: .undecided)
    }
  }
}
