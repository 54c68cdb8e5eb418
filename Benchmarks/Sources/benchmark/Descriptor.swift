#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An open file.
struct Descriptor {
  let number: CInt

  /// What takes everything and gives nothing.
  static func silence() throws -> Descriptor {
    let number = open("/dev/null", O_RDWR | O_CLOEXEC)
    guard number >= 0 else { throw Refusal("/dev/null cannot be opened: \(String(cString: strerror(errno)))") }
    return Descriptor(number: number)
  }

  func close() { _ = systemClose(number) }
}

private func systemClose(_ number: CInt) -> CInt { close(number) }
