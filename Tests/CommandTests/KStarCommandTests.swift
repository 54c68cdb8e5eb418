import Foundation
import Testing

@Suite struct KStarCommandTests {
  private static let usual = ["--loss-bound", "1", "--hessian-bound", "3/4", "--radius", "1/10"]

  /// The versions of the first tolerance, by name.
  private func versions(_ arguments: [String]) throws -> [String: [String: Any]] {
    let outcome = try BuiltCommand.shell(#""$0" kstar "$@""#, arguments + ["--json"])
    expectSuccess(outcome)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(object["schema"] as? String == "hessian.kstar/2")
    let rows = try #require(object["rows"] as? [[String: Any]])
    let versions = try #require(rows.first?["versions"] as? [[String: Any]])
    return Dictionary(uniqueKeysWithValues: versions.map { ($0["version"] as? String ?? "", $0) })
  }

  /// In floats 2.1/0.7 is 3.0000000000000004, and the ceiling off by one.
  @Test func theCeilingIsExact() throws {
    let printed = try #require(
      try versions(["--loss-bound", "1.05", "--hessian-bound", "0", "--radius", "1", "--epsilon", "0.7"])["printed"])
    #expect(printed["k_star"] as? String == "2")
    #expect(printed["bound_at_k_star"] as? String == "7/10")
    #expect(printed["bound_before"] as? String == "21/20")
    #expect(printed["m_star"] as? String == "3")
  }

