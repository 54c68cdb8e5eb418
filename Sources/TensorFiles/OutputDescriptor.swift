#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An open file one writes to.
struct OutputDescriptor {
  let number: Int32

  /// The open file that a path such as `/dev/stdout`, `/dev/fd/3` or `/proc/self/fd/3` stands for.
  ///
  /// Opened anew, a redirected file would be overwritten from its beginning.
  static func named(by path: String) -> OutputDescriptor? {
    if path == "/dev/stdout" { return OutputDescriptor(number: 1) }
    if path == "/dev/stderr" { return OutputDescriptor(number: 2) }
    for directory in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(directory) {
      if let number = Int32(path.dropFirst(directory.count)), number >= 0 { return OutputDescriptor(number: number) }
    }
    return nil
  }

  /// Writes all the bytes.
  func write(_ bytes: [UInt8], path: String) throws(FileError) {
    let code: Int32? = bytes.withUnsafeBytes { buffer in
      var offset = 0
      while offset < buffer.count {
        // Some systems refuse more than 2 GiB at once.
        let count = systemWrite(number, buffer.baseAddress! + offset, min(buffer.count - offset, 1 << 30))
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return count < 0 ? errno : EIO }
        offset += count
      }
      return nil
    }
    if let code { throw FileError(.writeFailed, path: path, code: code) }
  }

  /// Closes the file; the error code if that failed, which on some file systems is when a full disk is noticed.
  func close() -> Int32? { systemClose(number) == 0 || errno == EINTR ? nil : errno }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
