import ArgumentParser
import AttentionHessian

/// The sample size of the printed Theorem 2.
struct KStarCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kstar",
    abstract: "The sample size k* of the printed Theorem 2, exactly.",
    discussion: """
      The least k from which on (2·loss-bound + hessian-bound·radius²)/(k + 1) is at most epsilon: the bound as printed on \
      |L_{k+1}(w) − L_k(w)| for ‖w − w*‖ at most the radius. The bound itself is a claim. Numbers are read exactly.

      EXAMPLES:
        hessian kstar --loss-bound 1 --hessian-bound 3/4 --radius 1/10 --epsilon 1e-3
        hessian kstar --loss-bound 2 --hessian-bound 10 --radius 0.5 --epsilon 0.01
      """)

  @Option(
    parsing: .unconditional, help: ArgumentHelp("A bound on the loss of every sample.", valueName: "number"),
    transform: ExactNumber.nonNegative)
  var lossBound: ExactNumber

  @Option(
    parsing: .unconditional, help: ArgumentHelp("A bound M on the Hessian's norm.", valueName: "number"),
    transform: ExactNumber.nonNegative)
  var hessianBound: ExactNumber

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The distance ‖w − w*‖.", valueName: "number"),
    transform: ExactNumber.nonNegative)
  var radius: ExactNumber

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The tolerance ε, above 0.", valueName: "number"),
    transform: ExactNumber.positive)
  var epsilon: ExactNumber

  @OptionGroup var result: ResultOptions
  @OptionGroup var general: GeneralOptions

  func validate() throws { _ = try result.format(general, of: [.text, .json]) }

  func run() throws {
    let size = try SampleSize(
      lossBound: lossBound.value, hessianBound: hessianBound.value, radius: radius.value, tolerance: epsilon.value)
    switch try result.format(general, of: [.text, .json]) {
    case .json: try ResultWriter.write(size.json, to: result.output)
    default: try ResultWriter.write(size.text, to: result.output)
    }
  }
}
