import Foundation
import Testing

@Suite struct CertifyCommandTests {
  private func certify(_ arguments: String...) throws -> BuiltCommand.Outcome {
    let directory = try TemporaryDirectory()
    let path = try directory.file("instance.json", SampleInstance.counterexample)
    return try BuiltCommand.shell(#""$0" certify --instance "$@""#, [path] + arguments)
  }

  @Test func equalityIsProven() throws {
    let outcome = try certify("--bound", "3/4")
    expectSuccess(outcome)
    #expect(outcome.output.contains("‖H‖₂ = 3/4, exactly") && outcome.output.contains("proven by exact fractions"))
  }

  @Test(arguments: [["--bound", "0.74999999999999999999999999999999999999"], ["--claim", "P1"]])
  func refutationHasItsStatus(arguments: [String]) throws {
    let directory = try TemporaryDirectory()
    let path = try directory.file("instance.json", SampleInstance.counterexample)
    let outcome = try BuiltCommand.shell(#""$0" certify --instance "$@""#, [path] + arguments)
    #expect(!outcome.wasSignalled && outcome.status == 1)
    #expect(outcome.output.contains("refuted") && outcome.errors.contains("refuted"))
  }

  @Test func theResultAsJSON() throws {
    let outcome = try certify("--json")
    expectSuccess(outcome)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(object["norm"] as? String == "3/4" && object["method"] as? String == "exact")
    #expect(object["order"] as? Int == 20 && object["precision"] is NSNull)
  }

  @Test func badQuestionsAreRefused() throws {
    expectRefusal(try certify("--bound", "nan"), 64, "--bound", "not a number")
    expectRefusal(try certify("--bound", "1/0"), 64, "--bound")
    expectRefusal(try certify("--claim", "P99"), 64, "P99", "P1")
    expectRefusal(try certify("--claim", "P1", "--bound", "1"), 64, "--bound", "--claim")
    expectRefusal(try certify("--max-bits", "3"), 64, "--max-bits")
    expectRefusal(try BuiltCommand.run("certify"), 64, "--instance")
    expectRefusal(try BuiltCommand.run("certify", "--instance", "/nowhere.json"), 66, "/nowhere.json")
  }

  /// Every printed inequality about the matrices of a layer can be asked for, in any case of letters.
  @Test func claimsAboutBlocks() throws {
    let outcome = try certify("--claim", "p1.vv")
    expectSuccess(outcome)
    #expect(outcome.output.contains("the left side of the claim = 1/2, exactly"))
    #expect(outcome.output.contains("claim P1.VV holds here"))
    expectRefusal(try certify("--claim", "P1.a"), 64, "P1.a", "about a layer")
  }

  @Test(arguments: [
    (#""X": [[1, 0], [0, 1]]"#, #""X": [[1, 0]"#, "JSON"), (#""X": [[1, 0], [0, 1]], "#, "", "no \"X\""),
    (#""W_K": [[0, 1, 0, 0], [0, -1, 0, 0]], "#, "", "W_K"), ("[0, -1, 0, 0]", "[0, -1, 0]", "entries"),
    ("[[0, 1, 0, 0], [0, -1, 0, 0]]", "[[0, 1, 0, 0]]", "W_K"), ("\"1/1\"", "\"1/0\"", "1/0"),
    ("\"1/1\"", "NaN", "JSON"), ("\"1/1\"", "\"1e999999999\"", "exponent"), ("\"1/1\"", "null", "W_V[0][0]"),
    (#""Y": "F""#, #""Y": "Y""#, "Y"), ("softmax", "cubic", "cubic"), ("\"W_V\"", "\"W_O\"", "W_V"),
    ("\"version\": 1", "\"version\": 7", "version"), ("\"version\": 1", "\"seed\": 1", "seed"),
  ])
  func badInstancesAreRefused(part: String, other: String, reason: String) throws {
    let directory = try TemporaryDirectory()
    let path = try directory.file("instance.json", SampleInstance.replacing(part, with: other))
    expectRefusal(try BuiltCommand.run("certify", "--instance", path, "--bound", "1"), 65, "instance.json", reason)
  }

  /// A number of a million digits is refused, one of some thousands is exact.
  @Test func longNumbers() throws {
    let directory = try TemporaryDirectory()
    let long = String(repeating: "7", count: 1_000_000)
    let path = try directory.file("long.json", SampleInstance.replacing("\"1/1\"", with: long))
    expectRefusal(try BuiltCommand.run("certify", "--instance", path), 65, "W_V[0][0]", "100000 characters")
    let exact = try directory.file("exact.json", SampleInstance.replacing("\"1/1\"", with: "\"1e-2000\""))
    let outcome = try BuiltCommand.run("certify", "--instance", exact, "--bound", "0.5625")
    #expect(!outcome.wasSignalled && outcome.output.contains("by exact fractions"), "\(outcome.errors)")
    #expect(outcome.status == 0 || outcome.status == 1)
  }
}
