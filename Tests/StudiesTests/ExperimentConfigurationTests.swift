import AttentionHessian
import Foundation
import Testing

@Suite struct ExperimentConfigurationTests {
  private func offence(_ replacements: (String, String)...) throws -> String {
    let experiment = try SampleExperiment()
    let text = replacements.reduce(SampleExperiment.text()) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
    do {
      let configuration = try experiment.configuration(text)
      _ = try experiment.run(configuration, in: "run").train(ExperimentSamples(configuration))
    } catch let error as FileError { return error.description }
    return "accepted"
  }

  @Test(arguments: [
    ("\"epochs\"", "\"epoch\"", "did you mean \"epochs\""),
    ("\"held_out\"", "\"heldout\"", "did you mean \"held_out\""),
    ("\"loss\": \"mean-square\",", "", "there is no \"loss\""),
    ("mean-square", "mean-squared", "did you mean \"mean-square\""),
    ("mean-square", "half-sum-square", "no mean over samples"),
    ("head(softmax", "headd(softmax", "did you mean 'head'"),
    ("key: 2", "key: 0", "above zero"),
    ("value: 2", "value: 3", "3 columns for 2 classes"),
    ("\"patch\": 2", "\"patch\": 3", "do not divide"),
    ("\"held_out\": 6", "\"held_out\": 30", "30 of its 30 samples"),
    ("\"warm_up\": 1", "\"warm_up\": 4", "longer than the training"),
    ("\"rate\": 0.05", "\"rate\": 0", "rate above 0"),
    ("\"rate\": 0.05", "\"rate\": -1", "optimizer.rate"),
    ("\"epochs\": 3", "\"epochs\": 2.5", "whole number"),
    ("\"1/10\"", "0", "not above 0"),
    ("\"1/10\"", "\"-1/10\"", "not above 0"),
    ("\"only\": [\"W_V\"]", "\"only\": [\"W_X\"]", "no weight is selected by \"W_X\""),
    ("\"only\": [\"W_V\"]", "\"only\": []", "the array is empty"),
    ("\"only\": [\"W_V\"]", "\"low_rank\": {}", "there is no \"rank\""),
    ("\"only\": [\"W_V\"]", "\"from\": \"none.safetensors\"", "none.safetensors"),
    ("\"name\": \"frozen\"", "\"name\": \"network\"", "two networks"),
    ("\"name\": \"small\"", "\"name\": \"../x\"", "cannot name a folder"),
    ("images.csv", "none.csv", "none.csv"),
    ("\"clip\": 1", "\"clip\": 1, \"clip\": 2", "clip"),
  ])
  func whatIsWrongIsNamed(_ old: String, _ new: String, _ words: String) throws {
    let message = try offence((old, new))
    #expect(message.contains(words), "\(message)")
  }

  @Test(arguments: ["theory", "vit"]) func shippedConfigurationsAreRead(_ name: String) throws {
    let configuration = try ExperimentConfiguration(path: "\(Self.examples)/\(name).json")
    #expect(configuration.name == name)
    let samples = try ExperimentSamples(configuration)
    #expect(samples.count == 1797 && samples.classCount == 10)
    #expect(samples.digest.hasPrefix("09f66e6d"))
    for variant in [configuration.network] + configuration.ablations { _ = try samples.objective(variant) }
  }

  /// Every key of the schema is read, and no other is.
  @Test func theSchemaHasTheKeysThatAreRead() throws {
    let schema = try FileInput.readJSON("\(Self.examples)/experiment.schema.json")
    func keys(_ path: String...) -> Set<String> {
      var json: JSONValue? = schema
      for key in path { json = json?[key] }
      return Set(json?["properties"]?.members?.map(\.key) ?? [])
    }
    for (keys, place) in [
      (keys(), "\"name\": \"small\""), (keys("properties", "data"), "\"patch\": 2"),
      (keys("properties", "optimizer"), "\"batch\": 5"), (keys("properties", "measurements"), "\"permutations\": 8"),
      (keys("properties", "train"), "\"only\": [\"W_V\"]"),
    ] {
      let message = try offence((place, place + ", \"unheard of\": 1"))
      let known = try #require(message.split(separator: "the keys are ").last).split(separator: ")")[0]
      #expect(Set(known.components(separatedBy: ", ")) == keys, "\(place)")
    }
  }

  private static let examples = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Examples").path
}
