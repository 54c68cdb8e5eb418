import ArgumentParser
import AttentionHessian

/// How a Hessian, a product or a gradient is computed.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Print the program that computes a Hessian, a product with vectors, a gradient or a loss.",
    discussion: """
      The derived formulas, lowered to operations on tensors: matrix products and elementwise products in index notation, \
      in an order chosen by a cost model, with the floating-point operations, the memory moved and the memory needed. \
      With --profile every operation is timed at a random point.

      EXAMPLES:
        hessian plan --length 64 --d 64 --d-k 64 --d-v 64
        hessian plan --of product --length 53 --d 257 --d-k 32 --d-v 32
        hessian plan --length 16 --d 16 --d-k 16 --d-v 16 --profile
        hessian plan --of gradient --kernel gaussian --json
      """)

  @Option(help: "What is computed: hessian, product, gradient or loss.")
  var of = PlanReport.Quantity.hessian

  @Option(help: "The attention kernel: softmax, gaussian or linear.")
  var kernel = AttentionKernel.softmax

  @OptionGroup var sizes: SizeOptions

  @Option(help: "The outer-product part, the functional part, or both together.")
  var part = HessianPart.both

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number of vectors that a product multiplies at once. (default: 1)", valueName: "n"),
    transform: PositiveSize.parse)
  var batch: Int?

  @Flag(help: "Time every operation, on one thread at a random point.")
  var profile = false

  @OptionGroup var result: ResultOptions
  @OptionGroup var general: GeneralOptions

  func validate() throws {
    _ = try result.format(general, of: [.text, .json])
    if batch != nil, of != .product { throw ValidationError("--batch needs --of product") }
    if part != .both, of != .hessian, of != .product { throw ValidationError("--part needs --of hessian or product") }
  }

  func run() throws {
    let sizes = self.sizes.sizes(orElse: LayerSizes(sequenceLength: 16, width: 16, keyWidth: 16, valueWidth: 16))
    do {
      var report = try PlanReport(of, kernel, sizes, part: part, batch: batch ?? 1)
      if profile { try report.measure(seed: general.seed) }
      switch try result.format(general, of: [.text, .json]) {
      case .json: try ResultWriter.write(report.json, to: result.output)
      default: try ResultWriter.write(report.text, to: result.output)
      }
    } catch let error as EvaluationError {
      throw CommandError(error.description, hint: "give smaller sizes", status: .usage)
    } catch let error as LossEvaluationError {
      throw CommandError(error.description, hint: "leave out --profile, or give smaller sizes", status: .usage)
    }
  }
}

extension PlanReport.Quantity: ExpressibleByArgument {}
