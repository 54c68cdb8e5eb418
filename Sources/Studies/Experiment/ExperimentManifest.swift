import TensorFiles

/// What a run can be repeated from: version, configuration, hashes of the inputs, and the hash of the numbers that came out.
public struct ExperimentManifest: Hashable, Sendable {
  public let version: String
  /// The configuration's text, and the folder that its paths are relative to.
  public let configuration: JSONValue
  public let folder: String
  /// The SHA-256 of the images.
  public let images: String
  /// The SHA-256 of the numbers (`results.json`).
  public let results: String

  public init(_ result: ExperimentResult, version: String) {
    self.version = version
    configuration = result.configuration.source
    folder = result.configuration.folder
    images = result.digest
    results = Self.digest(result)
  }

  /// The hash of what came out.
  public static func digest(_ result: ExperimentResult) -> String {
    SHA256.hexadecimal(of: Array(result.results.utf8))
  }

  /// - Errors: `inputMissing`; `badData` where the file is no manifest.
  public init(path: String) throws(FileError) {
    let json = try FileInput.readJSON(path)
    guard json["schema"] == "hessian.experiment.manifest/1", let version = json["version"]?.stringValue,
      let configuration = json["configuration"], let folder = json["folder"]?.stringValue,
      let images = json["images_sha256"]?.stringValue, let results = json["results_sha256"]?.stringValue
    else {
      throw FileError(
        .badData, path: path, reason: "it is no manifest of an experiment",
        advice: "give the manifest.json that 'hessian experiment' has written")
    }
    (self.version, self.configuration, self.folder) = (version, configuration, folder)
    (self.images, self.results) = (images, results)
  }

  public var json: JSONValue {
    [
      "schema": "hessian.experiment.manifest/1", "version": .string(version), "folder": .string(folder),
      "images_sha256": .string(images), "results_sha256": .string(results), "configuration": configuration,
    ]
  }
}
