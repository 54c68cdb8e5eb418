import ArgumentParser
import AttentionHessian

/// A search for the instances at which the derived bounds are sharpest.
struct TightnessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tightness",
    abstract: "Search for the instances at which the derived bounds are reached, or most nearly so.",
    discussion: """
      For each block, its parts H_o and H_f and the whole Hessian: ascends norm/bound from random starts at every tuple \
      of sizes, rounds the best point to small rationals, and certifies the quotient there. The bounds are those in the \
      norms of single matrices. Sizes that are not given are 2; with none given, each is also 3 in turn. An interrupt \
      (Ctrl-C) ends the search, and the best points so far are certified.

      EXAMPLES:
        hessian tightness --kernel linear
        hessian tightness --kernel softmax --length 2 --format csv
        hessian tightness --json --output tables/witnesses/tightness.json
        hessian tightness --points tables/witnesses/tightness.json
      """)

  @Option(help: "The attention kernel: softmax, gaussian or linear. (default: all of them)")
  var kernel: AttentionKernel?

  @OptionGroup var sizes: SizeRangeOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number of random starts for each tuple of sizes. (default: 24)", valueName: "n"),
    transform: StartCount.parse)
  var starts: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Certify the points of a file that --json wrote; nothing is searched for.", valueName: "file"))
  var points: String?

  @OptionGroup var result: ResultOptions
  @OptionGroup var general: GeneralOptions

  func validate() throws {
    _ = try result.format(general, of: [.text, .json, .csv, .latex])
    guard points != nil else { return }
    let given = [
      ("--kernel", kernel != nil), ("--starts", starts != nil), ("--length", sizes.length != nil),
      ("--d", sizes.d != nil), ("--d-k", sizes.dK != nil), ("--d-v", sizes.dV != nil),
    ]
    if let option = given.first(where: \.1) {
      throw ValidationError("\(option.0) is for a search: leave it out with --points")
    }
  }

  func run() throws {
    let format = try result.format(general, of: [.text, .json, .csv, .latex])
    let study = try points.map { try BoundTightness(contentsOf: $0) } ?? searched()
    // A bound that is exceeded would be found here, and nothing be written.
    let tables = try study.tables()
    switch format {
    case .json: try ResultWriter.write(study.json, to: result.output)
    case .csv: try ResultWriter.write(tables[0].csv, to: result.output)
    case .latex: try ResultWriter.write(tables[0].latex(provenance: "hessian tightness"), to: result.output)
    case .text, .npy: try ResultWriter.write(tables.map(\.text).joined(separator: "\n"), to: result.output)
    }
  }

  private func searched() throws -> BoundTightness {
    let request = InterruptionRequest()
    let progress = SharedProgress(quiet: general.quiet)
    defer { progress.finish() }
    let study = try BoundTightness(
      searching: kernel.map { [$0] } ?? AttentionKernel.allCases, sizes: try given(), starts: starts ?? 24,
      seed: general.seed, isStopped: { request.isMade }
    ) { progress.update($0, of: $1, "of bounds") }
    if study.isInterrupted {
      StandardError.warn("interrupted: these are the best of the starts that were made", quiet: general.quiet)
    }
    return study
  }

  private func given() throws -> [String: [Int]] {
    let given = try sizes.given()
    guard given.values.reduce(Double(starts ?? 24), { $0 * Double($1.count) }) <= Double(StartCount.limit) else {
      throw ValidationError("More than \(StartCount.limit) starts for each bound: give fewer sizes or starts")
    }
    return given
  }
}
