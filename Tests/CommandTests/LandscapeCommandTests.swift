import Foundation
import Testing

@Suite struct LandscapeCommandTests {
  private static let configuration = """
    { "name": "small", "data": { "file": "images.csv", "patch": 1, "held_out": 2 },
      "network": ["linear(3, bias)", "residual(head(softmax, key: 2, value: 3))", "mean", "linear(2)"],
      "loss": "cross-entropy", "optimizer": { "epochs": 2, "batch": 3, "rate": 0.05 },
      "continue": { "kernels": ["softmax", "gaussian"], "optimizer": { "epochs": 1, "batch": 3, "rate": 0.01 } },
      "planes": [{ "normalization": "matrix", "radius": 1, "points": 5 }] }
    """
  private static let images = (0..<10).map { "\($0 % 3),\($0 % 5),\($0 % 2 * 9),\($0 % 4),\($0 % 2)\n" }.joined()

  private func directory(_ configuration: String = configuration) throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    try directory.file("small.json", configuration)
    try directory.file("images.csv", Self.images)
    return directory
  }

  @Test func aLandscapeIsDrawnAndItsManifestReproducesIt() throws {
    let directory = try directory(), folder = directory.path + "/out"
    let outcome = try BuiltCommand.run("landscape", directory.path + "/small.json", "--output", folder)
    expectSuccess(outcome)
    #expect(outcome.output.contains("plane matrix, gaussian: 25 points of 8 samples in "))
    #expect(outcome.output.contains("Written: "))
    let again = try BuiltCommand.run(
      "landscape", "--rerun", folder + "/manifest.json", "--output", directory.path + "/again", "--threads", "2")
    expectSuccess(again)
    #expect(again.output.contains("to the last digit"))
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.contains(".") }
    for name in files {
      let contents = try [folder, directory.path + "/again"].map {
        try Data(contentsOf: URL(fileURLWithPath: "\($0)/\(name)"))
      }
      #expect(contents[0] == contents[1], "\(name)")
    }
    // A second call finds everything done, and writes the same.
    let second = try BuiltCommand.run("landscape", directory.path + "/small.json", "--output", folder)
    #expect(second.output.contains("gaussian: 0 points"))
    #expect(
      try BuiltCommand.run("landscape", "--rerun", folder + "/manifest.json", "--output", directory.path + "/third")
        .status == 0)
    // A manifest of another command is none of this one.
    let text = try String(contentsOfFile: folder + "/manifest.json", encoding: .utf8)
    try directory.file("other.json", text.replacingOccurrences(of: "hessian.landscape.m", with: "hessian.experiment.m"))
    expectRefusal(
      try BuiltCommand.run("landscape", "--rerun", directory.path + "/other.json", "--output", directory.path + "/x"),
      65,
      "no manifest of 'hessian landscape'")
    let digest = try #require(text.firstMatch(of: /"results_sha256": "(.)/)).1
    try directory.file(
      "tampered.json",
      text.replacingOccurrences(
        of: "\"results_sha256\": \"\(digest)", with: "\"results_sha256\": \"\(digest == "0" ? "1" : "0")"))
    let tampered = try BuiltCommand.run(
      "landscape", "--rerun", directory.path + "/tampered.json", "--output", directory.path + "/fourth")
    #expect(tampered.status == 1 && tampered.errors.contains("differ"))
  }

  @Test func severalConfigurationsShareADocument() throws {
    let directory = try directory()
    try directory.file("other.json", Self.configuration.replacingOccurrences(of: "\"small\"", with: "\"other\""))
    let (first, second) = (directory.path + "/small.json", directory.path + "/other.json")
    expectSuccess(try BuiltCommand.run("landscape", first, second, "--output", directory.path + "/out", "--quiet"))
    let text = try String(contentsOfFile: directory.path + "/out/landscape.tex", encoding: .utf8)
    #expect(text.contains("small: the networks") && text.contains("other: the networks"))
    expectRefusal(
      try BuiltCommand.run("landscape", first, first, "--output", directory.path + "/x"), 64, "called small")
  }

  @Test func imagesAreShown() throws {
    let directory = try directory(), path = directory.path + "/images.svg"
    expectSuccess(try BuiltCommand.run("landscape", directory.path + "/small.json", "--preview", path))
    #expect(try String(contentsOfFile: path, encoding: .utf8).contains("the first 10 of 10"))
    #expect(!FileManager.default.fileExists(atPath: directory.path + "/report"))
    try directory.file("texts.csv", "a,x\nb,y\n")
    try directory.file(
      "texts.json",
      Self.configuration.replacingOccurrences(
        of: "\"file\": \"images.csv\", \"patch\": 1, \"held_out\": 2",
        with: "\"text\": { \"file\": \"texts.csv\", \"tokens\": 2, \"vocabulary\": 2 }, \"held_out\": 0"))
    expectRefusal(
      try BuiltCommand.run("landscape", directory.path + "/texts.json", "--preview", path), 64, "are texts")
  }

  @Test func aDivergingTrainingStops() throws {
    let layers = [String](repeating: "\"linear(2)\"", count: 28).joined(separator: ", ")
    let text = Self.configuration.replacingOccurrences(of: "\"rate\": 0.05", with: "\"rate\": 1e6")
      .replacingOccurrences(of: "\"batch\": 3, \"rate\": 1e6", with: "\"batch\": 8, \"rate\": 1e6")
      .replacingOccurrences(of: "\"mean\", \"linear(2)\"", with: "\"mean\", " + layers)
    let directory = try directory(text), folder = directory.path + "/out"
    let outcome = try BuiltCommand.run("landscape", directory.path + "/small.json", "--output", folder)
    expectRefusal(outcome, 2, "not finite at step 2, in epoch 2", "checkpoints of the epochs before")
    #expect(FileManager.default.fileExists(atPath: folder + "/start/checkpoint.safetensors"))
  }

  @Test func badInputIsRefused() throws {
    let directory = try directory(), config = directory.path + "/small.json"
    expectRefusal(try BuiltCommand.run("landscape"), 64, "Give a configuration")
    expectRefusal(try BuiltCommand.run("landscape", directory.path + "/none.json"), 66, "none.json")
    expectRefusal(try BuiltCommand.run("landscape", config, "--output", config), 73, "not a folder")
    expectRefusal(try BuiltCommand.run("landscape", "--rerun", config), 64, "--output FOLDER")
    expectRefusal(
      try BuiltCommand.run("landscape", config, "--preview", "x.svg", "--output", "y"), 64, "leave the rest out")
    try directory.file(
      "small.json", Self.configuration.replacingOccurrences(of: "\"radius\": 1", with: "\"radius\": -1"))
    expectRefusal(try BuiltCommand.run("landscape", config, "--output", directory.path + "/x"), 65, "planes[0].radius")
  }

  @Test func aFullDiskLosesNothing() throws {
    let directory = try directory()
    // Files of at most 1 KiB: the checkpoint cannot be written.
    let outcome = try BuiltCommand.shell(
      "ulimit -f 1; exec \"$0\" landscape \"$1\" --output \"$2\"", directory.path + "/small.json",
      directory.path + "/out")
    #expect(outcome.status == 74, "\(outcome.errors)")
    expectSuccess(
      try BuiltCommand.run("landscape", directory.path + "/small.json", "--output", directory.path + "/out", "--quiet"))
  }
}
