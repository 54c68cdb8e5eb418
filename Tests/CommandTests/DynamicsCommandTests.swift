import Foundation
import Testing

@Suite struct DynamicsCommandTests {
  private static let convergence = """
    { "name": "small",
      "family": { "samples": 2, "tokens": 2, "key": 1, "value": 2, "heads": 2, "widths": [1, 3], "seed": 5 },
      "descent": { "steps": 20 } }
    """
  private static let conditioning = """
    { "name": "small",
      "family": { "width": 4, "key": 2, "scales": [1, 5], "lengths": [3, 6], "depths": [1, 2], "draws": 3 },
      "descent": { "steps": 20, "depths": [1], "samples": 2, "hidden": 3 } }
    """
  private static let comparison = """
    { "name": "small", "tokens": 3, "width": 2, "draws": 2,
      "models": [ { "name": "softmax", "network": ["head(softmax, key: 1, value: 2)"] } ] }
    """

  @Test(arguments: [("convergence", convergence), ("conditioning", conditioning), ("compare", comparison)])
  func reportsAreWritten(_ command: String, _ text: String) throws {
    let directory = try TemporaryDirectory()
    let path = try directory.file("small.json", text), folder = directory.path + "/out"
    let outcome = try BuiltCommand.run(command, path, "--output", folder)
    expectSuccess(outcome)
    #expect(outcome.output.contains("Written: "))
    for name in ["results.json", "\(command).tex"] {
      #expect(FileManager.default.fileExists(atPath: "\(folder)/\(name)"), "\(name)")
    }
    let json = try BuiltCommand.run(command, path, "--output", directory.path + "/again", "--json", "--threads", "2")
    expectSuccess(json)
    #expect(try Data(json.output.utf8) == Data(contentsOf: URL(fileURLWithPath: "\(folder)/results.json")))
    // Two configurations have folders of their own and one document.
    let other = try directory.file("other.json", text.replacing("\"small\"", with: "\"other\""))
    expectSuccess(try BuiltCommand.run(command, path, other, "--output", directory.path + "/both", "--quiet"))
    for name in ["small/results.json", "other/results.json", "\(command).tex"] {
      #expect(FileManager.default.fileExists(atPath: "\(directory.path)/both/\(name)"), "\(name)")
    }
    expectRefusal(try BuiltCommand.run(command, path, path, "--output", folder), 64, "called small")
  }

  @Test(arguments: ["convergence", "conditioning", "compare"]) func badInputIsNamed(_ command: String) throws {
    let directory = try TemporaryDirectory()
    expectRefusal(try BuiltCommand.run(command, directory.path + "/none.json"), 66, "none.json")
    let text = try directory.file("text.json", "{ \"name\": \"x\", \"seeds\": 1 }")
    expectRefusal(try BuiltCommand.run(command, text), 65, "the key 'seeds' is unknown", "the keys are")
    let broken = try directory.file("broken.json", "{ \"name\": ")
    expectRefusal(try BuiltCommand.run(command, broken), 65, "broken.json")
    #expect(try BuiltCommand.run(command).status == 64)
  }

  /// A descent that diverges ends the command with status 2 and names the step; what was good is kept.
  @Test func divergenceIsSaid() throws {
    let directory = try TemporaryDirectory()
    // The Hessian is small at small weights, and the step size large.
    let text = Self.convergence.replacing("\"steps\": 20", with: "\"steps\": 400, \"step\": 1.99")
      .replacing(
        "\"seed\": 5", with: "\"seed\": 5, \"weight_scale\": 1e-4, \"value_scale\": 1e-4, \"target_scale\": 10"
      )
      .replacing("\"descent\"", with: "\"kernels\": [\"linear\"], \"descent\"")
    let path = try directory.file("small.json", text), folder = directory.path + "/out"
    let outcome = try BuiltCommand.run("convergence", path, "--output", folder)
    #expect(outcome.status == 2 && outcome.errors.contains("diverged: linear, D = "), "\(outcome.errors)")
    #expect(outcome.output.contains("diverged at"))
    let kept = try FileManager.default.contentsOfDirectory(atPath: folder + "/runs")
    #expect(kept.contains { $0.hasPrefix("linear-") })
  }

