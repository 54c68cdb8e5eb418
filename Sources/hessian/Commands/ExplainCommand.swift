import ArgumentParser
import AttentionHessian

/// Why a bound is what it is, and where it loses.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain the derived bound: what each term contributes, how it depends on each input, where it loses.",
    discussion: """
      Each term's share of M, the exact elasticities ∂log M/∂log s, M with half of each input, and where maxima and \
      minima switch; beside it the printed Theorem 1. At an instance or a trained head also how far M is from ‖H‖₂, what \
      each inequality of the proof loses there, and with --figure the ladder from ‖H‖₂ to M; with --allow for a bound \
      that may use more norms (families: \(AllowedFamilies.names)), also of other kernels and of several heads.

      Numbers are read exactly, M is exact or rounded up; the norms along the proof are floating-point estimates. Without \
      --r-max or --target-norm the residual is taken as zero.

      EXAMPLES:
        hessian explain --x-max 1 --w-max 3/2 --length 8 --d-v 16 --d-k 16 --r-max 1
        hessian explain --instance instance.json --figure ladder.svg
        hessian explain --weights Examples/albert-attention.safetensors --head 3 \\
          --target zero --figure ladder.svg --figure ladder.tex
        hessian explain --instance instance.json --allow residual,products
      """)

  @OptionGroup var numbers: ExplainedNumbers

  @OptionGroup var layer: LayerOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Families of norms that the bound at a layer may use, 'all' or 'none'. (default: ‖F − Y‖_F alone)",
      valueName: "list"),
    transform: AllowedFamilies.init(parsing:))
  var allow: AllowedFamilies?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Write the ladder to this file, .svg or .tex (pgfplots); may be repeated.", valueName: "file"))
  var figure: [String] = []

  @OptionGroup var result: ResultOptions
  @OptionGroup var general: GeneralOptions

  private static let formats: [OutputFormat] = [.text, .json, .csv, .latex]

  func validate() throws {
    _ = try result.format(general, of: Self.formats)
    if layer.isGiven, let option = numbers.given.first {
      throw ValidationError("\(option) is measured at a layer: leave it out with --instance or --weights")
    }
    if !layer.isGiven {
      _ = try numbers.input
      if !figure.isEmpty {
        throw ValidationError("--figure shows a proof at a layer: give --instance FILE or --weights FILE")
      }
      if allow != nil { throw ValidationError("--allow needs a layer: give --instance FILE or --weights FILE") }
    }
    if let path = figure.first(where: { !$0.hasSuffix(".svg") && !$0.hasSuffix(".tex") }) {
      throw ValidationError(
        "--figure \(PrintableText.quoted(path)) has no known form: give a path that ends in .svg or .tex")
    }
  }

  func run() throws {
    let explanation = try explain()
    let provenance = "hessian explain: \(explanation.subject)"
    if let ladder = try explanation.figure() {
      for path in figure {
        try ResultWriter.write(
          path.hasSuffix(".svg") ? ladder.svg() : ladder.pgfplots(provenance: provenance), to: path)
      }
    }
    switch try result.format(general, of: Self.formats) {
    case .json: try ResultWriter.write(try explanation.json(), to: result.output)
    case .csv: try ResultWriter.write(try explanation.csv(), to: result.output)
    case .latex: try ResultWriter.write(try explanation.latex(provenance: provenance), to: result.output)
    case .text, .npy: try ResultWriter.write(try explanation.text(), to: result.output)
    }
  }

  private func explain() throws -> BoundExplanation {
    guard let (instance, subject, path) = try layer.read(seed: general.seed) else {
      do { return try BoundExplanation(try numbers.input) } catch let error as ExplanationError {
        throw CommandError(error.description, hint: error.advice, status: .usage)
      } catch let error as EvaluationError {
        throw CommandError(error.description, hint: "give smaller sizes", status: .usage)
      }
    }
    do {
      return try BoundExplanation(instance, allowing: allow?.families, subject: subject, seed: general.seed)
    } catch let error as ExplanationError {
      throw FileError(.badData, path: path, reason: error.description, advice: error.advice)
    } catch let error as CertificationError {
      throw FileError(.badData, path: path, reason: error.description, advice: error.advice)
    } catch let error as EvaluationError {
      throw FileError(.badData, path: path, reason: error.description, advice: "give numbers of moderate size")
    } catch let error as ArithmeticError {
      throw FileError(.badData, path: path, reason: error.description, advice: "use smaller numbers")
    }
  }
}
