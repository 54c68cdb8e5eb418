import Foundation
import Testing

@Suite struct EvaluateCommandTests {
  private func instance(_ text: String, _ directory: TemporaryDirectory) throws -> String {
    try directory.file("instance.json", text)
  }

  // MARK: Values

  @Test func theCounterexampleHasNormThreeQuarters() throws {
    let directory = try TemporaryDirectory()
    let outcome = try BuiltCommand.run("evaluate", "--instance", try instance(SampleInstance.counterexample, directory))
    expectSuccess(outcome)
    #expect(outcome.output.contains("20×20, rows and columns: W_Q 0–7, W_K 8–15, W_V 16–19"))
    #expect(outcome.output.contains("‖H‖₂ ≈ 0.750000"))
  }

  @Test func exactBlockIsPrintedInFractions() throws {
    let directory = try TemporaryDirectory()
    let outcome = try BuiltCommand.run(
      "evaluate", "--instance", try instance(SampleInstance.counterexample, directory), "--block", "V,V", "--exact",
      "--format", "csv")
    expectSuccess(outcome)
    #expect(outcome.output == "1/4,0,1/4,0\n0,1/4,0,1/4\n1/4,0,1/4,0\n0,1/4,0,1/4\n")
  }

  @Test func theWholeAndItsPartsAgree() throws {
    let directory = try TemporaryDirectory()
    let text = SampleInstance.replacing("\"F\"", with: "[[1, 2], [\"-3/4\", 1e-1]]")
    let file = try instance(text, directory)
    func matrix(_ part: String) throws -> [Double] {
      let outcome = try BuiltCommand.run("evaluate", "--instance", file, "--part", part, "--format", "csv")
      expectSuccess(outcome)
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.count == 20 && lines.allSatisfy { $0.split(separator: ",").count == 20 })
      return try lines.flatMap { try $0.split(separator: ",").map { try #require(Double($0)) } }
    }
    let (outer, functional, both) = (try matrix("outer"), try matrix("functional"), try matrix("both"))
    #expect(functional.contains { $0 != 0 })
    for index in both.indices { #expect(abs(outer[index] + functional[index] - both[index]) < 1e-14) }
  }

  @Test func jsonSaysWhatStandsWhere() throws {
    let directory = try TemporaryDirectory()
    let outcome = try BuiltCommand.run(
      "evaluate", "--instance", try instance(SampleInstance.counterexample, directory), "--quantity", "loss", "--exact",
      "--json")
    expectSuccess(outcome)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(object["schema"] as? String == "hessian.evaluate/1")
    #expect(object["value"] as? String == "0")
    let parameters = try #require(object["parameters"] as? [[String: Any]])
    #expect(parameters.map { $0["name"] as? String } == ["W_Q", "W_K", "W_V"])
    #expect(parameters.map { $0["offset"] as? Int } == [0, 8, 16])
  }

  @Test func npyIsWrittenToAFile() throws {
    let directory = try TemporaryDirectory()
    let file = try instance(SampleInstance.counterexample, directory)
    let target = try directory.file("hessian.npy")
    expectSuccess(try BuiltCommand.run("evaluate", "--instance", file, "--format", "npy", "--output", target))
    let bytes = try Data(contentsOf: URL(fileURLWithPath: target))
    #expect(bytes.count == 128 + 20 * 20 * 8 && bytes.prefix(6) == Data([0x93] + "NUMPY".utf8))
    #expect(directory.names == ["hessian.npy", "instance.json"])
  }

  // MARK: Bad input

  @Test(arguments: [
    ("\"W_K\"", "\"W_k\"", "'W_k'", "did you mean \"W_K\"?"),
    ("[0, -1, 0, 0]", "[0, -1, 0]", "W_K[1]", "3 entries"),
    ("[0, -1, 0, 0]", "[]", "W_K[1]", "empty"),
    ("[[0, 1, 0, 0], [0, -1, 0, 0]]", "[[0, 1, 0, 0]]", "W_K", "rows"),
    ("[[0, 1, 0, 0], [0, -1, 0, 0]]", "[[0, 1], [0, 1]]", "W_K", "d_K"),
    ("\"1/1\"", "\"1/0\"", "W_V[0][0]", "zero denominator"),
    ("\"1/1\"", "\"abc\"", "W_V[0][0]", "'abc'"),
    ("\"1/1\"", "\"NaN\"", "W_V[0][0]", "'NaN'"),
    ("\"1/1\"", "null", "W_V[0][0]", "null"),
    ("\"1/1\"", "1e999999999", "W_V[0][0]", "exponent"),
    ("\"1/1\"", "1e400", "W_V[0][0]", "beyond the range of floating point"),
    ("\"softmax\"", "\"hardmax\"", "'hardmax'", "gaussian"),
    ("\"mean-square\"", "\"mse\"", "'mse'", "half-sum-square"),
    ("\"version\": 1", "\"version\": 2", "version", "write 1"),
    ("\"Y\": \"F\"", "\"Y\": [[1]]", "Y", "1×1"),
    ("\"Y\": \"F\"", "\"Y\": \"G\"", "Y", "\"F\""),
    (", \"Y\": \"F\"", "", "samples[0]", "\"Y\""),
    ("\"kernel\": \"softmax\",", "", "no \"kernel\"", "add it"),
    ("\"kernel\": \"softmax\",", "\"kernel\": \"softmax\", \"kernel\": \"linear\",", "'kernel'", "twice"),
    ("\"W_Q\": [", "\"W_Q\": [,", "line 2", "JSON"),
    ("\"W_Q\"", "\"layers\": [], \"W_Q\"", "layers", "one layer"),
  ])
  func aBadInstanceIsRefused(part: String, other: String, place: String, reason: String) throws {
    let directory = try TemporaryDirectory()
    let file = try instance(SampleInstance.replacing(part, with: other), directory)
    let target = try directory.file("out.csv")
    let outcome = try BuiltCommand.run("evaluate", "--instance", file, "--format", "csv", "--output", target)
    expectRefusal(outcome, 65, "instance.json", place, reason)
    #expect(directory.names == ["instance.json"])
  }

  @Test func aMillionDigitsAreRefused() throws {
    let directory = try TemporaryDirectory()
    let digits = String(repeating: "7", count: 1_000_000)
    let file = try instance(SampleInstance.replacing("\"1/1\"", with: digits), directory)
    let outcome = try BuiltCommand.run("evaluate", "--instance", file)
    expectRefusal(outcome, 65, "W_V[0][0]", "100000 characters")
    #expect(outcome.errors.utf8.count < 1000)
  }

  @Test func whatIsNotRationalIsRefusedWithExact() throws {
    let directory = try TemporaryDirectory()
    let file = try instance(SampleInstance.replacing("[0, 1, 0, 0]", with: "[2, 1, 0, 0]"), directory)
    expectRefusal(try BuiltCommand.run("evaluate", "--instance", file, "--exact"), 65, "irrational", "--exact")
  }

  @Test func tooLargeAnInstanceIsRefusedWithTheFigure() throws {
    let directory = try TemporaryDirectory()
    func rows(_ count: Int, _ columns: Int) -> String {
      "["
        + [String](repeating: "[" + [String](repeating: "1", count: columns).joined(separator: ",") + "]", count: count)
        .joined(separator: ",") + "]"
    }
    let text = """
      {"kernel": "linear", "X": \(rows(64, 96)), "Y": "F", "W_Q": \(rows(96, 64)), "W_K": \(rows(96, 64)),
       "W_V": \(rows(96, 64))}
      """
    let outcome = try BuiltCommand.run("evaluate", "--instance", try instance(text, directory))
    expectRefusal(outcome, 65, "GiB of memory, the limit is 4.0 GiB", "--block")
  }

  @Test func missingInputAndDirectoriesAreRefused() throws {
    let directory = try TemporaryDirectory()
    expectRefusal(
      try BuiltCommand.run("evaluate", "--instance", directory.path + "/none.json"), 66, "none.json", "no such file")
    expectRefusal(try BuiltCommand.run("evaluate", "--instance", directory.path), 66, "it is a directory")
    expectRefusal(try BuiltCommand.run("evaluate", "--instance", ""), 66, "the path is empty")
  }

  @Test func outputsThatCannotBeWrittenAreRefused() throws {
    let directory = try TemporaryDirectory()
    let file = try instance(SampleInstance.counterexample, directory)
    expectRefusal(
      try BuiltCommand.run("evaluate", "--instance", file, "--output", directory.path + "/no/where.txt"), 73,
      "directory does not exist")
    expectRefusal(try BuiltCommand.run("evaluate", "--instance", file, "--output", directory.path), 73, "directory")
    expectRefusal(
      try BuiltCommand.run("evaluate", "--instance", file, "--output", "/dev/full"), 74, "no space is left")
    expectRefusal(
      try BuiltCommand.run(
        "evaluate", "--instance", file, output: FileHandle(forWritingAtPath: "/dev/full")), 74, "standard output",
      "no space is left")
    #expect(directory.names == ["instance.json"])
  }

  @Test func aFileBeyondThePermittedSizeIsNotLeftInPart() throws {
    let directory = try TemporaryDirectory()
    let file = try instance(SampleInstance.counterexample, directory)
    // An instrumented build would run into the limit with its profile as well.
    let outcome = try BuiltCommand.shell(
      #"ulimit -f 1; LLVM_PROFILE_FILE=/dev/null "$0" evaluate --instance "$1" --format json --output "$2""#,
      file, try directory.file("out.json"))
    expectRefusal(outcome, 74, "out.json", "permitted size")
    #expect(directory.names == ["instance.json"])
  }

  @Test(arguments: [
    (["--block", "Q"], "two matrices"), (["--block", "Q,Z"], "Q, K, V"), (["--block"], "--block"),
    (["--part", "inner"], "outer"), (["--format", "xml"], "csv"), (["--format", "latex"], "text, json, csv, npy"),
    (["--json", "--format", "csv"], "exclude each other"), (["--exact", "--format", "npy"], "text, json, csv"),
    (["--quantity", "gradient", "--part", "outer"], "--part"), (["--quantity", "loss", "--block", "Q,Q"], "--block"),
    (["--seed", "-1"], "seed"), (["--seed", "1.5"], "seed"), (["--nonsense"], "--nonsense"), (["stray"], "stray"),
  ])
  func badUsageIsRefused(arguments: [String], word: String) throws {
    let directory = try TemporaryDirectory()
    let file = try instance(SampleInstance.counterexample, directory)
    let outcome = try BuiltCommand.shell(#""$0" evaluate --instance "$@""#, [file] + arguments)
    expectRefusal(outcome, 64, word)
    #expect(!outcome.errors.contains("Usage:"))
  }
}
