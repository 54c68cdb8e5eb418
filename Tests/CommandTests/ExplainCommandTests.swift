import Foundation
import Testing

@Suite struct ExplainCommandTests {
  private static let numbers = ["--x-max", "1", "--w-max", "3/2", "--length", "8", "--d-v", "16", "--d-k", "16"]

  private func run(_ arguments: [String]) throws -> BuiltCommand.Outcome {
    try BuiltCommand.shell(#""$0" explain "$@""#, arguments)
  }

  private func json(_ outcome: BuiltCommand.Outcome) throws -> [String: Any] {
    expectSuccess(outcome)
    return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  @Test func numbersAreExplained() throws {
    let object = try json(try run(Self.numbers + ["--json"]))
    #expect(object["schema"] as? String == "hessian.explain/1")
    #expect((object["remark"] as? String)?.contains("valid only at zero residual") == true)
    #expect(object["slack"] is NSNull)
    let shares = try #require(object["shares"] as? [[String: Any]])
    let sum = shares.reduce(0.0) { $0 + (($1["share"] as? [String: Double])?["lower"] ?? 0) }
    #expect(abs(sum - 1) < 1e-12)
    let inputs = try #require(object["inputs"] as? [[String: Any]])
    #expect(inputs.compactMap { $0["input"] as? String } == ["‖X‖₂", "‖W_Q‖₂", "‖W_K‖₂", "‖W_V‖₂", "L", "d_K", "d_V"])
    let last = try #require(inputs.last?["elasticity"] as? [String: Double])
    #expect(try #require(last["lower"]) <= -1 && #require(last["upper"]) >= -1)
    let switches = try #require((object["branches"] as? [[String: Any]])?.first?["switches"] as? [[String: Any]])
    let values = switches.compactMap { $0["at_estimate"] as? Double }
    #expect(values.contains { abs($0 - 4.0 / 3) < 1e-9 })
  }

  @Test func anInstanceIsExplained() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.file("instance.json", SampleInstance.counterexample)
    let outcome = try run(["--instance", path])
    expectSuccess(outcome)
    for text in [
      "‖H‖₂ = 3/4 (enclosed)", "derived / ‖H‖₂ = 1.66667", "printed / ‖H‖₂ = 0.666667", "does not hold here",
      "Loses most: norm_softmax_spectral", "2.8",
    ] { #expect(outcome.output.contains(text), "\(text) in \(outcome.output)") }
    let slack = try #require(try json(try run(["--instance", path, "--json"]))["slack"] as? [String: Any])
    #expect(slack["norm"] as? String == "3/4")
    let ratios = try #require(slack["ratios"] as? [String: Double])
    #expect(abs(try #require(ratios["derived_norm"]) - 5.0 / 3) < 1e-9)
    #expect(abs(try #require(ratios["printed_norm"]) - 2.0 / 3) < 1e-9)
    #expect(try run(["--instance", path]).output == outcome.output)
    let all = try run(["--instance", path, "--allow", "all"])
    expectSuccess(all)
    #expect(all.output.contains("derived / ‖H‖₂ = 1\n"))
  }

  @Test func theFigureIsWritten() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.file("instance.json", SampleInstance.counterexample)
    let svg = directory.path + "/ladder.svg", tex = directory.path + "/ladder.tex"
    let outcome = try run(["--instance", path, "--figure", svg, "--figure", tex, "--format", "latex"])
    expectSuccess(outcome)
    #expect(outcome.output.contains("\\begin{tabular}") && outcome.output.contains("% hessian explain: "))
    #expect(try String(contentsOfFile: svg, encoding: .utf8).contains("</svg>"))
    #expect(try String(contentsOfFile: tex, encoding: .utf8).contains("\\end{tikzpicture}"))
    expectRefusal(try run(["--instance", path, "--figure", directory.path + "/no/such/ladder.svg"]), 73, "ladder.svg")
  }

  @Test func aTrainedHeadIsExplained() throws {
    let object = try json(
      try run(["--weights", Repository.example, "--head", "3", "--target", "zero", "--json"]))
    let slack = try #require(object["slack"] as? [String: Any])
    let norm = try #require((slack["norm"] as? [String: Double])?["estimate"])
    // Enclosed by hessian certify in [2.14355447, 2.14355450].
    #expect(abs(norm - 2.1435545) < 1e-5)
    let chain = try #require(slack["chain"] as? [[String: Any]])
    let end = try #require(chain.last?["bound"] as? Double)
    let bound = try #require((object["M"] as? [String: Double])?["upper"])
    #expect(abs(end - bound) < 1e-6 * bound)
    #expect((object["printed"] as? [String: Any])?["is_for_sizes"] as? Bool == false)
  }

  @Test(arguments: [
    ([], "--x-max"), (["--x-max", "1"], "--w-max"), (["--x-max", "1", "--w-max", "1"], "--length"),
    (numbers + ["--r-max", "1", "--target-norm", "1"], "exclude"), (numbers + ["--figure", "a.svg"], "--instance"),
    (numbers + ["--allow", "rows"], "--instance"), (numbers + ["--x-max", "-1"], "negative"),
    (numbers + ["--length", "0"], "zero"), (["--instance", "a", "--weights", "b"], "exclude"),
    (["--instance", "a", "--x-max", "1"], "--x-max"), (["--instance", "a", "--figure", "a.png"], ".svg"),
    (["--instance", "a", "--allow", "colums"], "colums"), (numbers + ["--format", "npy"], "npy"),
    (["--x-max", "0", "--w-max", "1", "--length", "2", "--d-v", "2", "--d-k", "2"], "zero"),
    (numbers + ["--w-q", "2"], "exceeds"),
  ])
  func badOptionsAreRefused(arguments: [String], reason: String) throws {
    expectRefusal(try run(arguments), 64, reason)
  }

  @Test func badDataAreNamed() throws {
    expectRefusal(try run(["--instance", "/no/such.json"]), 66, "/no/such.json")
    let directory = try TemporaryDirectory()
    let zero = try directory.file("zero.json", SampleInstance.replacing("[[1, 0], [0, 1]]", with: "[[0, 0], [0, 0]]"))
    expectRefusal(try run(["--instance", zero]), 65, "zero.json", "above 0")
    let kernel = try directory.file("linear.json", SampleInstance.replacing("softmax", with: "linear"))
    expectRefusal(try run(["--instance", kernel]), 65, "linear.json", "--allow residual")
    expectSuccess(try run(["--instance", kernel, "--allow", "residual"]))
    let huge = try directory.file(
      "huge.json", SampleInstance.replacing("[[1, 0], [0, 1]]", with: "[[\"1e300\", 0], [0, 1]]"))
    let outcome = try run(["--instance", huge])
    #expect(!outcome.wasSignalled && (outcome.status == 0 || outcome.status == 65), "\(outcome.errors)")
    let far = try directory.file(
      "far.json", SampleInstance.replacing("[[1, 0], [0, 1]]", with: "[[\"1e400\", 0], [0, 1]]"))
    expectRefusal(try run(["--instance", far]), 65, "far.json")
  }
}