  @Test func theTextSaysWhatItIs() throws {
    let outcome = try BuiltCommand.shell(#""$0" kstar "$@""#, Self.usual + ["--epsilon", "1e-3"])
    expectSuccess(outcome)
    for text in [
      "2007", "unavailable  rigorous: needs a bound on ‖∇ℓ", "harmonic", "hessian audit P4.a", "m* = N/ε = 4015/2",
    ] {
      #expect(outcome.output.contains(text), "\(text)")
    }
  }

  /// With the gap of the gradients the rigorous version is there, and several tolerances make several rows.
  @Test func rigorousAndSeveralTolerances() throws {
    let rigorous = try #require(
      try versions(Self.usual + ["--gradient-bound", "2", "--loss-gap", "1/2", "--epsilon", "1e-3"])["rigorous"])
    // 1/2 + 2/10 + 3/400
    #expect(rigorous["numerator"] as? String == "283/400" && rigorous["k_star"] as? String == "707")
    #expect(rigorous["dominating"] as? String == "a")
    let table = try BuiltCommand.shell(
      #""$0" kstar "$@""#, Self.usual + ["--epsilon", "1/10,1e-2:1e-4:3log", "--format", "csv"])
    expectSuccess(table)
    #expect(table.output.split(separator: "\n").count == 1 + 4 * 3)
  }

  @Test(arguments: [
    ("--epsilon", "0", "zero"), ("--epsilon", "-1", "negative"), ("--epsilon", "nan", "not a number"),
    ("--epsilon", "1,,2", "not"), ("--epsilon", "1e-2,0", "zero"),
    ("--radius", "-1", "negative"), ("--loss-bound", "-1", "negative"), ("--hessian-bound", "-1/2", "negative"),
    ("--hessian-bound", "inf", "not a number"), ("--radius", "1:2:3", "not a number"), ("--delta", "1", "below 1"),
    ("--delta", "0", "zero"), ("--gradient-bound", "-2", "negative"), ("--variance", "x", "not a number"),
    ("--permutations", "5", "--losses"), ("--directions", "5", "--weights"),
  ])
  func badNumbersAreRefused(option: String, value: String, reason: String) throws {
    let usual = [
      "--loss-bound": "1", "--hessian-bound": "1", "--radius": "1", "--epsilon": "1",
    ].merging([option: value]) { $1 }
    let arguments = usual.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
    expectRefusal(try BuiltCommand.shell(#""$0" kstar "$@""#, arguments), 64, option, reason)
  }

  @Test func missingOptionsAreNamed() throws {
    expectRefusal(try BuiltCommand.shell(#""$0" kstar "$@""#, ["--epsilon", "1", "--radius", "1"]), 64, "--loss-bound")
    expectRefusal(try BuiltCommand.shell(#""$0" kstar "$@""#, Self.usual), 64, "--epsilon")
  }

  // MARK: Losses

  @Test func lossesFromFiles() throws {
    let directory = try TemporaryDirectory()
    let values = (0..<30).map { Double($0 % 5) / 2 }
    let column = "loss\n" + values.map { "\($0)\n" }.joined()
    let csv = try directory.file("losses.csv", column)
    let json = try directory.file(
      "losses.json", "{\"losses\": [\(values.map { "\($0)" }.joined(separator: ", "))]}")
    let outputs = try [csv, json].map { path in
      let outcome = try BuiltCommand.run(
        "kstar", "--losses", path, "--epsilon", "1/10,1/100000", "--permutations", "20", "--format", "csv")
      expectSuccess(outcome)
      return outcome.output
    }
    #expect(outputs[0] == outputs[1])
    #expect(outputs[0].contains("not reached within 30") && outputs[0].contains("bernstein"))
    let figure = directory.path + "/figure.svg"
    let drawn = try BuiltCommand.run("kstar", "--losses", csv, "--epsilon", "1/10", "--figure", figure, "--quiet")
    expectSuccess(drawn)
    #expect(try String(contentsOfFile: figure, encoding: .utf8).contains("</svg>"))
    expectSuccess(try BuiltCommand.run("kstar", "--losses", csv, "--epsilon", "1/10", "--figure", figure + ".tex"))
  }

  /// Every bad row is named with its line.
  @Test(arguments: [
    ("loss\n1\nabc\n2\n-3\n", ["line 3", "'abc'", "line 5", "negative"]),
    ("1\nnan\n2\n", ["line 2", "no finite number"]), ("1\n1e999\n", ["line 2"]), ("", ["no losses"]),
    ("loss\n", ["no losses"]), ("1\n", ["1 samples"]), ("1,2\n3\n", ["line 2", "1 columns"]),
    ("[1, 2, \"x\", -1]", ["sample 2", "sample 3"]), ("{\"loss\": [1]}", ["'losses'", "loss"]), ("[]", ["no losses"]),
    ("[1, 2", ["not valid JSON"]),
  ])
  func badLossesAreNamed(text: String, parts: [String]) throws {
    let directory = try TemporaryDirectory()
    let outcome = try BuiltCommand.run(
      "kstar", "--losses", try directory.file("losses", text), "--epsilon", "1")
    expectRefusal(outcome, 65)
    for part in parts { #expect(outcome.errors.contains(part), "\(part): \(outcome.errors)") }
  }

  @Test func missingFilesAndContradictions() throws {
    expectRefusal(
      try BuiltCommand.run("kstar", "--losses", "/nonexistent/losses.csv", "--epsilon", "1"), 66, "losses.csv")
    expectRefusal(
      try BuiltCommand.run("kstar", "--losses", "a.csv", "--weights", "b.safetensors", "--epsilon", "1"), 64, "--losses"
    )
  }

  // MARK: Layers

  @Test func aRealLayer() throws {
    let found = try versions([
      "--weights", Repository.example, "--head", "0", "--sequences", "5", "--target", "zero", "--radius", "1e-3",
      "--epsilon", "1e-2",
    ])
    for version in ["printed", "with-gradient", "rigorous", "hessian-free", "hoeffding", "bernstein"] {
      #expect(found[version]?["available"] as? Bool == true, "\(version)")
    }
    #expect(found["hessian-free"]?["numbers"] as? String == "derived")
    #expect(found["rigorous"]?["numbers"] as? String == "measured")
    expectRefusal(
      try BuiltCommand.run(
        "kstar", "--weights", Repository.example, "--head", "0", "--radius", "1", "--epsilon", "1"), 65,
      "--sequences")
  }
}
