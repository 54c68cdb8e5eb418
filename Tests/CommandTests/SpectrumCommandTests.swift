import Foundation
import Testing

@Suite struct SpectrumCommandTests {
  private func instance(_ directory: TemporaryDirectory) throws -> String {
    try directory.file("instance.json", SampleInstance.counterexample)
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test(arguments: [[], ["--matrix-free"], ["--dense"]]) func theCounterexampleHasNormThreeQuarters(options: [String])
    throws
  {
    let directory = try TemporaryDirectory()
    let outcome = try BuiltCommand.shell(
      #""$0" spectrum --json --instance "$@""#, [try instance(directory)] + options)
    expectSuccess(outcome)
    let object = try object(outcome.output)
    #expect(object["schema"] as? String == "hessian.spectrum/1")
    let norm = try #require(object["norm"] as? [String: Any])
    #expect(abs(try #require(norm["estimate"] as? Double) - 0.75) <= 1e-9)
    #expect(object["norm_is_a_bound"] as? Bool == false && object["converged"] as? Bool == true)
    #expect((object["method"] as? String == "dense") == !options.contains("--matrix-free"))
    #expect((object["eigenvalues"] as? [Double])?.count == (options.contains("--matrix-free") ? nil : 20))
  }

  @Test func theTextFitsOneScreen() throws {
    let directory = try TemporaryDirectory()
    let outcome = try BuiltCommand.run(
      "spectrum", "--instance", try instance(directory), "--density", "--blocks", "--matrix-free")
    expectSuccess(outcome)
    #expect(outcome.output.contains("20×20, matrix-free") && outcome.output.contains("‖H‖₂ ≈ 0.75000"))
    #expect(outcome.output.split(separator: "\n", omittingEmptySubsequences: false).count <= 40)
    // The subject's line holds a path.
    let lines: [Substring] = outcome.output.split(separator: "\n")
    #expect(lines.dropFirst(2).allSatisfy { $0.count <= 100 })
  }

  @Test func figureAndDataAreWritten() throws {
    let directory = try TemporaryDirectory()
    let file = try instance(directory)
    let (svg, tex, csv) = (try directory.file("s.svg"), try directory.file("s.tex"), try directory.file("s.csv"))
    expectSuccess(
      try BuiltCommand.run(
        "spectrum", "--instance", file, "--figure", svg, "--format", "csv", "--output", csv, "--points", "11"))
    expectSuccess(try BuiltCommand.run("spectrum", "--instance", file, "--figure", tex, "--width", "0.01", "--quiet"))
    #expect(try String(contentsOfFile: svg, encoding: .utf8).hasPrefix("<?xml"))
    #expect(try String(contentsOfFile: tex, encoding: .utf8).contains("\\begin{groupplot}"))
    let lines = try String(contentsOfFile: csv, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 12 && lines[0] == "eigenvalue,density,density_error,cumulative,cumulative_error")
  }

  @Test func aBlockAndAHeadAreStudied() throws {
    let directory = try TemporaryDirectory()
    let outcome = try BuiltCommand.run("spectrum", "--instance", try instance(directory), "--block", "V,V", "--json")
    expectSuccess(outcome)
    let largest = try #require(try object(outcome.output)["largest"] as? [[String: Any]])
    #expect(abs(try #require(largest[0]["value"] as? Double) - 0.5) <= 1e-12)
    let head = try BuiltCommand.run(
      "spectrum", "--weights", Repository.example, "--head", "0", "--block", "V,V", "--count", "1", "--tolerance",
      "1e-4")
    expectSuccess(head)
    #expect(head.output.contains("8224×8224, matrix-free"))
  }

  @Test func whatDoesNotConvergeSaysSo() throws {
    let directory = try TemporaryDirectory()
    let outcome = try BuiltCommand.run(
      "spectrum", "--instance", try instance(directory), "--matrix-free", "--products", "2", "--json")
    #expect(outcome.status == 2 && outcome.errors.contains("did not converge in 2 products"))
    #expect(outcome.errors.split(separator: "\n").count == 2)
    #expect(try object(outcome.output)["converged"] as? Bool == false)
  }

  @Test func tooLargeAMatrixIsRefused() throws {
    let outcome = try BuiltCommand.run("spectrum", "--weights", Repository.example, "--head", "0", "--dense")
    expectRefusal(outcome, 65, "9.1 GiB of memory, the limit is 4.0 GiB", "leave out --dense")
  }

  @Test func anInterruptLeavesNoFile() throws {
    let directory = try TemporaryDirectory()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try BuiltCommand.path())
    process.arguments = [
      "spectrum", "--weights", Repository.example, "--target", "zero", "--probes", "2000", "--output",
      directory.path + "/out.txt", "--figure", directory.path + "/out.svg",
    ]
    process.standardError = FileHandle.nullDevice
    // The command inherits and respects interrupts that are ignored or blocked.
    let previous = signal(SIGINT, SIG_DFL)
    var interrupt = sigset_t()
    var mask = sigset_t()
    sigemptyset(&interrupt)
    sigaddset(&interrupt, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &interrupt, &mask)
    try process.run()
    pthread_sigmask(SIG_SETMASK, &mask, nil)
    signal(SIGINT, previous)
    usleep(1_000_000)
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 130)
    #expect(directory.names.isEmpty)
  }

  @Test(arguments: [
    (["--block", "Q"], "two matrices"), (["--block", "Q,Z"], "Q, K, V"), (["--block", "Q,K", "--blocks"], "exclude"),
    (["--dense", "--matrix-free"], "exclude"), (["--probes", "3"], "--density"), (["--count", "0"], "zero"),
    (["--count", "501"], "above 500"), (["--tolerance", "0"], "zero"), (["--tolerance", "1e-20"], "outside"),
    (["--density", "--steps", "99999"], "above"), (["--density", "--width", "-1"], "negative"),
    (["--density", "--width", "1e-400"], "outside"), (["--density", "--width", "1e-11"], "at least"),
    (["--density", "--points", "1"], "at least 2"),
    (["--density", "--block", "Q,K"], "Q,Q"), (["--format", "npy"], "text, json, csv"), (["--part", "inner"], "outer"),
    (["--density", "--distribution", "cauchy"], "gaussian"), (["--weights", "w"], "exclude"),
    (["--head", "1"], "--weights"),
  ])
  func badUsageIsRefused(arguments: [String], word: String) throws {
    let directory = try TemporaryDirectory()
    let outcome = try BuiltCommand.shell(#""$0" spectrum --instance "$@""#, [try instance(directory)] + arguments)
    expectRefusal(outcome, 64, word)
  }

  @Test func missingInputIsRefused() throws {
    expectRefusal(try BuiltCommand.run("spectrum"), 64, "--instance")
    expectRefusal(try BuiltCommand.run("spectrum", "--instance", "/no/such.json"), 66, "/no/such.json")
  }

  @Test func hugeEntriesAreRefused() throws {
    let directory = try TemporaryDirectory()
    let text = SampleInstance.replacing("\"Y\": \"F\"", with: "\"Y\": [[1e200, 0], [0, 1e200]]")
      .replacingOccurrences(of: "[[1, 0], [0, 1]]", with: "[[1e200, 0], [0, 1e200]]")
    let outcome = try BuiltCommand.run("spectrum", "--instance", try directory.file("huge.json", text))
    expectRefusal(outcome, 65, "huge.json")
  }
}
