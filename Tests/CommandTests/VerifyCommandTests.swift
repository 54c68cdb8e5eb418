import Foundation
import Testing

@Suite struct VerifyCommandTests {
  @Test func everyBlockPassesAtSmallSizes() throws {
    let outcome = try BuiltCommand.run(
      "verify", "--kernel", "softmax", "--length", "2", "--d", "2", "--d-k", "3", "--d-v", "2", "--points", "2",
      "--seed",
      "5")
    expectSuccess(outcome)
    #expect(outcome.output.contains("L=2, d=2, d_K=3, d_V=2, seed 5"))
    #expect(outcome.output.contains("All checks passed."))
    #expect(outcome.output.contains("P3.o."))
    #expect(!outcome.output.contains("✗"))
  }

  @Test func theCounterexampleIsCheckedAsTheTrueLayer() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.file("instance.json", SampleInstance.counterexample)
    let outcome = try BuiltCommand.run("verify", "--instance", file, "--json")
    expectSuccess(outcome)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(object["holds"] as? Bool == true)
    #expect((object["blocks"] as? [Any])?.count == 9)
    #expect((object["remarks"] as? [String])?.first?.contains("true layer") == true)
  }

  @Test func aTrainedHeadIsCheckedByFiniteDifferences() throws {
    let outcome = try BuiltCommand.run("verify", "--weights", Repository.example, "--head", "2", "--target", "zero")
    expectSuccess(outcome)
    #expect(outcome.output.contains("All checks passed."))
  }

  @Test func whatDoesNotExistIsRefused() throws {
    let file = Repository.example
    expectRefusal(try BuiltCommand.run("verify", "--weights", file, "--head", "8"), 65, "no head 8", "0 to 7")
    expectRefusal(try BuiltCommand.run("verify", "--weights", file, "--layer", "x"), 65, "'x'", "attention")
    expectRefusal(try BuiltCommand.run("verify", "--weights", file, "--input", "y"), 65, "'y'", "--input")
    expectRefusal(try BuiltCommand.run("verify", "--weights", file, "--target", "y"), 65, "'y'", "--target")
    expectRefusal(
      try BuiltCommand.run("verify", "--weights", file, "--target", "hidden_states"), 65, "53×256", "53×32")
  }

  @Test(arguments: [
    (["--length", "0"], "zero"), (["--d", "-3"], "negative"), (["--d-k", "x"], "not a number"),
    (["--d-v", "1000"], "250"), (["--length", "1000"], "250"), (["--points", "0"], "zero"),
    (["--head", "0"], "--weights"), (["--head", "-1"], "--head"), (["--instance", "a", "--weights", "b"], "exclude"),
    (["--instance", "a", "--d", "2"], "--d"), (["--kernel", "none"], "gaussian"),
  ])
  func badUsageIsRefused(arguments: [String], word: String) throws {
    expectRefusal(try BuiltCommand.shell(#""$0" verify "$@""#, arguments), 64, word)
  }
}
