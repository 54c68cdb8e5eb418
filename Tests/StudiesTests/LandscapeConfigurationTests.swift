import AttentionHessian
import Foundation
import Testing

@testable import Studies

@Suite struct LandscapeConfigurationTests {
  private func offence(_ replacements: (String, String)...) throws -> String {
    let experiment = try SampleExperiment()
    let text = replacements.reduce(SampleLandscape.text()) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
    do {
      let configuration = try SampleLandscape.configuration(text, in: experiment)
      let samples = try ExperimentSamples(configuration.task)
      _ = try samples.objective(
        ExperimentConfiguration.Variant(name: "x", layers: configuration.layers, training: .all, start: nil))
    } catch let error as FileError { return error.description }
    return "accepted"
  }

  private static let images = "\"file\": \"images.csv\", \"patch\": 2, \"positions\": \"one-hot\""

  @Test(arguments: [
    ("\"planes\"", "\"plane\"", "did you mean \"planes\""), ("\"radius\": 0.5", "\"radius\": 0", "not above 0"),
    ("\"points\": 5", "\"points\": 6", "6 is even"), ("\"points\": 5", "\"points\": 1", "from 3 to 401"),
    ("\"points\": 5", "\"points\": 100001", "from 3 to 401"),
    ("\"matrix\"", "\"filter\"", "give one of \"raw\", \"matrix\""),
    ("\"joint\"", "\"random\"", "\"query-key\", \"joint\", \"eigenvectors\""),
    ("\"raw\", \"directions\": \"eigenvectors\"", "\"matrix\", \"directions\": \"eigenvectors\"", "none any more"),
    ("\"name\": \"top\"", "\"name\": \"scaled\"", "two planes \"scaled\""),
    ("\"gaussian\"]", "\"gausian\"]", "did you mean \"gaussian\""), ("\"gaussian\"]", "\"softmax\"]", "stands twice"),
    ("[\"softmax\", \"gaussian\"]", "[]", "the array is empty"),
    ("\"rate\": 0.01", "\"rate\": 0", "continue.optimizer.rate"),
    ("[\"softmax\", \"gaussian\"]", "[\"softmax\", \"gaus\"]", "continue.kernels[1]: 'gaus' is not known"),
    ("\"held_out\": 6", "\"held_out\": 30", "30 of its 30 samples"),
    ("\"held_out\": 6", "\"pathfinder\": { \"images\": 3 }, \"held_out\": 6", "stand together"),
    (images, "\"patch\": 2", "there is no data"),
    (images, "\"pathfinder\": { \"images\": 3 }", "there is no \"patch\""),
    (images, "\"pathfinder\": { \"images\": 9, \"side\": 8, \"dashes\": 30 }, \"patch\": 2", "find no place on 8×8"),
    (images, "\"pathfinder\": { \"images\": 9, \"side\": 30 }, \"patch\": 4", "do not divide"),
    (images, "\"pathfinder\": { \"images\": 1000000, \"side\": 128 }, \"patch\": 4", "need too much memory"),
    (images, "\"pathfinder\": { \"images\": 6, \"side\": 16 }, \"patch\": 4", "6 of its 6 samples"),
    (images, "\"pathfinder\": { \"images\": 9, \"turns\": 1 }, \"patch\": 4", "did you mean \"turn\""),
    (images, "\"text\": { \"file\": \"a.csv\", \"tokens\": 4, \"vocabulary\": 9 }, \"patch\": 2", "not for texts"),
    (images, "\"text\": { \"file\": \"none.csv\", \"tokens\": 4, \"vocabulary\": 9 }", "none.csv"),
    (images, "\"text\": { \"file\": \"images.csv\", \"tokens\": 4, \"vocabulary\": 9 }", "17 columns"),
    (images, "\"text\": { \"tokens\": 4, \"vocabulary\": 9 }", "there is no \"file\""),
    ("value: 2)\"", "value: 3)\"", "3 columns for 2 classes"),
    ("head(softmax, key: 3", "head(softmax, joint", "the Gaussian kernel needs W_Q and W_K"),
  ])
  func whatIsWrongIsNamed(_ old: String, _ new: String, _ words: String) throws {
    let message = try offence((old, new))
    #expect(message.contains(words), "\(message)")
  }

  @Test func aNetworkWithoutAttentionIsRefused() throws {
    let message = try offence(
      ("\"linear(5)\", \"residual(attention(softmax, heads: 2, key: 2, value: 3))\", \"gelu\",", "\"gelu\","),
      ("head(softmax, key: 3, value: 2)", "linear(2)"))
    #expect(message.contains("no attention with W_Q"), "\(message)")
  }

