import Foundation
import Testing

@Suite struct BoundCommandTests {
  /// The counterexample's norms: the printed theorem says 1/2, while the Hessian's norm is 3/4.
  @Test func theCounterexampleGivesOneHalf() throws {
    let outcome = try BuiltCommand.run(
      "bound", "--x-max", "1", "--w-max", "1.5", "--length", "2", "--d-v", "2", "--d-k", "4", "--json")
    expectSuccess(outcome)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(object["schema"] as? String == "hessian.bound/1")
    let printed = try #require(object["printed"] as? [String: Any])
    // 2·(3/2)⁴/(2·2·4) = 81/128.
    #expect(printed["M"] as? String == "81/128")
    #expect(printed["largest"] as? [String] == ["Q,Q", "Q,K"])
    #expect((printed["status"] as? String)?.contains("false in general") == true)
    let derived = try #require((object["derived"] as? [String: Any])?["M"] as? [String: Double])
    #expect(try #require(derived["lower"]) <= #require(derived["upper"]))
    #expect((object["remark"] as? String)?.contains("valid only at zero residual") == true)
  }

  @Test func everyTermIsPrinted() throws {
    let outcome = try BuiltCommand.run(
      "bound", "--x-max", "1", "--w-max", "3/2", "--length", "8", "--d-v", "16", "--d-k", "16", "--r-max", "1")
    expectSuccess(outcome)
    for text in [
      "1/64", "135/16384", "33/1024", "519/16384", "M = 33/1024", "attained by V,Q", "M_derived = 0.128878",
    ] {
      #expect(outcome.output.contains(text), "\(text) in \(outcome.output)")
    }
    #expect(!outcome.output.contains("zero residual"))
  }

  @Test func withoutResidualTheOutputSaysSo() throws {
    let outcome = try BuiltCommand.run(
      "bound", "--x-max", "1", "--w-max", "1", "--length", "2", "--d-v", "2", "--d-k", "4")
    expectSuccess(outcome)
    #expect(outcome.output.contains("R_max = 0: valid only at zero residual"))
  }

  @Test func theLargestWeightNormStandsForAll() throws {
    let common = ["--x-max", "2", "--length", "3", "--d-v", "4", "--d-k", "9", "--r-max", "1/3", "--json"]
    func output(_ norms: [String]) throws -> String {
      let outcome = try BuiltCommand.shell(#""$0" bound "$@""#, common + norms)
      expectSuccess(outcome)
      return outcome.output
    }
    let separate = ["--w-q", "1", "--w-k", "3/2", "--w-v", "0.5"]
    #expect(try output(separate) == output(separate + ["--w-max", "3/2"]))
    #expect(try output(separate) != output(separate + ["--w-max", "2"]))
  }

  @Test func aSweepHasEveryCombination() throws {
    let outcome = try BuiltCommand.run(
      "bound", "--x-max", "0.1:10:3log", "--w-max", "1:2:3", "--length", "8", "--d-v", "16", "--d-k", "4:16:2",
      "--format", "csv", "--target-norm", "1")
    expectSuccess(outcome)
    let lines = outcome.output.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    #expect(lines.count == 1 + 3 * 3 * 2)
    #expect(lines[0] == ["x_max", "w_max", "length", "d_v", "d_k", "target_norm", "m_printed", "m_derived"])
    #expect(lines[1].prefix(6) == ["0.1", "1", "8", "16", "4", "1"])
    #expect(lines.last?.prefix(6) == ["10", "2", "8", "16", "16", "1"])
    #expect(lines.dropFirst().allSatisfy { Double($0[6]) ?? 0 > 0 && Double($0[7]) ?? 0 > 0 })
  }

  @Test func aSweepInJSONIsOneObjectWithExactInputs() throws {
    let outcome = try BuiltCommand.run(
      "bound", "--x-max", "1/3", "--w-max", "1:2:2", "--length", "8", "--d-v", "16", "--d-k", "16", "--json")
    expectSuccess(outcome)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let rows = try #require(object["rows"] as? [[Any]])
    #expect(rows.count == 2 && rows[0][0] as? String == "1/3" && rows[1][1] as? String == "2")
    #expect(rows.allSatisfy { $0[5] is Double && $0[6] is Double })
  }

  @Test(arguments: [
    ("--x-max", "-1", "negative"), ("--x-max", "nan", "not a number"), ("--x-max", "inf", "not a number"),
    ("--x-max", "ten", "not a number"), ("--x-max", "1/0", "zero denominator"), ("--x-max", "1:2", "FIRST:LAST:COUNT"),
    ("--x-max", "0:1:3log", "not above 0"), ("--w-max", "-1e-9", "negative"), ("--r-max", "-1", "negative"),
    ("--target-norm", "-1", "negative"), ("--alpha", "-1", "negative"), ("--s-max", "-0.5", "negative"),
    ("--length", "0", "zero"), ("--length", "-2", "negative"), ("--length", "2.5", "not whole"),
    ("--d-v", "0", "zero"), ("--d-k", "1e30", "above"), ("--w-q", "2", "exceeds W_max"), ("--format", "npy", "csv"),
    ("--x-max", "1e999999999", "exponent"), ("--x-max", "1:2:99999999", "number of points"),
  ])
  func badNumbersAreRefused(option: String, value: String, reason: String) throws {
    let usual = [
      "--x-max": "1", "--w-max": "1", "--length": "8", "--d-v": "16", "--d-k": "16",
    ].merging([option: value]) { $1 }
    let arguments = usual.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
    expectRefusal(try BuiltCommand.shell(#""$0" bound "$@""#, arguments), 64, reason)
  }

  @Test func missingAndContradictoryOptionsAreNamed() throws {
    expectRefusal(try BuiltCommand.run("bound", "--x-max", "1"), 64, "--length")
    expectRefusal(
      try BuiltCommand.run("bound", "--x-max", "1", "--length", "8", "--d-v", "16", "--d-k", "16"), 64, "--w-max")
    expectRefusal(
      try BuiltCommand.run(
        "bound", "--x-max", "1", "--w-max", "1", "--length", "8", "--d-v", "16", "--d-k", "16", "--r-max", "1",
        "--target-norm", "1"), 64, "exclude each other")
    expectRefusal(
      try BuiltCommand.run(
        "bound", "--x-max", "1:2:4000", "--w-max", "2:3:4000", "--length", "8", "--d-v", "16", "--d-k", "16"), 64,
      "combinations")
  }
}
