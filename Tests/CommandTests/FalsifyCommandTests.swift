import Foundation
import Testing

@Suite struct FalsifyCommandTests {
  @Test func theoremOneIsRefutedAndWritten() throws {
    let directory = try TemporaryDirectory()
    let folder = directory.path + "/new/witnesses"
    let arguments = [
      "P1", "--length", "2", "--d", "2", "--d-k", "2", "--d-v", "2", "--starts", "8", "--output", folder,
    ]
    let outcome = try BuiltCommand.shell(#""$0" falsify "$@""#, arguments)
    expectSuccess(outcome)
    #expect(outcome.output.hasPrefix("P1: refuted\n"))
    #expect(outcome.output.contains("left/right ≥ 1.5"))
    for name in ["P1.json", "P1.tex", "P1.search.json"] {
      #expect(outcome.output.contains("\(folder)/\(name)"))
      #expect(FileManager.default.fileExists(atPath: "\(folder)/\(name)"))
    }
    expectSuccess(try BuiltCommand.run("evaluate", "--instance", folder + "/P1.json"))
    let again = try BuiltCommand.shell(#""$0" falsify "$@""#, arguments)
    #expect(again.output == outcome.output)
  }

  @Test func jsonIsOneObject() throws {
    let outcome = try BuiltCommand.run(
      "falsify", "P1", "--length", "2", "--starts", "8", "--size", "d_V=1:2:2", "--seed", "3", "--json")
    expectSuccess(outcome)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(object["refuted"] as? Bool == true)
    #expect((object["searched"] as? [Any])?.count == 2)
    #expect(object["witness"] is [String: Any])
  }

  @Test func nothingFoundIsNotDecided() throws {
    // One token attends to itself alone: the Hessian is that of a linear layer, and the bound is reached.
    let outcome = try BuiltCommand.run("falsify", "P1", "--length", "1", "--d-k", "1", "--d-v", "1", "--starts", "3")
    #expect(outcome.status == 2 && outcome.output.contains("no violation found"))
    #expect(outcome.errors.contains("does not prove it"))
  }

  /// An interrupt ends the search, not the command: the best point so far is certified.
  @Test func anInterruptKeepsTheBest() throws {
    let line = #"""
      ulimit -t 60; set -m; "$0" falsify P1 --length 2 --starts 900000 --json & pid=$!
      sleep 2; kill -INT $pid; wait $pid
      """#
    let outcome = try BuiltCommand.shell(line)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains(#""interrupted": true"#) && outcome.output.contains(#""refuted": true"#))
    #expect(outcome.errors.contains("interrupted"))
  }

  @Test(arguments: [
    (["P11"], 64, "did you mean 'P1'"), (["nothing like it"], 64, "the inequalities are"),
    (["P4.a"], 64, "no inequality"), ([], 64, "claim"),
    (["P1", "--length", "0"], 64, "zero"), (["P1", "--length", "2.5"], 64, "not whole"),
    (["P1", "--d", "3", "--d-v", "2"], 64, "assumes d = d_V"), (["P1", "--size", "m=2"], 64, "'m'"),
    (["P1", "--size", "m"], 64, "NAME=NUMBER"), (["P1", "--size", "L=2", "--length", "2"], 64, "twice"),
    (["P1", "--length", "100000000"], 64, "smaller sizes"), (["P1", "--starts", "0"], 64, "zero"),
    (["P1", "--length", "1:1000000:1000000"], 64, "fewer"), (["P1", "--name", "x"], 64, "--output"),
    (["P1", "--output", ".", "--name", "../x"], 64, "--name"), (["P1", "--output", "/proc/none"], 73, "/proc"),
    (["P1", "--output", "/dev/null/x"], 73, "not a folder"), (["P1", "--output", ""], 73, "empty"),
  ])
  func badArgumentsAreRefused(arguments: [String], status: Int32, reason: String) throws {
    expectRefusal(try BuiltCommand.shell(#""$0" falsify "$@""#, arguments), status, reason)
  }
}
