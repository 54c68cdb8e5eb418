import ArgumentParser
import AttentionHessian

/// A search for a violation of a printed inequality.
struct FalsifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "falsify",
    abstract: "Search for matrices that violate a printed inequality.",
    discussion: """
      Ascends left/right from random starts at every tuple of sizes, with a scale of its own for each matrix; rounds the \
      best point to small rationals; certifies what is left. With --output the witness is written as NAME.json, an \
      instance file where the claim is about a layer, with a LaTeX example NAME.tex and the summary NAME.search.json. \
      Sizes that are not given are 2; with none given, each is also 3 in turn. An interrupt (Ctrl-C) ends the search, and \
      the best point so far is rounded and certified; a second one ends the command.

      Exit status 2 says that no violation was found, which proves nothing.

      EXAMPLES:
        hessian falsify P1
        hessian falsify P1 --length 2 --d-k 2 --d-v 2 --output tables/witnesses
        hessian falsify P1 --length 3:5:3 --starts 100 --name P1-long --output .
      """)

  @Argument(help: ArgumentHelp("The claim, such as P1.", valueName: "claim"))
  var claim: String

  @OptionGroup var sizes: SizeRangeOptions

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A size with a name of the claim's own; may be given repeatedly.", valueName: "name=sizes"),
    transform: NamedSizes.parse)
  var size: [NamedSizes] = []

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The number of random starts for each tuple of sizes.", valueName: "n"),
    transform: StartCount.parse)
  var starts = 48

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Write the files to this folder.", valueName: "folder"))
  var output: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("What the files' names begin with. (default: the claim)", valueName: "name"))
  var name: String?

  @OptionGroup var general: GeneralOptions

  func validate() throws {
    guard let name else { return }
    if output == nil { throw ValidationError("--name needs --output FOLDER") }
    guard Self.isFileName(name) else {
      throw ValidationError("--name has characters beyond letters, digits, '.', '_' and '-', or begins with a dot")
    }
  }

  func run() throws {
    let claim = try Self.claim(claim)
    let statement = try Falsification.inequality(claim)
    let folder = try output.map(GeneratedFolder.init)
    let falsification = try Falsification(
      claim, .init(sizes: try tuples(statement.sizeNames), starts: starts, seed: general.seed))
    let request = InterruptionRequest()
    let progress = SharedProgress(quiet: general.quiet)
    let result = try falsification.result(isStopped: { request.isMade }) { done, total, ratio in
      progress.update(done, of: total, "of starts; largest left/right \(Self.text(ratio))")
    }
    progress.finish()
    if request.isMade {
      StandardError.warn("interrupted: this is the best of the starts that were made", quiet: general.quiet)
    }
    try report(result, folder)
    guard result.violation == nil else { return }
    throw CommandError(
      "no violation of \(result.subject) was found, which does not prove it",
      hint: "try more starts (--starts), another seed (--seed) or other sizes", status: .undecided)
  }

  private func report(_ result: FalsificationResult, _ folder: GeneratedFolder?) throws {
    let paths = try folder?.write(try result.files(named: name ?? Self.fileName(result.subject))) ?? []
    if general.json {
      let files = JSONValue.Member("files", .array(paths.map { .string($0) }))
      try ResultWriter.write(.object(try (result.json().members ?? []) + [files]), to: nil)
    } else {
      try StandardOutput.write(
        try result.text() + (paths.isEmpty ? "" : "Written: \(paths.joined(separator: ", "))\n"))
    }
  }

  // MARK: Arguments

  private static func claim(_ id: String) throws -> Claim {
    if let claim = Claims.claim(id) { return claim }
    let ids = Claims.all.map(\.id)
    let known = "the inequalities are \(Claims.all.filter { $0.kind == .inequality }.map(\.id).joined(separator: ", "))"
    throw CommandError(
      "there is no claim \(PrintableText.quoted(id))",
      hint: NearestName.of(id, in: ids).map { "did you mean '\($0)'? (\(known))" } ?? known, status: .usage)
  }

  private func tuples(_ names: [String]) throws -> [[String: Int]] {
    let given = try sizes.given(with: size)
    let tuples = given.values.reduce(1.0) { $0 * Double($1.count) }
    guard tuples * Double(starts) <= Double(StartCount.limit) else {
      throw ValidationError("More than \(StartCount.limit) starts in all: give fewer sizes or starts")
    }
    return SizeTuple.all(names, given)
  }

  private static func fileName(_ id: String) -> String {
    let name = String(id.map { isFileName("x\($0)") ? $0 : "-" })
    return isFileName(name) ? name : "claim"
  }

  private static func isFileName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 100 && !name.hasPrefix(".")
      && name.unicodeScalars.allSatisfy {
        $0.isASCII
          && ($0.properties.isAlphabetic || $0.properties.numericType != nil || "._-".unicodeScalars.contains($0))
      }
  }

  private static func text(_ ratio: Double) -> String {
    Rational(exactly: ratio)?.decimal(significantDigits: 4, rounding: .down) ?? "infinite"
  }
}

/// Numbers of random starts.
enum StartCount {
  static let limit = 1_000_000

  static func parse(_ text: String) throws -> Int {
    let count = try PositiveSize.parse(text)
    guard count <= limit else { throw ArgumentProblem("it is above \(limit); give a smaller number") }
    return count
  }
}
