#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes a file whole or not at all.
public enum AtomicFile {
  /// Writes bytes to a path so that a reader sees the old content or the new one, and nothing in between.
  ///
  /// The bytes go to a temporary file in the same directory, are flushed to the device, and then take the name. The
  /// permissions of a file that is replaced are kept, and a symbolic link is followed. Pipes and devices
  /// (`/dev/stdout`, `/dev/full`) are written directly.
  ///
  /// - Errors: `cannotCreate` where nothing was begun; `writeFailed` where writing stopped. The temporary file is
  ///   removed in either case.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    try PathCheck.requireUsable(path, kind: .cannotCreate)
    if let descriptor = OutputDescriptor.named(by: path) {
      try descriptor.write(bytes, path: path)
      return
    }
    var status = stat()
    if stat(path, &status) == 0 {
      switch status.st_mode & S_IFMT {
      case S_IFDIR: throw FileError(.cannotCreate, path: path, code: EISDIR)
      case S_IFREG:
        guard access(path, W_OK) == 0 else { throw FileError(.cannotCreate, path: path, code: errno) }
        try replace(try target(of: path), mode: status.st_mode & 0o7777, with: bytes, path: path)
      default: try writeDirectly(bytes, path: path)
      }
      return
    }
    guard errno == ENOENT else { throw FileError(.cannotCreate, path: path, code: errno) }
    if path.utf8.last == UInt8(ascii: "/") { throw FileError(.cannotCreate, path: path, code: ENOENT) }
    var link = stat()
    if lstat(path, &link) == 0 {
      throw FileError(
        .cannotCreate, path: path, reason: "it is a symbolic link to a file that does not exist",
        advice: "remove the link or give another path")
    }
    try replace(path, mode: nil, with: bytes, path: path)
  }

  /// Writes a text in UTF-8 to a path whole or not at all; see `write(_:to:)` for bytes.
  public static func write(_ text: String, to path: String) throws(FileError) {
    try write(Array(text.utf8), to: path)
  }

  /// The file behind symbolic links, so that the rename replaces that file and not the link.
  private static func target(of path: String) throws(FileError) -> String {
    guard let resolved = realpath(path, nil) else { throw FileError(.cannotCreate, path: path, code: errno) }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func writeDirectly(_ bytes: [UInt8], path: String) throws(FileError) {
    let number = open(path, O_WRONLY | O_CLOEXEC)
    guard number >= 0 else { throw FileError(.cannotCreate, path: path, code: errno) }
    let descriptor = OutputDescriptor(number: number)
    do throws(FileError) {
      try descriptor.write(bytes, path: path)
    } catch {
      _ = descriptor.close()
      throw error
    }
    if let code = descriptor.close() { throw FileError(.writeFailed, path: path, code: code) }
  }

  private static func replace(
    _ target: String, mode: mode_t?, with bytes: [UInt8], path: String
  ) throws(FileError) {
    let directory = target.lastIndex(of: "/").map { String(target[...$0]) } ?? ""
    let (descriptor, temporary) = try temporaryFile(in: directory, path: path)
    do throws(FileError) {
      try descriptor.write(bytes, path: path)
      if let mode, fchmod(descriptor.number, mode) != 0 { throw FileError(.writeFailed, path: path, code: errno) }
      // A file system without fsync says EINVAL; the data are as safe there as they can be.
      if fsync(descriptor.number) != 0, errno != EINVAL { throw FileError(.writeFailed, path: path, code: errno) }
    } catch {
      _ = descriptor.close()
      unlink(temporary)
      throw error
    }
    let code = descriptor.close() ?? (rename(temporary, target) == 0 ? nil : errno)
    if let code {
      unlink(temporary)
      throw FileError(.writeFailed, path: path, code: code)
    }
  }

  private static func temporaryFile(
    in directory: String, path: String
  ) throws(FileError) -> (OutputDescriptor, name: String) {
    // The name does not hold the target's, which may be as long as the file system permits.
    for _ in 0..<64 {
      let name = directory + ".partial-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
      let number = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if number >= 0 { return (OutputDescriptor(number: number), name) }
      if errno != EEXIST, errno != EINTR { break }
    }
    throw FileError(.cannotCreate, path: path, code: errno)
  }
}
