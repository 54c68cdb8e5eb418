import Foundation
import Testing

@Suite struct GrowthCommandTests {
  @Test func theSlopesAreThoseOfTheTheory() throws {
    let outcome = try BuiltCommand.run("growth", "--draws", "2", "--sigma", "1e-4:1e-2:3log", "--json")
    expectSuccess(outcome)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(object["schema"] as? String == "hessian.growth/1")
    let blocks = try #require(object["blocks"] as? [[String: Any]])
    let slopes = Dictionary(
      uniqueKeysWithValues: blocks.compactMap { block -> (String, Double)? in
        guard let name = block["block"] as? String, let slope = block["slope"] as? Double else { return nil }
        return (name, slope)
      })
    for (name, power) in [
      ("H_o(Q,Q)", 6.0), ("H_f(Q,Q)", 5), ("H_o(V,Q)", 4), ("H_f(V,Q)", 3), ("H_f(Q,K)", 3), ("H(V,V)", 2),
    ] { #expect(abs(try #require(slopes[name]) - power) <= 0.1, "\(name)") }
    #expect(slopes["H_f(V,V)"] == nil)
  }

  @Test func theFilesAreWritten() throws {
    let directory = try TemporaryDirectory()
    let folder = directory.path + "/growth"
    let outcome = try BuiltCommand.run(
      "growth", "--kernel", "linear", "--length", "3", "--draws", "1", "--sigma", "1e-3:1e-2:2", "--output", folder)
    expectSuccess(outcome)
    #expect(outcome.output.contains("Written: "))
    for name in ["growth-linear.svg", "growth-linear.tex", "growth-linear-figure.tex", "growth-linear-norms.csv"] {
      #expect(FileManager.default.fileExists(atPath: "\(folder)/\(name)"))
    }
  }

  @Test(arguments: [
    (["--sigma", "0:1:3"], "zero"), (["--sigma", "-1:1:3"], "negative"), (["--sigma", "1e-3"], "single"),
    (["--sigma", "1:2:3"], "--fit-below"), (["--length", "0"], "zero"), (["--d", "100000"], "more than 256"),
    (["--draws", "0"], "zero"), (["--draws", "5000"], "above"), (["--format", "npy"], "npy"),
    (["--instance", "a", "--weights", "b"], "exclude"), (["--instance", "a", "--d", "2"], "--d"),
    (["--kernel", "cubic"], "cubic"), (["--sigma", "1e-50:1e-2:3log"], "outside"), (["--head", "1"], "--weights"),
  ])
  func badOptionsAreRefused(arguments: [String], reason: String) throws {
    expectRefusal(try BuiltCommand.shell(#""$0" growth "$@""#, arguments), 64, reason)
  }

  @Test func missingFilesAreNamed() throws {
    expectRefusal(try BuiltCommand.shell(#""$0" growth "$@""#, ["--instance", "/no/such.json"]), 66, "/no/such.json")
  }
}
