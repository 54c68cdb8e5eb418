import Foundation
import Testing

@Suite struct DerivationsCommandTests {
  @Test func everyDocumentIsWrittenAndListed() throws {
    let directory = try TemporaryDirectory()
    let outcome = try BuiltCommand.run("derivations", "--output", directory.path + "/new/folder")
    expectSuccess(outcome)
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path + "/new/folder").sorted()
    #expect(
      names == [
        "audit.tex", "bounds.tex", "gaussian.tex", "laws.tex", "linear.tex", "multihead.tex", "networks.tex",
        "softmax.tex",
        "theorem-2.tex",
      ])
    let listed = outcome.output.split(separator: "\n").map(String.init).sorted()
    #expect(listed == names.map { "\(directory.path)/new/folder/\($0)" })
  }

  @Test(arguments: ["derivations", "tables", "report"]) func aFolderThatCannotBeCreatedIsNamed(name: String) throws {
    let directory = try TemporaryDirectory()
    let file = try directory.file("file", "text")
    expectRefusal(try BuiltCommand.run(name, "--output", file + "/below"), 73, "file", "--output")
    expectRefusal(try BuiltCommand.run(name, "--output", ""), 73, "empty")
    #expect(directory.names == ["file"])
  }
}
