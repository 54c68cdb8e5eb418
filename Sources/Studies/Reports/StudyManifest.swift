import TensorFiles

extension JSONValue {
  /// A number, also one that is not finite, which stands as a text.
  var extendedDouble: Double? { doubleValue ?? stringValue.flatMap { Double($0) } }
}

/// What a run can be repeated from: version, configuration, hashes of the inputs, and the hash of the numbers that came out.
public struct StudyManifest: Hashable, Sendable {
  /// The command that was run, such as `experiment`.
  public let command: String
  public let version: String
  /// The configuration's text, and the folder that its paths are relative to.
  public let configuration: JSONValue
  public let folder: String
  /// The SHA-256 of the data; empty where there is no file of data.
  public let data: String
  /// The SHA-256 of the numbers (`results.json`).
  public let results: String

  public init<Report: StudyReport>(_ report: Report, version: String) {
    (command, self.version) = (Report.command, version)
    (configuration, folder) = (report.configuration.source, report.configuration.folder)
    (data, results) = (report.dataDigest, Self.digest(report))
  }

  /// The hash of what came out.
  public static func digest(_ report: some StudyReport) -> String {
    SHA256.hexadecimal(of: Array(report.results.utf8))
  }

  /// - Parameter command: whose manifest it must be.
  /// - Errors: `inputMissing`; `badData` where the file is no manifest of the command.
  public init(path: String, command: String) throws(FileError) {
    let json = try FileInput.readJSON(path)
    guard json["schema"] == .string("hessian.\(command).manifest/1"), let version = json["version"]?.stringValue,
      let configuration = json["configuration"], let folder = json["folder"]?.stringValue,
      let data = json["data_sha256"]?.stringValue, let results = json["results_sha256"]?.stringValue
    else {
      throw FileError(
        .badData, path: path, reason: "it is no manifest of 'hessian \(command)'",
        advice: "give the manifest.json that this command has written")
    }
    (self.command, self.version, self.configuration, self.folder) = (command, version, configuration, folder)
    (self.data, self.results) = (data, results)
  }

  public var json: JSONValue {
    [
      "schema": .string("hessian.\(command).manifest/1"), "version": .string(version), "folder": .string(folder),
      "data_sha256": .string(data), "results_sha256": .string(results), "configuration": configuration,
    ]
  }
}