  @Test func samplesBeyondMemoryAreRefused() throws {
    let experiment = try SampleExperiment()
    try Data("a b,x\nb,y\nc,x\n".utf8).write(to: URL(fileURLWithPath: experiment.folder + "/t.csv"))
    // A vocabulary has only the words there are; tokens are as many as are asked for.
    let text = SampleLandscape.text(
      (Self.images, "\"text\": { \"file\": \"t.csv\", \"tokens\": 4, \"vocabulary\": 100000 }"),
      ("\"held_out\": 6", "\"held_out\": 1"))
    let samples = try ExperimentSamples(try SampleLandscape.configuration(text, in: experiment).task)
    #expect(samples.count == 3 && samples.classCount == 2 && samples.images == nil)
    let words = (0..<30_000).map { "w\($0)" }.joined(separator: " ")
    try Data("\(words),x\n\(words),y\n\(words),x\n".utf8).write(to: URL(fileURLWithPath: experiment.folder + "/t.csv"))
    let large = text.replacingOccurrences(of: "\"tokens\": 4", with: "\"tokens\": 4096")
    let error = #expect(throws: FileError.self) {
      try ExperimentSamples(try SampleLandscape.configuration(large, in: experiment).task)
    }
    #expect(error?.reason.contains("need too much memory") == true)
  }

  @Test(arguments: [("landscape", "digits"), ("pathfinder", "pathfinder")])
  func shippedConfigurationsAreRead(_ file: String, _ name: String) throws {
    var configuration = try LandscapeConfiguration(path: "\(Self.examples)/\(file).json")
    #expect(configuration.name == name && configuration.planes.count > 1)
    #expect(configuration.continuation?.kernels == [.softmax, .gaussian])
    // A few of the generated images do.
    if case .pathfinder(var task) = configuration.data.source {
      task.count = 20
      configuration.data.source = .pathfinder(task)
      configuration.data.heldOut = 5
    }
    let samples = try ExperimentSamples(configuration.task)
    let objective = try samples.objective(
      ExperimentConfiguration.Variant(name: "x", layers: configuration.layers, training: .all, start: nil)
    ).1
    #expect(objective.model.parameters.count { $0.name.hasPrefix("W_Q") } == 4)
  }

  /// Every key of the schemas is read, and no other is.
  @Test func theSchemasHaveTheKeysThatAreRead() throws {
    for (schema, isLandscape) in [("landscape", true), ("experiment", false)] {
      let schema = try FileInput.readJSON("\(Self.examples)/\(schema).schema.json")
      func keys(_ path: String...) -> Set<String> {
        var json: JSONValue? = schema
        for key in path { json = json?[key] }
        return Set(json?["properties"]?.members?.map(\.key) ?? [])
      }
      func known(_ replacements: (String, String)...) throws -> Set<String> {
        let text = replacements.reduce(SampleLandscape.text()) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
        var message = ""
        do {
          _ = try SampleLandscape.configuration(text, in: try SampleExperiment())
        } catch let error as FileError { message = error.description }
        let words = try #require(message.split(separator: "the keys are ").last, "\(message)").split(separator: ")")[0]
        return Set(words.components(separatedBy: ", "))
      }
      let odd = "\"unheard of\": 1, "
      #expect(try known(("\"file\"", odd + "\"file\"")) == keys("properties", "data"))
      #expect(
        try known((Self.images, "\"pathfinder\": { \(odd) \"images\": 3 }, \"patch\": 2"))
          == keys("properties", "data", "properties", "pathfinder"))
      #expect(
        try known((Self.images, "\"text\": { \(odd) \"file\": \"x\" }"))
          == keys("properties", "data", "properties", "text"))
      guard isLandscape else { continue }
      #expect(try known(("\"name\": \"small\"", odd + "\"name\": \"small\"")) == keys())
      #expect(
        try known(("\"epochs\": 2, \"batch\": 5", odd + "\"epochs\": 2, \"batch\": 5"))
          == keys("properties", "optimizer"))
      #expect(try known(("\"kernels\"", odd + "\"kernels\"")) == keys("properties", "continue"))
      #expect(
        try known(("\"epochs\": 2, \"batch\": 6", odd + "\"epochs\": 2, \"batch\": 6"))
          == keys("properties", "continue", "properties", "optimizer"))
      #expect(try known(("\"name\": \"top\"", odd + "\"name\": \"top\"")) == keys("properties", "planes", "items"))
    }
  }

  private static let examples = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Examples").path
}
