#if canImport(Glibc)
  @preconcurrency import Glibc
#else
  import Darwin
#endif

/// Where messages, warnings and progress go.
enum StandardError {
  /// Writes a text; what cannot be written is lost, since there is nowhere to say so.
  static func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Self.write($0) }
  }

  private static func write(_ bytes: UnsafeRawBufferPointer) -> Int {
    var offset = 0
    while offset < bytes.count {
      let count = systemWrite(STDERR_FILENO, bytes.baseAddress! + offset, bytes.count - offset)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { break }
      offset += count
    }
    return offset
  }

  /// A line that does not stop the command, unless the user wants quiet.
  static func warn(_ message: String, quiet: Bool) {
    if !quiet { write("\(Terminal.standardError.colored("warning:", .yellow)) \(message)\n") }
  }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
