import TensorFiles

extension LayerInstance {
  /// Reads an instance file, strictly and exactly.
  ///
  /// - Errors: `inputMissing` where there is no such file; `badData` naming the place in the file where it is not JSON,
  ///   has an unknown or repeated key, a number that is none, or matrices that do not fit.
  public init(contentsOf path: String) throws(FileError) {
    let json = try FileInput.readJSON(path)
    do {
      try self.init(json: json)
    } catch {
      throw FileError(.badData, path: path, reason: error.problem, advice: error.advice)
    }
  }

  /// The instance a JSON value describes.
  public init(json: JSONValue) throws(InstanceError) { self = try InstanceReader.instance(json) }
}
