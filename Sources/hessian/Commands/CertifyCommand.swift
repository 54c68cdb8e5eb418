import ArgumentParser
import AttentionHessian

/// Proof or refutation of a bound on the Hessian's norm at an instance.
struct CertifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "certify",
    abstract: "Enclose ‖H‖₂ of an instance, and prove or refute a bound or a printed claim there.",
    discussion: """
      Every entry of the Hessian is enclosed and every rounding is outward. Where the Hessian is exactly rational (logits \
      zero, or the linear kernel) the verdict is by exact fractions, so that equality is decided too; elsewhere the \
      precision is doubled until the verdict is reached or --max-bits is. The numbers of a weight file are taken exactly. \
      Larger Hessians are enclosed in floating point with rigorous error bounds, and beyond that from below by a Rayleigh \
      quotient and from above by the derived bounds.

      Exit status: 0 proven, or enclosed where nothing is asked; 1 refuted; 2 not decided.

      EXAMPLES:
        hessian certify --instance instance.json
        hessian certify --instance instance.json --bound 3/4
        hessian certify --instance instance.json --claim P1 --json
      """)

  @OptionGroup var layer: LayerOptions
  @OptionGroup var options: CertifyOptions
  @OptionGroup var result: ResultOptions
  @OptionGroup var general: GeneralOptions

  func validate() throws {
    _ = try result.format(general, of: [.text, .json])
    guard layer.isGiven else {
      throw ValidationError("Missing --instance FILE, or --weights FILE for a head of a trained layer")
    }
  }

  func run() throws {
    guard let (instance, subject, path) = try layer.read(seed: general.seed) else { return }
    let question = try options.question
    let certification: HessianCertification
    do {
      certification = try HessianCertification(
        instance, question, precisionLimit: options.maxBits ?? 2048, upperBounds: [.derived], seed: general.seed)
    } catch let error as CertificationError {
      throw FileError(.badData, path: path, reason: error.description, advice: error.advice)
    } catch let error as EvaluationError {
      throw Self.badData(path, .evaluation(error))
    } catch let error as LossEvaluationError {
      throw Self.badData(path, error)
    } catch let error as ArithmeticError {
      throw FileError(.badData, path: path, reason: error.description, advice: "use smaller numbers")
    }
    switch try result.format(general, of: [.text, .json]) {
    case .json: try ResultWriter.write(try certification.json(of: subject), to: result.output)
    default: try ResultWriter.write(try certification.text(of: subject), to: result.output)
    }
    try Self.report(certification.verdict)
  }

  private static func badData(_ path: String, _ error: LossEvaluationError) -> FileError {
    FileError(.badData, path: path, reason: error.description, advice: error.advice)
  }

  private static func report(_ verdict: Certification.Verdict?) throws {
    switch verdict {
    case nil, .proven: return
    case .refuted:
      throw CommandError(
        "the statement is refuted", hint: "the result shows both sides, enclosed", status: .failed)
    case .undecided:
      throw CommandError(
        "the statement is not decided", hint: "raise the limit on the precision (--max-bits)", status: .undecided)
    }
  }
}
