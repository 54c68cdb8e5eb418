import TensorFiles

/// What a study does: the content of a configuration file.
public protocol StudyConfiguration: Sendable {
  /// Names the folder of the report.
  var name: String { get }
  /// The file's text, from which a manifest reproduces the run.
  var source: JSONValue { get }
  /// The folder that paths are relative to.
  var folder: String { get }

  /// The configuration in a JSON value.
  ///
  /// - Errors: the place of the first offence, and what to change.
  static func read(_ json: JSONValue, folder: String) throws(InstanceError) -> Self
}

extension StudyConfiguration {
  /// Reads a configuration from a JSON file; a schema in Examples describes it.
  ///
  /// - Errors: `inputMissing`; `badData` naming the key that is unknown, missing, out of range or at odds with another, and
  ///   what to change.
  public init(path: String) throws(FileError) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    try self.init(try FileInput.readJSON(path), folder: folder, path: path)
  }

  /// The configuration in a JSON value.
  ///
  /// - Parameters:
  ///   - folder: what paths are relative to.
  ///   - path: what error messages call the file.
  public init(_ json: JSONValue, folder: String, path: String) throws(FileError) {
    do throws(InstanceError) {
      self = try Self.read(json, folder: folder)
    } catch {
      throw FileError(.badData, path: path, reason: error.problem, advice: error.advice)
    }
  }

  /// The path of a file that the configuration names.
  public func path(_ file: String) -> String { file.inFolder(folder) }
}

extension String {
  /// This path, in a folder unless it is absolute.
  func inFolder(_ folder: String) -> String { hasPrefix("/") || folder.isEmpty ? self : "\(folder)/\(self)" }
}
