import ArgumentParser
import AttentionHessian

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The measurement itself.
struct RunCommand: ParsableCommand {
  enum Form: String, CaseIterable, ExpressibleByArgument { case text, markdown, json, csv }

  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run the comparisons and print them.",
    discussion: """
      A ratio is the median time of the fastest peer, divided by the median time of the one in the row.

      EXIT STATUS:
        0 done; 1 results disagree; 64 usage; 69 something is not installed.
      """)

  @Option(
    parsing: .upToNextOption,
    help: "What to compare: dense, product, norm, training, landscape, one-shot, derivation. (default: all)")
  var sections = Section.allCases

  @Option(parsing: .upToNextOption, help: "On how many processors.")
  var threads = [1, 2]

  @Flag(help: "The small sizes on one processor, in about a minute.")
  var quick = false

  @Option(help: "Only cases with at most so many parameters.")
  var largest: Int?

  @Option(help: "Only cases with at least so many parameters.")
  var smallest: Int?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Only contestants whose name contains one of these.", valueName: "words"))
  var only: [String] = []

  @Option(help: "Seconds of timed calls for each contestant of a case.")
  var seconds: Double?

  @Option(help: "What the inputs are drawn from.")
  var seed: UInt64 = 1

  @Option(help: "How standard output is written: text, markdown, json or csv.")
  var format = Form.text

  @Option(help: ArgumentHelp("Write all four forms to files in this folder too.", valueName: "folder"))
  var output: String?

  @Option(help: ArgumentHelp("The command hessian. (default: as make build leaves it)", valueName: "file"))
  var hessian: String?

  @Option(help: ArgumentHelp("The interpreter with the peers. (default: as setup.sh leaves it)", valueName: "file"))
  var python: String?

  @Flag(help: "Show what the measured processes say besides.")
  var verbose = false

  func validate() throws {
    guard threads.allSatisfy({ $0 > 0 }) else { throw ValidationError("--threads needs numbers from 1") }
    if let seconds, !(seconds > 0 && seconds <= 3600) {
      throw ValidationError("--seconds needs a number above 0, at most 3600")
    }
  }

  func run() throws {
    signal(SIGPIPE, SIG_IGN)
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let silence = try Descriptor.silence()
    let place = try place(scratch.path, log: verbose ? 2 : silence.number)
    let machine = Machine(), otherWork = OtherWork()
    var effort = quick ? Effort.quick : .full
    if let seconds { effort.seconds = seconds }
    var versions: [Version] = [], outcomes: [Outcome] = []
    for benchmark in try cases() {
      func say(_ what: String) { note("\(benchmark): \(what)") }
      let outcome: Outcome
      switch benchmark.section {
      case .oneShot, .derivation:
        outcome = try ProcessRunner(place: place, effort: effort, seed: seed, say: say).run(benchmark)
      case .dense, .product, .norm, .training, .landscape:
        let contestants = benchmark.contestants.filter { contestant in
          only.isEmpty || only.contains { contestant.name.contains($0) }
        }
        let (measured, found) = try CaseRunner(place: place, effort: effort, seed: seed, say: say)
          .run(benchmark, contestants)
        for version in found where !versions.contains(version) { versions.append(version) }
        outcome = measured
      }
      note("\n" + outcome.table.text)
      outcomes.append(outcome)
    }
    let report = Report(
      facts: machine.lines(versions, seed: seed, effort: effort, otherWork: otherWork), outcomes: outcomes)
    try write(report)
    if !report.agrees { throw ExitCode(1) }
  }

  private func cases() throws -> [BenchmarkCase] {
    let counts = quick ? [1] : threads.filter { $0 <= Processors.allowed.count }
    return try Section.allCases.filter { sections.contains($0) }.flatMap { section in
      // A derivation does not use a second processor.
      try BenchmarkCase.all(
        section, threads: section == .derivation ? Array(counts.prefix(1)) : counts, isQuick: quick,
        configuration: Self.configurationOfTraining)
    }.filter { $0.sizes.dimension <= largest ?? .max && $0.sizes.dimension >= smallest ?? 0 }
  }

  // MARK: Places

  /// The folder `Benchmarks` of the sources this program was built from.
  private static var root: String {
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
  }

  static var configurationOfTraining: String { "\(root)/../Examples/vit.json" }

  private func place(_ scratch: String, log: CInt) throws -> BenchmarkPlace {
    let python = self.python ?? "\(Self.root)/.venv/bin/python"
    let hessian = self.hessian ?? "\(Self.root)/../.build/release/hessian"
    try require(python, "run Benchmarks/Scripts/setup.sh, or name an interpreter with the peers by --python")
    if sections.contains(where: { $0 == .oneShot || $0 == .derivation }) {
      try require(hessian, "run make build, or name the command by --hessian")
    }
    return BenchmarkPlace(
      executable: Self.executable, hessian: hessian, python: python, peers: "\(Self.root)/Peers",
      configuration: Self.configurationOfTraining, scratch: scratch, log: log)
  }

  private func require(_ path: String, _ advice: String) throws {
    guard access(path, X_OK) != 0 else { return }
    note("benchmark: \(path) is not there; \(advice)")
    throw ExitCode(69)
  }

  private static var executable: String {
    guard let resolved = realpath("/proc/self/exe", nil) else { return CommandLine.arguments[0] }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  // MARK: Output

  private func write(_ report: Report) throws {
    func form(_ form: Form) -> String {
      switch form {
      case .text: report.text
      case .markdown: report.markdown
      case .json: JSONWriter(.pretty).text(report.json) + "\n"
      case .csv: report.csv
      }
    }
    print(form(format), terminator: "")
    guard let output else { return }
    mkdir(output, 0o777)
    for (name, kind) in [("txt", .text), ("md", .markdown), ("json", .json), ("csv", .csv)] as [(String, Form)] {
      try AtomicFile.write(form(kind), to: "\(output)/benchmark.\(name)")
    }
  }

  /// Tells how far it is, on standard error.
  private func note(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    _ = bytes.withUnsafeBytes { systemWrite(2, $0.baseAddress, $0.count) }
  }
}

private func systemWrite(_ descriptor: CInt, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, start, count)
}
