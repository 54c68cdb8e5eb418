import Foundation
import Testing

@Suite struct ExperimentCommandTests {
  private static let configuration = """
    { "name": "small", "data": { "file": "images.csv", "patch": 1, "positions": "one-hot", "held_out": 2 },
      "network": ["head(softmax, key: 1, value: 2)"], "loss": "mean-square",
      "optimizer": { "epochs": 2, "batch": 3, "rate": 0.05 },
      "measurements": { "permutations": 4, "radii": [0.1], "hessian_orders": 1 } }
    """
  private static let images = (0..<10).map { "\($0 % 3),\($0 % 5),\($0 % 2 * 9),\($0 % 4),\($0 % 2)\n" }.joined()

  private func directory(_ configuration: String = configuration, images: String = images) throws -> TemporaryDirectory
  {
    let directory = try TemporaryDirectory()
    try directory.file("small.json", configuration)
    try directory.file("images.csv", images)
    return directory
  }

  @Test func anExperimentRunsAndItsManifestReproducesIt() throws {
    let directory = try directory(), folder = directory.path + "/out"
    let outcome = try BuiltCommand.run("experiment", directory.path + "/small.json", "--output", folder)
    expectSuccess(outcome)
    #expect(outcome.output.contains("trained network: 20 weights") && outcome.output.contains("Written: "))
    let again = try BuiltCommand.run(
      "experiment", "--rerun", folder + "/manifest.json", "--output", directory.path + "/again", "--threads", "2")
    expectSuccess(again)
    #expect(again.output.contains("to the last digit"))
    let results = try ["out", "again"].map {
      try Data(contentsOf: URL(fileURLWithPath: "\(directory.path)/\($0)/results.json"))
    }
    #expect(results[0] == results[1])
    // A changed input is noticed, and a changed number.
    try directory.file("images.csv", Self.images.replacingOccurrences(of: "0,0,0,0,0\n", with: "1,0,0,0,0\n"))
    let changed = try BuiltCommand.run(
      "experiment", "--rerun", folder + "/manifest.json", "--output", directory.path + "/third")
    #expect(changed.status == 65 && changed.errors.contains("not those of the first run"))
  }

  @Test func aTamperedManifestIsNoticed() throws {
    let directory = try directory(), folder = directory.path + "/out"
    expectSuccess(try BuiltCommand.run("experiment", directory.path + "/small.json", "--output", folder, "--quiet"))
    let path = folder + "/manifest.json"
    var text = try String(contentsOfFile: path, encoding: .utf8)
    let digest = try #require(text.firstMatch(of: /"results_sha256": "(.)/)).1
    text = text.replacingOccurrences(
      of: "\"results_sha256\": \"\(digest)", with: "\"results_sha256\": \"\(digest == "0" ? "1" : "0")")
    try directory.file("out/manifest.json", text)
    let again = try BuiltCommand.run("experiment", "--rerun", path, "--output", directory.path + "/again")
    #expect(again.status == 1 && again.errors.contains("differ"))
  }

  @Test func aDivergingTrainingStopsAndKeepsTheLastCheckpoint() throws {
    // One step an epoch: after the first all weights are near a million, and a product of 28 such matrices is beyond
    // what a number holds.
    let layers = [String](repeating: "linear(2)", count: 28).joined(separator: ", ")
    let text = Self.configuration.replacingOccurrences(of: "\"rate\": 0.05", with: "\"rate\": 1e6")
      .replacingOccurrences(of: "\"batch\": 3", with: "\"batch\": 8")
      .replacingOccurrences(of: "head(softmax, key: 1, value: 2)", with: layers)
    let directory = try directory(text), folder = directory.path + "/out"
    let outcome = try BuiltCommand.run("experiment", directory.path + "/small.json", "--output", folder, "--train-only")
    expectRefusal(outcome, 2, "not finite at step 2, in epoch 2", "checkpoints of the epochs before")
    let log = try String(contentsOfFile: folder + "/network/log.jsonl", encoding: .utf8)
    #expect(log.split(separator: "\n").count == 1)
    #expect(FileManager.default.fileExists(atPath: folder + "/network/checkpoint.safetensors"))
  }

  @Test func badInputIsRefused() throws {
    let directory = try directory(), config = directory.path + "/small.json"
    expectRefusal(try BuiltCommand.run("experiment"), 64, "Give a configuration")
    expectRefusal(try BuiltCommand.run("experiment", directory.path + "/none.json"), 66, "none.json")
    expectRefusal(
      try BuiltCommand.run("experiment", "--rerun", config, "--output", directory.path + "/x"), 65, "no manifest")
    expectRefusal(try BuiltCommand.run("experiment", config, "--output", config), 73, "not a folder")
    try directory.file("images.csv", "1,2,3,4,0\n1,2,x,4,1\n")
    expectRefusal(
      try BuiltCommand.run("experiment", config, "--output", directory.path + "/x"), 65, "line 2", "column 3")
    try directory.file("images.csv", "")
    expectRefusal(try BuiltCommand.run("experiment", config, "--output", directory.path + "/x"), 65, "no image")
  }

  @Test func aFullDiskLosesNothing() throws {
    let directory = try directory()
    // Files of at most 1 KiB: the checkpoint cannot be written.
    let outcome = try BuiltCommand.shell(
      "ulimit -f 1; exec \"$0\" experiment \"$1\" --output \"$2\" --train-only", directory.path + "/small.json",
      directory.path + "/out")
    #expect(outcome.status == 74, "\(outcome.errors)")
    #expect(outcome.errors.contains("cannot write"))
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path + "/out/network")
    #expect(!names.contains { $0 != "log.jsonl" && $0 != "checkpoint.safetensors" }, "\(names)")
    expectSuccess(
      try BuiltCommand.run(
        "experiment", directory.path + "/small.json", "--output", directory.path + "/out", "--train-only"))
  }
}
