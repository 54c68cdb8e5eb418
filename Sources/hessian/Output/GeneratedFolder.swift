import AttentionHessian

#if canImport(Glibc)
  @preconcurrency import Glibc
#else
  import Darwin
#endif

/// A folder that generated files are written to, each whole or not at all.
struct GeneratedFolder {
  let path: String

  init(_ path: String) { self.path = path }

  /// Writes the files, folders created where needed.
  ///
  /// - Returns: the paths written, in order.
  /// - Errors: `cannotCreate` or `writeFailed`, naming the path.
  func write(_ files: [GeneratedFile]) throws -> [String] {
    guard !path.isEmpty else {
      throw FileError(.cannotCreate, path: path, reason: "the path is empty", advice: "give a folder (--output)")
    }
    var written: [String] = []
    for file in files {
      let target = path.hasSuffix("/") ? path + file.path : "\(path)/\(file.path)"
      if let slash = target.lastIndex(of: "/") { try createFolders(String(target[..<slash])) }
      try ResultWriter.write(file.text, to: target)
      written.append(target)
    }
    return written
  }

  /// Creates a folder with those above it.
  private func createFolders(_ folder: String) throws {
    var status = stat()
    if folder.isEmpty || (stat(folder, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR) { return }
    if let slash = folder.lastIndex(of: "/") { try createFolders(String(folder[..<slash])) }
    if mkdir(folder, 0o777) == 0 || errno == EEXIST && stat(folder, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    {
      return
    }
    let reason =
      switch errno {
      case EEXIST, ENOTDIR: "a part of the path is not a folder"
      case EACCES, EPERM: "permission is denied"
      case ENOSPC: "no space is left on the device"
      case EROFS: "the file system is read-only"
      default: "the system reported error \(errno)"
      }
    throw FileError(.cannotCreate, path: folder, reason: reason, advice: "give another folder (--output)")
  }
}
