import ArgumentParser
import AttentionHessian

/// The derivation of the Hessian's blocks.
struct DeriveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "derive",
    abstract: "Derive the blocks of the loss Hessian, each step with its law.",
    discussion: """
      From the forward formula alone, by rewriting with the laws: the closed forms of the outer-product part H_o and the \
      functional part H_f of each block ∂²ℓ/∂W_i∂W_j, and with --steps the proof.

      EXAMPLES:
        hessian derive --kernel softmax --block Q,K
        hessian derive --kernel gaussian --block K,K --route jacobian-first --steps
        hessian derive --block V,V --steps --format latex --output block.tex
        hessian derive --kernel linear --heads 2 --block Q1,V2 --json
      """)

  @Option(help: "The attention kernel: softmax, gaussian or linear.")
  var kernel = AttentionKernel.softmax

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("One block, such as Q,K; all of them where it is left out.", valueName: "row,column"),
    transform: BlockName.parse)
  var block: BlockName?

  @Option(help: "Differentiate the layer first, or the loss: jacobian-first or gradient-first.")
  var route = Route.gradientFirst

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Several heads with an output matrix W_O, from 1 to 16.", valueName: "n"),
    transform: HeadCount.parse)
  var heads: Int?

  @Flag(help: "The proof too, every step with its law.")
  var steps = false

  @OptionGroup var result: ResultOptions
  @OptionGroup var general: GeneralOptions

  func validate() throws { _ = try result.format(general, of: [.text, .latex, .json]) }

  func run() throws {
    let model = heads.map { SelfAttention(kernel, heads: $0) } ?? SelfAttention(kernel)
    let selected = try block.map { try $0.symbols(in: model.parameters) }
    let derivation = HessianDerivation(Objective(model), route: route)
    let report = DerivationReport(
      derivation, blocks: selected.map { [derivation.block($0.row, $0.column)] } ?? derivation.blocks(), steps: steps)
    switch try result.format(general, of: [.text, .latex, .json]) {
    case .json: try ResultWriter.write(try report.json(), to: result.output)
    case .latex: try ResultWriter.write(try report.latex(), to: result.output)
    default: try ResultWriter.write(try report.text(), to: result.output)
    }
  }
}

/// Numbers of heads for which blocks are derived.
enum HeadCount {
  static func parse(_ text: String) throws -> Int {
    let heads = try PositiveSize.parse(text)
    guard heads <= 16 else { throw ArgumentProblem("it is above 16; the blocks of more heads have the same form") }
    return heads
  }
}
