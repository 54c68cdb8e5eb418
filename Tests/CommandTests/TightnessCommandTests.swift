import Foundation
import Testing

@Suite struct TightnessCommandTests {
  private static let small = ["--kernel", "linear", "--length", "1", "--d", "1", "--d-k", "1", "--d-v", "1"]

  @Test func theTableAndThePoints() throws {
    let outcome = try BuiltCommand.shell(#""$0" tightness --starts 2 "$@""#, Self.small)
    expectSuccess(outcome)
    #expect(outcome.output.contains("Q,K") && outcome.output.contains("linear"))
    let csv = try BuiltCommand.shell(#""$0" tightness --starts 2 --format csv "$@""#, Self.small)
    expectSuccess(csv)
    #expect(csv.output.hasPrefix("kernel,block,"))
  }

  @Test func theFileIsWrittenWhole() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/tightness.json"
    expectSuccess(
      try BuiltCommand.shell(#""$0" tightness --starts 2 --json --output "$@""#, [path] + Self.small))
    let object = try JSONSerialization.jsonObject(with: try Data(contentsOf: URL(fileURLWithPath: path)))
    #expect((object as? [String: Any])?["schema"] as? String == "hessian.tightness/1")
    let read = try BuiltCommand.run("tightness", "--points", path)
    expectSuccess(read)
    #expect(read.output == (try BuiltCommand.shell(#""$0" tightness --starts 2 "$@""#, Self.small)).output)
    expectRefusal(try BuiltCommand.run("tightness", "--points", path, "--starts", "2"), 64, "--starts")
    expectRefusal(try BuiltCommand.run("tightness", "--points", Repository.example), 65, "JSON")
    expectRefusal(try BuiltCommand.run("tightness", "--points", "/nowhere.json"), 66, "/nowhere.json")
  }

  @Test func anInterruptKeepsTheBest() throws {
    let line = #"""
      set -m; "$0" tightness --starts 100000 --json "$@" & pid=$!
      sleep 2; kill -INT $pid; wait $pid
      """#
    let outcome = try BuiltCommand.shell(line, Self.small)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains(#""interrupted": true"#) && outcome.errors.contains("interrupted"))
  }

  @Test(arguments: [
    (["--kernel", "cubic"], 64, "kernel"), (["--starts", "0"], 64, "zero"), (["--length", "0"], 64, "zero"),
    (["--format", "npy"], 64, "npy"), (["--length", "100000000"], 64, "smaller sizes"),
    (["--length", "1:1000000:1000000"], 64, "fewer"), (["--starts", "1", "--output", "/proc/none/x"], 73, "/proc"),
  ])
  func badArgumentsAreRefused(arguments: [String], status: Int32, reason: String) throws {
    let limited = arguments.contains("--output") ? Self.small + arguments : arguments
    expectRefusal(try BuiltCommand.shell(#""$0" tightness "$@""#, limited), status, reason)
  }
}
