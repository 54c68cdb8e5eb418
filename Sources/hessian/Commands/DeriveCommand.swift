import ArgumentParser
import AttentionHessian

/// The derivation of the Hessian's blocks, or of bounds of their norms.
struct DeriveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "derive",
    abstract: "Derive the blocks of the loss Hessian, each step with its law.",
    discussion: """
      From the forward formula alone, by rewriting with the laws: the closed forms of the outer-product part H_o and the \
      functional part H_f of each block ∂²ℓ/∂W_i∂W_j, and with --steps the proof. With --bound the bounds of their \
      spectral norms and of the whole Hessian, in the norms that --allow names (\(AllowedFamilies.names)).

      EXAMPLES:
        hessian derive --kernel softmax --block Q,K
        hessian derive --kernel gaussian --block K,K --route jacobian-first --steps
        hessian derive --block V,V --steps --format latex --output block.tex
        hessian derive --kernel linear --heads 2 --block Q1,V2 --json
        hessian derive --network 'linear(h, bias), gelu, linear(c)' --loss cross-entropy
        hessian derive --bound
        hessian derive --bound --allow residual,products,distances --block Q,V --steps
      """)

  @Option(help: "The attention kernel: softmax, gaussian or linear. (default: softmax)")
  var kernel: AttentionKernel?

  @OptionGroup var network: NetworkOptions

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

  @Flag(help: "Bounds of the blocks' spectral norms, with their proofs.")
  var bound = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Families of norms that bounds may use, all or none. (default: residual)", valueName: "list"),
    transform: AllowedFamilies.init(parsing:))
  var allow: AllowedFamilies?

  @OptionGroup var result: ResultOptions
  @OptionGroup var general: GeneralOptions

  func validate() throws {
    _ = try result.format(general, of: [.text, .latex, .json])
    if network.network != nil, let option = kernel != nil ? "--kernel" : heads != nil ? "--heads" : nil {
      throw ValidationError("\(option) is for one layer of attention: leave it out with --network")
    }
    if allow != nil, !bound { throw ValidationError("--allow is for bounds: give --bound too") }
  }

  func run() throws {
    let objective = try network.objective() ?? attention
    let selected = try block.map { try $0.symbols(in: objective.model.parameters) }
    let derivation = HessianDerivation(objective, route: route)
    if bound { return try writeBounds(derivation, selected) }
    let report = DerivationReport(
      derivation, blocks: selected.map { [derivation.block($0.row, $0.column)] } ?? derivation.blocks(), steps: steps)
    switch try result.format(general, of: [.text, .latex, .json]) {
    case .json: try ResultWriter.write(try report.json(), to: result.output)
    case .latex: try ResultWriter.write(try report.latex(), to: result.output)
    default: try ResultWriter.write(try report.text(), to: result.output)
    }
  }

  private var attention: Objective {
    let kernel = kernel ?? .softmax
    return Objective(heads.map { SelfAttention(kernel, heads: $0) } ?? SelfAttention(kernel))
  }

  private func writeBounds(_ derivation: HessianDerivation, _ selected: (row: Symbol, column: Symbol)?) throws {
    let report = try BoundDerivationReport(
      derivation, families: allow?.families ?? [.residual], shown: selected.map { [$0] }, steps: steps)
    switch try result.format(general, of: [.text, .latex, .json]) {
    case .json: try ResultWriter.write(report.json(), to: result.output)
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
