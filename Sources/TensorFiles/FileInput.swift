#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reads whole files.
public enum FileInput {
  /// The bytes of a file, a pipe or a device such as `/dev/stdin`.
  ///
  /// - Errors: `inputMissing` where there is nothing to read or it is a directory; `badData` where there are more than
  ///   `limit` bytes.
  public static func read(_ path: String, limit: Int = 256 << 20) throws(FileError) -> [UInt8] {
    let descriptor = try open(path, flags: 0)
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(.inputMissing, path: path, code: errno) }
    if status.st_mode & S_IFMT == S_IFDIR { throw FileError(.inputMissing, path: path, code: EISDIR) }
    if status.st_mode & S_IFMT == S_IFREG, Int(status.st_size) > limit { throw tooLarge(path, limit: limit) }

    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = chunk.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw FileError(.inputMissing, path: path, code: errno)
      }
      guard bytes.count <= limit - count else { throw tooLarge(path, limit: limit) }
      bytes += chunk[..<count]
    }
  }

  /// The text of a file in UTF-8.
  ///
  /// - Errors: as for `read`, and `badData` where the bytes are not UTF-8.
  public static func readText(_ path: String, limit: Int = 256 << 20) throws(FileError) -> String {
    let bytes = try read(path, limit: limit)
    let text = String(decoding: bytes, as: UTF8.self)
    // Decoding replaces invalid sequences, so that the bytes change exactly when the text was invalid.
    guard text.utf8.elementsEqual(bytes) else {
      throw FileError(.badData, path: path, reason: "the text is not valid UTF-8", advice: "save it as UTF-8")
    }
    return text
  }

  /// A JSON file, read strictly; a key that stands twice in an object is refused unless the options say otherwise.
  ///
  /// - Errors: as for `read`, and `badData` with line and column where the text is not JSON.
  public static func readJSON(
    _ path: String, options: JSONParsingOptions = JSONParsingOptions(duplicateKeys: .refused), limit: Int = 256 << 20
  ) throws(FileError) -> JSONValue {
    let bytes = try read(path, limit: limit)
    do {
      return try JSONValue(parsing: bytes, options: options)
    } catch {
      throw FileError(.badData, path: path, reason: "the text is not valid JSON", advice: "correct \(error)")
    }
  }

  static func open(_ path: String, flags: Int32) throws(FileError) -> Int32 {
    try PathCheck.requireUsable(path, kind: .inputMissing)
    while true {
      let descriptor = systemOpen(path, O_RDONLY | O_CLOEXEC | flags)
      if descriptor >= 0 { return descriptor }
      if errno != EINTR { throw FileError(.inputMissing, path: path, code: errno) }
    }
  }

  private static func tooLarge(_ path: String, limit: Int) -> FileError {
    FileError(.badData, path: path, reason: "it has more than \(limit) bytes", advice: "give a smaller file")
  }
}

/// Checks that a path means to the system what it means to the caller.
enum PathCheck {
  static func requireUsable(_ path: String, kind: FileError.Kind) throws(FileError) {
    if path.isEmpty {
      throw FileError(kind, path: path, reason: "the path is empty", advice: "give the path of a file")
    }
    // The system would silently stop at the NUL and use another file.
    if path.utf8.contains(0) {
      throw FileError(kind, path: path, reason: "the path has a NUL character", advice: "remove it")
    }
  }
}

// Inside a type with a method of the same name the plain name would mean the method.
private func systemOpen(_ path: String, _ flags: Int32) -> Int32 { open(path, flags) }
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}

extension FileInput {
  /// Whether there is a file, or anything else, of this name.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
