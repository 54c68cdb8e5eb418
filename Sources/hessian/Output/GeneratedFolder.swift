import AttentionHessian

#if canImport(Glibc)
  @preconcurrency import Glibc
#else
  import Darwin
#endif

/// A folder that generated files are written to, each whole or not at all.
struct GeneratedFolder {
  let path: String

  /// - Errors: `cannotCreate` where the folder cannot be created or written to, which is better known before the work.
  init(_ path: String) throws {
    self.path = path
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw FileError(
        .cannotCreate, path: path, reason: "the path is empty or has a NUL character",
        advice: "give a folder (--output)")
    }
    var folder = path
    var status = stat()
    while stat(folder, &status) != 0 {
      guard errno == ENOENT || errno == ENOTDIR else { throw Self.refusal(folder, errno) }
      guard let above = Self.above(folder) else { return }
      folder = above
    }
    if status.st_mode & S_IFMT != S_IFDIR { throw Self.refusal(folder, ENOTDIR) }
    if access(folder, W_OK) != 0 { throw Self.refusal(folder, errno) }
  }

  /// The folder that a path is in; `nil` for a name alone.
  private static func above(_ path: String) -> String? {
    var path = Substring(path)
    while path.count > 1, path.last == "/" { path.removeLast() }
    guard let slash = path.lastIndex(of: "/") else { return nil }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Writes the files, folders created where needed.
  ///
  /// - Returns: the paths written, in order.
  /// - Errors: `cannotCreate` or `writeFailed`, naming the path.
  func write(_ files: [GeneratedFile]) throws -> [String] {
    var written: [String] = []
    try createFolders(path)
    for file in files {
      let target = path.hasSuffix("/") ? path + file.path : "\(path)/\(file.path)"
      if let slash = target.lastIndex(of: "/") { try createFolders(String(target[..<slash])) }
      try ResultWriter.write(file.text, to: target)
      written.append(target)
    }
    return written
  }

  /// Whether there is a file of this name in it.
  func holds(_ name: String) -> Bool { FileInput.exists(path.hasSuffix("/") ? path + name : "\(path)/\(name)") }

  /// Writes files whose paths begin with the project's folder `name`, for which this one stands, and lists them on
  /// standard output.
  func report(_ name: String, _ files: [GeneratedFile], json: Bool) throws {
    let paths = try write(
      files.map { file in
        let isInside = file.path.hasPrefix(name + "/")
        return GeneratedFile(path: isInside ? String(file.path.dropFirst(name.count + 1)) : file.path, text: file.text)
      })
    guard json else { return try StandardOutput.write(paths.map { $0 + "\n" }.joined()) }
    try ResultWriter.write(
      ["schema": .string("hessian.\(name)/1"), "files": .array(paths.map { .string($0) })], to: nil)
  }

  /// Creates a folder in this one, for files that are written as work goes on.
  ///
  /// - Returns: its path.
  func create(_ name: String) throws -> String {
    let folder = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
    try createFolders(folder)
    return folder
  }

  /// Creates a folder with those above it.
  private func createFolders(_ folder: String) throws {
    var status = stat()
    if folder.isEmpty || (stat(folder, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR) { return }
    if let above = Self.above(folder), above != folder { try createFolders(above) }
    guard mkdir(folder, 0o777) != 0 else { return }
    let code = errno
    // Another process may have been faster.
    if code == EEXIST, stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
    throw Self.refusal(folder, code)
  }

  private static func refusal(_ folder: String, _ code: Int32) -> FileError {
    let reason =
      switch code {
      case EEXIST, ENOTDIR: "it is not a folder"
      case EACCES, EPERM: "permission is denied"
      case ENOSPC: "no space is left on the device"
      case EROFS: "the file system is read-only"
      case ENAMETOOLONG: "the path is too long"
      default: "the system reported error \(code)"
      }
    return FileError(.cannotCreate, path: folder, reason: reason, advice: "give another folder (--output)")
  }
}
