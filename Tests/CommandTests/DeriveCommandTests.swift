import Foundation
import Testing

@Suite struct DeriveCommandTests {
  @Test func theValueBlockHasItsClosedForm() throws {
    let outcome = try BuiltCommand.run("derive", "--block", "V,V")
    expectSuccess(outcome)
    #expect(outcome.output.contains("(M_1ᵀ M_1 ⊗ I_{d_V})"))
    #expect(outcome.output.contains("H_f(W_V, W_V) = 0"))
  }

  @Test func stepsNameTheirLaws() throws {
    let outcome = try BuiltCommand.run("derive", "--kernel", "linear", "--block", "q,v", "--steps")
    expectSuccess(outcome)
    #expect(outcome.output.contains("1. pullback_"))
    #expect(outcome.output.contains("gauss_newton"))
  }

  @Test(arguments: ["softmax", "gaussian", "linear"]) func everyBlockIsInTheJSON(kernel: String) throws {
    let outcome = try BuiltCommand.run("derive", "--kernel", kernel, "--json", "--route", "jacobian-first")
    expectSuccess(outcome)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let blocks = try #require(object["blocks"] as? [[String: Any]])
    #expect(blocks.count == 9)
    #expect(object["route"] as? String == "jacobian-first")
  }

  @Test func latexIsADocumentInAFile() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.file("block.tex")
    let outcome = try BuiltCommand.run("derive", "--block", "Q,K", "--steps", "--format", "latex", "--output", file)
    expectSuccess(outcome)
    #expect(outcome.output.isEmpty)
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.contains("\\documentclass") && text.contains("\\end{document}"))
    #expect(directory.names == ["block.tex"])
  }

  @Test func headsAreNamedByNumber() throws {
    let outcome = try BuiltCommand.run("derive", "--kernel", "linear", "--heads", "2", "--block", "Q1,O2")
    expectSuccess(outcome)
    #expect(outcome.output.contains("H_o(W_Q^1, W_O^2)"))
  }

  @Test(arguments: [
    (["--kernel", "relu"], "softmax"), (["--route", "sideways"], "gradient-first"), (["--block", "Q,O"], "Q, K, V"),
    (["--heads", "0"], "zero"), (["--heads", "-1"], "negative"), (["--heads", "nan"], "not a number"),
    (["--heads", "17"], "16"), (["--heads", "1.5"], "not whole"), (["--format", "csv"], "text, latex, json"),
  ])
  func badUsageIsRefused(arguments: [String], word: String) throws {
    expectRefusal(try BuiltCommand.shell(#""$0" derive "$@""#, arguments), 64, word)
  }

  @Test func aReaderMayGoAway() throws {
    let outcome = try BuiltCommand.shell(#"set -o pipefail; "$0" derive | true"#)
    expectSuccess(outcome)
  }
}
