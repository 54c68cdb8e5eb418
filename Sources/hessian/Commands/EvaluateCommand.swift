import ArgumentParser
import AttentionHessian

/// Values of the loss, its gradient and its Hessian at an exact instance.
struct EvaluateCommand: ParsableCommand {
  enum Quantity: String, CaseIterable, ExpressibleByArgument {
    case hessian, gradient, loss
  }

  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Evaluate the Hessian, the gradient or the loss of an instance.",
    discussion: """
      Rows and columns are the entries of W_Q, W_K, W_V in this order, each matrix row by row; with several heads \
      W_Q, W_K, W_V and the head's rows of W_O for each head in turn. The values come from the derived closed forms. \
      Of several samples the mean is taken, or the sum where the loss is "half-sum-square".

      EXAMPLES:
        hessian evaluate --instance instance.json
        hessian evaluate --instance instance.json --format npy --output hessian.npy
        hessian evaluate --instance instance.json --block Q,K --part functional
        hessian evaluate --instance instance.json --quantity gradient --exact --json
      """)

  @Option(parsing: .unconditional, help: ArgumentHelp("An instance file (JSON).", valueName: "file"))
  var instance: String

  @Option(help: "What to evaluate: hessian, gradient or loss.")
  var quantity = Quantity.hessian

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("One block of the Hessian, such as Q,K; with several heads Q1,K2.", valueName: "row,column"),
    transform: BlockName.parse)
  var block: BlockName?

  @Option(help: "The outer-product part, the functional part, or both together.")
  var part: HessianPart?

  @Flag(help: "As exact fractions, where the value is rational (logits zero, or the linear kernel).")
  var exact = false

  @OptionGroup var result: ResultOptions
  @OptionGroup var general: GeneralOptions

  private var formats: [OutputFormat] { exact ? [.text, .json, .csv] : [.text, .json, .csv, .npy] }

  func validate() throws {
    _ = try result.format(general, of: formats)
    if quantity != .hessian, block != nil || part != nil {
      throw ValidationError("\(block != nil ? "--block" : "--part") needs --quantity hessian")
    }
  }

  func run() throws {
    let instance = try LayerInstance(contentsOf: self.instance)
    do {
      if exact {
        try write(LossEvaluation(instance, as: Rational.self))
      } else {
        try write(LossEvaluation(instance, as: Double.self))
      }
    } catch let error as LossEvaluationError {
      throw FileError(.badData, path: self.instance, reason: error.description, advice: error.advice)
    }
  }

  private func write<S: ReportedScalar>(_ evaluation: LossEvaluation<S>) throws {
    let report = try EvaluationReport(evaluation, selection(evaluation))
    switch try result.format(general, of: formats) {
    case .csv: try ResultWriter.write(report.value.csv, to: result.output)
    case .json: try ResultWriter.write(report.json, to: result.output)
    case .npy:
      let value = report.value.map(\.estimate)
      let bytes = NPYWriter.bytes(rows: value.rows, columns: value.columns, values: value.entries)
      try ResultWriter.write(bytes, to: result.output)
    case .text, .latex: try ResultWriter.write(try report.text(), to: result.output)
    }
  }

  private func selection<S: ReportedScalar>(
    _ evaluation: LossEvaluation<S>
  ) throws -> EvaluationReport<S>.Selection {
    switch quantity {
    case .loss: return .loss
    case .gradient: return .gradient
    case .hessian:
      guard let block else { return .hessian(part ?? .both) }
      let (row, column) = try block.symbols(in: evaluation.derivation.objective.model.parameters)
      return .block(row, column, part ?? .both)
    }
  }
}
