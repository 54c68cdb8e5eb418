import AttentionHessian

/// Writes a result to a file, whole or not at all, or to standard output.
enum ResultWriter {
  static func write(_ bytes: [UInt8], to path: String?) throws {
    guard let path else { return try StandardOutput.write(bytes) }
    try Interruption.deferred { () throws(FileError) in try AtomicFile.write(bytes, to: path) }
  }

  static func write(_ text: String, to path: String?) throws { try write(Array(text.utf8), to: path) }

  static func write(_ json: JSONValue, to path: String?) throws {
    try write(JSONWriter(.pretty).text(json) + "\n", to: path)
  }

  /// Writes a result that comes in parts: to standard output as it comes, to a file when it is complete.
  static func write(to path: String?, _ body: ((String) throws -> Void) throws -> Void) throws {
    guard path != nil else { return try body { try StandardOutput.write($0) } }
    var bytes: [UInt8] = []
    try body { bytes += Array($0.utf8) }
    try write(bytes, to: path)
  }
}
