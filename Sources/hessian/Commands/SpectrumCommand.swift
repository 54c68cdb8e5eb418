import ArgumentParser
import AttentionHessian

/// Eigenvalues of a Hessian: the ends of the spectrum, the norm, and the density.
struct SpectrumCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spectrum",
    abstract: "Estimate the spectrum of the Hessian: its ends, ‖H‖₂, trace, and the density of eigenvalues.",
    discussion: """
      Matrices of up to \(SpectrumStudy.largestAutomatic) rows are formed, and LAPACK gives all eigenvalues. Larger ones \
      are only multiplied with vectors: Lanczos iteration finds the ends, each eigenvalue as often as it is multiple, \
      with the residual ‖Hv − λv‖, within which some eigenvalue lies; random vectors give trace, Frobenius norm and \
      density with standard errors. Every number is an estimate, and ‖H‖₂ one from below: for bounds see 'hessian certify'.

      Of a block off the diagonal, singular values are given. With --figure the density is drawn, as SVG, or as pgfplots \
      where the file's name ends in .tex.

      Exit status: 0 done; 2 an iteration did not converge, and the result says so.

      EXAMPLES:
        hessian spectrum --instance instance.json
        hessian spectrum --weights Examples/albert-attention.safetensors --head 3 --count 3
        hessian spectrum --instance instance.json --block Q,K
        hessian spectrum --instance instance.json --part outer --density --format csv
        hessian spectrum --instance instance.json --figure spectrum.svg
      """)

  @OptionGroup var layer: LayerOptions

  @Option(help: "The outer-product part, the functional part, or both together.")
  var part = HessianPart.both

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("One block of the Hessian, such as Q,K; with several heads Q1,K2.", valueName: "row,column"),
    transform: BlockName.parse)
  var block: BlockName?

  @Flag(help: "Also the ends and the norm of every block.")
  var blocks = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number of eigenvalues at each end. (default: 5)", valueName: "n"),
    transform: PositiveSize.parse)
  var count: Int?

  @Flag(help: "Form the matrix, and give all eigenvalues by LAPACK.")
  var dense = false

  @Flag(help: "Form no matrix, however small it is.")
  var matrixFree = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The residual at which an eigenvalue counts as found, in ‖H‖₂. (default: 1e-9)", valueName: "number"),
    transform: ExactNumber.positive)
  var tolerance: ExactNumber?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The most products of Lanczos iteration. (default: 2000)", valueName: "n"),
    transform: PositiveSize.parse)
  var products: Int?

  @OptionGroup var density: DensityOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Draw the density to this file: SVG, or pgfplots with a name in .tex.", valueName: "file"))
  var figure: String?

  @OptionGroup var result: ResultOptions
  @OptionGroup var general: GeneralOptions

  private var hasDensity: Bool { density.density || figure != nil }
  private static let largestCount = 500

  func validate() throws {
    _ = try result.format(general, of: [.text, .json, .csv])
    guard layer.isGiven else {
      throw ValidationError("Missing --instance FILE, or --weights FILE for a head of a trained layer")
    }
    if dense, matrixFree { throw ValidationError("--dense and --matrix-free exclude each other: give one of them") }
    if let option = density.given, !hasDensity { throw ValidationError("\(option) needs --density or --figure") }
    if block != nil, blocks { throw ValidationError("--block and --blocks exclude each other: give one of them") }
    if let count, count > Self.largestCount {
      throw ValidationError("--count \(count) is above \(Self.largestCount): give a smaller number, or --dense for all")
    }
    if let tolerance, !(1e-14...0.1).contains(Double(tolerance.value)) {
      throw ValidationError("--tolerance is outside 1e-14 … 0.1: give a number between")
    }
  }

  func run() throws {
    guard let (instance, subject, path) = try layer.read(seed: general.seed) else { return }
    var options = try self.options(for: instance)
    if hasDensity { density.apply(to: &options, seed: general.seed) }
    let study: SpectrumStudy
    do {
      study = try self.study(instance, options)
    } catch let error as SpectrumError {
      throw Self.failure(error, path)
    } catch let error as LossEvaluationError {
      throw FileError(.badData, path: path, reason: error.description, advice: error.advice)
    } catch let error as EvaluationError {
      let error = LossEvaluationError.evaluation(error)
      throw FileError(.badData, path: path, reason: error.description, advice: error.advice)
    }
    try write(study, instance, subject)
    if !study.converged {
      throw CommandError(
        study.convergenceRemark, hint: "allow more (--products N), or a larger residual (--tolerance)",
        status: .undecided)
    }
  }

  private func options(for instance: LayerInstance) throws -> SpectrumStudy.Options {
    var options = SpectrumStudy.Options()
    options.method = dense ? .dense : matrixFree ? .matrixFree : .automatic
    options.count = count ?? options.count
    options.tolerance = tolerance.map { Double($0.value) } ?? options.tolerance
    options.products = products ?? options.products
    options.blocks = blocks
    options.seed = general.seed
    if let block {
      let (row, column) = try block.symbols(in: instance.model.parameters)
      options.subject = .block(row, column)
    }
    return options
  }

  private func study(_ instance: LayerInstance, _ options: SpectrumStudy.Options) throws -> SpectrumStudy {
    let progress = SharedProgress(quiet: general.quiet)
    defer { progress.finish() }
    return try SpectrumStudy(instance, part: part, options) { done, total in
      progress.update(done, of: total, "of at most \(total) products")
    }
  }

  private func write(_ study: SpectrumStudy, _ instance: LayerInstance, _ subject: String) throws {
    let title = self.title(instance)
    if let figure, let drawing = study.figure(title: title, subject: subject) {
      let isLaTeX = figure.lowercased().hasSuffix(".tex")
      try ResultWriter.write(
        isLaTeX ? drawing.pgfplots(provenance: "hessian spectrum: \(subject)") : drawing.svg(), to: figure)
    }
    switch try result.format(general, of: [.text, .json, .csv]) {
    case .json: try ResultWriter.write(study.json(subject: subject, part: part), to: result.output)
    case .csv: try ResultWriter.write(study.csv, to: result.output)
    default: try ResultWriter.write(study.text(title: title, subject: subject), to: result.output)
    }
  }

  private func title(_ instance: LayerInstance) -> String {
    let name =
      switch part {
      case .outer: "the outer-product part H_o"
      case .functional: "the functional part H_f"
      case .both: "the Hessian H"
      }
    let block = self.block.map { ", block \($0.row),\($0.column)," } ?? ""
    return "\(name)\(block) of the \(instance.loss.rawValue) loss"
  }

  private static func failure(_ error: SpectrumError, _ path: String) -> any Error {
    switch error {
    case .noEigenvalues, .narrow: CommandError(error.description, hint: error.advice, status: .usage)
    case .notFinite, .tooLarge: FileError(.badData, path: path, reason: error.description, advice: error.advice)
    }
  }
}
