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
}
