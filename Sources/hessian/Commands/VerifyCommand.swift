import ArgumentParser
import AttentionHessian

/// Checks of the derived blocks by methods that share no code with the derivation.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check every derived block exactly and by finite differences.",
    discussion: """
      At random points of given sizes (by default L = 2, d = 3, d_K = 4, d_V = 5): every step and every block over the prime field, the blocks over the rationals, at \
      logits zero the true layer over the rationals, and finite differences; at d = d_V also the printed blocks. At an \
      exact instance: over both fields and by finite differences. At a trained head: by finite differences.

      Exit status 1 says that a check failed; the message names block, method, sizes and seed.

      EXAMPLES:
        hessian verify --kernel softmax --length 2 --d 3 --d-k 4 --d-v 5
        hessian verify --kernel gaussian --length 3 --d 2 --d-k 2 --d-v 1 --seed 7
        hessian verify --network 'linear(h), relu, linear(c)' --loss cross-entropy --size h=3
        hessian verify --instance instance.json --json
        hessian verify --weights Examples/albert-attention.safetensors --head 3
      """)

  @Option(help: "The attention kernel: softmax, gaussian or linear. (default: softmax)")
  var kernel: AttentionKernel?

  @OptionGroup var network: NetworkOptions
  @OptionGroup var sizes: SizeOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number of random points of the prime field. (default: 16)", valueName: "n"),
    transform: PointCount.parse)
  var points: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("An instance file (JSON).", valueName: "file"))
  var instance: String?

  @OptionGroup var weights: WeightsOptions
  @OptionGroup var result: ResultOptions
  @OptionGroup var general: GeneralOptions

  func validate() throws {
    _ = try result.format(general, of: [.text, .json])
    if instance != nil, weights.weights != nil {
      throw ValidationError("--instance and --weights exclude each other: give one of them")
    }
    if network.network != nil {
      let option =
        instance != nil ? "--instance" : weights.weights != nil ? "--weights" : kernel != nil ? "--kernel" : nil
      if let option { throw ValidationError("\(option) is for one layer of attention: leave it out with --network") }
    }
    guard instance != nil || weights.weights != nil else { return }
    if let option = sizes.given ?? (points != nil ? "--points" : kernel != nil ? "--kernel" : nil) {
      throw ValidationError("\(option) is for random points: leave it out with --instance or --weights")
    }
  }

  func run() throws {
    let report = try makeReport()
    switch try result.format(general, of: [.text, .json]) {
    case .json: try ResultWriter.write(report.json, to: result.output)
    default: try ResultWriter.write(report.text, to: result.output)
    }
    let failures = report.failures
    guard let first = failures.first else { return }
    throw CommandError(
      failures.count == 1 ? "a check failed: \(first)" : "\(failures.count) checks failed, the first: \(first)",
      hint: "the table shows which; --json lists all", status: .failed)
  }

  private func makeReport() throws -> VerificationReport {
    if let selection = weights.selection(seed: general.seed) {
      let verification = try InstanceVerification(selection, seed: general.seed)
      let name = PrintableText.quoted(selection.path)
      return VerificationReport(verification, subject: "head \(selection.head) of \(name), target \(selection.target)")
    }
    if let instance { return try verify(instance) }
    if let objective = try network.objective() { return try verify(objective) }
    let sizes = self.sizes.sizes(
      orElse: LayerSizes(sequenceLength: 2, width: 3, keyWidth: 4, valueWidth: 5))
    try ExactCheckLimit.require(sizes, heads: 1, hasOutputMatrix: false)
    let count = points ?? 16
    let verification = try BlockVerification(
      .init(kernel ?? .softmax, sizes: sizes, points: count, seed: general.seed))
    let hasClaims = kernel ?? .softmax == .softmax && sizes.width == sizes.valueWidth
    let claims = hasClaims ? try ClaimCheck.blocks(sizes: sizes, points: count, seed: general.seed) : []
    return VerificationReport(verification, claims: claims)
  }

  private func verify(_ objective: Objective) throws -> VerificationReport {
    let assignment = try network.sizes(for: objective, sizes)
    try ExactCheckLimit.require(NetworkSizes.parameterCount(objective, assignment))
    guard NetworkSizes.haveOneRoot(objective, assignment) else {
      throw CommandError(
        "the roots of the key widths are in different fields, and exact checks adjoin one root",
        hint: "give key widths that are squares, such as 4 (--size)", status: .usage)
    }
    guard let model = objective.model as? Network else {
      preconditionFailure("the objective of --network has a network")
    }
    return VerificationReport(
      try BlockVerification(
        .init(
          model, measuredBy: objective.measure, sizes: assignment, points: points ?? 16, seed: general.seed)))
  }

  private func verify(_ path: String) throws -> VerificationReport {
    let instance = try LayerInstance(contentsOf: path)
    try ExactCheckLimit.require(
      instance.sizes(), heads: instance.heads.count, hasOutputMatrix: instance.outputMatrix != nil)
    if instance.samples.count > 1 {
      StandardError.warn("the first of \(instance.samples.count) samples is checked", quiet: general.quiet)
    }
    do {
      let verification = try InstanceVerification(instance, seed: general.seed)
      let subject = "\(PrintableText.quoted(path)), \(instance.kernel.rawValue) kernel, \(instance.sizes())"
      return VerificationReport(verification, subject: subject)
    } catch let error as EvaluationError {
      let error = LossEvaluationError.evaluation(error)
      throw FileError(.badData, path: path, reason: error.description, advice: error.advice)
    }
  }
}

/// Numbers of random points.
enum PointCount {
  static func parse(_ text: String) throws -> Int {
    let count = try PositiveSize.parse(text)
    guard count <= 10_000 else { throw ArgumentProblem("it is above 10000; a few points are enough") }
    return count
  }
}

/// How large a layer can be checked exactly in a reasonable time.
enum ExactCheckLimit {
  private static let parameters = 250

  /// - Errors: a layer with too many trained numbers, with the figure.
  static func require(_ sizes: LayerSizes, heads: Int, hasOutputMatrix: Bool) throws {
    let perHead =
      Double(sizes.width) * Double(2 * sizes.keyWidth + sizes.valueWidth)
      + (hasOutputMatrix ? Double(sizes.valueWidth) * Double(sizes.outputWidth) : 0)
    let count = Double(heads) * perHead
    let logits = Double(sizes.sequenceLength) * Double(sizes.sequenceLength)
    guard count <= Double(parameters), logits <= Double(parameters) else {
      throw CommandError(
        "exact checks take (number of parameters)² evaluations: \(Self.text(count)) parameters and \(Self.text(logits)) "
          + "logits are more than \(parameters)", hint: "give smaller sizes; a formula does not depend on them",
        status: .usage)
    }
  }

  /// - Errors: too many trained numbers, with the figure.
  static func require(_ count: Double) throws {
    guard count <= Double(parameters) else {
      throw CommandError(
        "exact checks take (number of parameters)² evaluations: \(text(count)) parameters are more than \(parameters)",
        hint: "give smaller sizes, by names in the layers and --size; a formula does not depend on them", status: .usage
      )
    }
  }

  private static func text(_ count: Double) -> String { count < 1e15 ? "\(Int(count))" : "\(count)" }
}
