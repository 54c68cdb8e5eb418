import Foundation
import Testing

@Suite struct KStarCommandTests {
  /// In floats 2.1/0.7 is 3.0000000000000004, and the ceiling off by one.
  @Test func theCeilingIsExact() throws {
    let outcome = try BuiltCommand.run(
      "kstar", "--loss-bound", "1.05", "--hessian-bound", "0", "--radius", "1", "--epsilon", "0.7", "--json")
    expectSuccess(outcome)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(object["k_star"] as? String == "2")
    #expect(object["bound_at_k_star"] as? String == "7/10")
    #expect(object["bound_before"] as? String == "21/20")
  }

  @Test func theTextSaysWhatItIs() throws {
    let outcome = try BuiltCommand.run(
      "kstar", "--loss-bound", "1", "--hessian-bound", "3/4", "--radius", "1/10", "--epsilon", "1e-3")
    expectSuccess(outcome)
    #expect(outcome.output.contains("k* = 2007"))
    #expect(outcome.output.contains("claim"))
  }

  @Test(arguments: [
    ("--epsilon", "0", "zero"), ("--epsilon", "-1", "negative"), ("--epsilon", "nan", "not a number"),
    ("--radius", "-1", "negative"), ("--loss-bound", "-1", "negative"), ("--hessian-bound", "-1/2", "negative"),
    ("--hessian-bound", "inf", "not a number"), ("--radius", "1:2:3", "not a number"),
  ])
  func badNumbersAreRefused(option: String, value: String, reason: String) throws {
    let usual = [
      "--loss-bound": "1", "--hessian-bound": "1", "--radius": "1", "--epsilon": "1",
    ].merging([option: value]) { $1 }
    let arguments = usual.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
    expectRefusal(try BuiltCommand.shell(#""$0" kstar "$@""#, arguments), 64, option, reason)
  }
}
