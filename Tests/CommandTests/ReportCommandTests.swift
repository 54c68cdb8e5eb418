import Foundation
import Testing

/// The report itself is tested where it is computed; here, what can go wrong around it.
@Suite struct ReportCommandTests {
  @Test func whatDoesNotExistIsRefused() throws {
    let directory = try TemporaryDirectory()
    expectRefusal(
      try BuiltCommand.run("report", "--weights", directory.path + "/none", "--output", directory.path), 66, "none")
    expectRefusal(
      try BuiltCommand.run("report", "--weights", Repository.example, "--layer", "x", "--output", directory.path), 65,
      "'x'")
    expectRefusal(try BuiltCommand.shell(#"cd "$1"; "$0" report"#, directory.path), 66, "--weights")
    expectRefusal(try BuiltCommand.run("report", "--heads", "none"), 64, "--heads")
    #expect(directory.names.isEmpty)
  }
}
