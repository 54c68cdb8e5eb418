import AttentionHessian

#if canImport(Glibc)
  @preconcurrency import Glibc
#else
  import Darwin
#endif

/// Where results go that have no file.
enum StandardOutput {
  /// The reader has gone, which is its right: the command ends quietly.
  struct ReaderGone: Error {}

  static func write(_ text: String) throws { try write(Array(text.utf8)) }

  /// Writes all the bytes.
  ///
  /// - Errors: `ReaderGone`, or `writeFailed`.
  static func write(_ bytes: [UInt8]) throws {
    var offset = 0
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        systemWrite(STDOUT_FILENO, buffer.baseAddress! + offset, min(buffer.count - offset, 1 << 30))
      }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EPIPE { throw ReaderGone() }
      guard count > 0 else { throw failure(errno) }
      offset += count
    }
  }

  private static func failure(_ code: Int32) -> FileError {
    let (reason, advice) =
      switch code {
      case ENOSPC: ("no space is left on the device", "free some space or redirect to another device")
      case EBADF: ("it is closed", "leave it open, or give --output FILE")
      case EFBIG: ("the file would exceed the permitted size", "raise the limit (ulimit -f)")
      default: ("the system reported error \(code)", "check where the output is redirected to")
      }
    return FileError(.writeFailed, path: "standard output", reason: reason, advice: advice)
  }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