  /// A layer that diverges at once has no losses to show, and is said to.
  @Test func divergenceAtOnceIsSaid() throws {
    let directory = try TemporaryDirectory()
    let text = Self.conditioning.replacing("\"scales\": [1, 5]", with: "\"scales\": [1e12]")
      .replacing("\"draws\": 3", with: "\"draws\": 1, \"kernels\": [\"linear\"]")
      .replacing("\"depths\": [1, 2]", with: "\"depths\": [1]").replacing("\"depths\": [1],", with: "\"depths\": [2],")
    let outcome = try BuiltCommand.run(
      "conditioning", try directory.file("small.json", text), "--output", directory.path + "/out")
    #expect(outcome.status == 2 && outcome.errors.contains("diverged: linear, depth 2"), "\(outcome.errors)")
    #expect(outcome.output.contains("diverged at 0"))
  }

  /// What was kept of another instance is not gone on with, and a file is known by its content.
  @Test func anotherInstanceIsAnotherStudy() throws {
    let directory = try TemporaryDirectory()
    let instance = """
      { "kernel": "softmax", "X": [[1, 0], [0, 1]], "Y": [[1], [TARGET]], "W_Q": [[1], [2]], "W_K": [[1], [0]],
        "W_V": [[1], [1]] }
      """
    _ = try directory.file("layer.json", instance.replacing("TARGET", with: "2"))
    let path = try directory.file(
      "small.json",
      "{ \"name\": \"small\", \"instance\": \"layer.json\", \"train\": [[\"W_V\"]], \"kernels\": [\"softmax\"], "
        + "\"descent\": { \"steps\": 20 } }")
    let folder = directory.path + "/out"
    expectSuccess(try BuiltCommand.run("convergence", path, "--output", folder))
    expectSuccess(
      try BuiltCommand.run("convergence", "--rerun", folder + "/manifest.json", "--output", directory.path + "/again"))
    expectRefusal(
      try BuiltCommand.run("convergence", "--rerun", folder + "/manifest.json", "--output", folder), 64,
      "holds a finished run")
    _ = try directory.file("layer.json", instance.replacing("TARGET", with: "3"))
    expectRefusal(
      try BuiltCommand.run("convergence", path, "--output", folder), 65, "kept of another descent",
      "another output folder")
    let third = try BuiltCommand.run(
      "convergence", "--rerun", folder + "/manifest.json", "--output", directory.path + "/third")
    #expect(third.status == 65 && third.errors.contains("the data are not those of the first run"))
    // What the instance does not have, or does not allow.
    let other = try directory.file(
      "other.json", "{ \"name\": \"other\", \"instance\": \"layer.json\", \"train\": [[\"W_O\"]] }")
    expectRefusal(try BuiltCommand.run("convergence", other, "--output", directory.path + "/other"), 65, "W_O")
    _ = try directory.file(
      "layer.json",
      """
      { "kernel": "softmax", "samples": [ { "X": [[1, 0]], "Y": [[1]] }, { "X": [[1, 0], [0, 1]], "Y": [[1], [2]] } ],
        "W_Q": [[1], [2]], "W_K": [[1], [0]], "W_V": [[1], [1]] }
      """)
    expectRefusal(
      try BuiltCommand.run("convergence", path, "--output", directory.path + "/fourth"), 65, "samples[1]", "layer.json")
  }

  @Test func anInterruptedStudyGoesOn() throws {
    let directory = try TemporaryDirectory()
    let text = Self.convergence.replacing("\"steps\": 20", with: "\"steps\": 60000, \"step\": 0.01")
      .replacing("\"descent\"", with: "\"kernels\": [\"softmax\"], \"descent\"")
    let path = try directory.file("small.json", text), folder = directory.path + "/out"
    let outcome = try BuiltCommand.shell(
      "set -m; \"$0\" convergence \"$1\" --output \"$2\" --quiet & sleep 0.5; kill -INT $!; wait $!", path, folder)
    #expect(outcome.status == 130 && outcome.errors.contains("goes on from there"), "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder + "/results.json"))
    expectSuccess(try BuiltCommand.run("convergence", path, "--output", folder, "--quiet"))
    expectSuccess(try BuiltCommand.run("convergence", path, "--output", directory.path + "/whole", "--quiet"))
    let results = try [folder, directory.path + "/whole"].map {
      try Data(contentsOf: URL(fileURLWithPath: $0 + "/results.json"))
    }
    #expect(results[0] == results[1])
  }
}
