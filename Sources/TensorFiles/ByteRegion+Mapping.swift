#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension ByteRegion {
  /// The bytes of a regular file, mapped and not copied.
  ///
  /// The file must not be shortened while it is in use.
  ///
  /// - Errors: `inputMissing` where the file cannot be opened or is not a regular file.
  convenience init(mapping path: String) throws(FileError) {
    // Opening a pipe would wait for its writer; a regular file does not care about the flag.
    let descriptor = try FileInput.open(path, flags: O_NONBLOCK)
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(.inputMissing, path: path, code: errno) }
    if status.st_mode & S_IFMT == S_IFDIR { throw FileError(.inputMissing, path: path, code: EISDIR) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw FileError(
        .inputMissing, path: path, reason: "it is a pipe or a device, which cannot be mapped",
        advice: "save it as a file first")
    }
    let count = Int(status.st_size)
    // mmap refuses the length 0.
    if count == 0 {
      self.init(UnsafeRawBufferPointer(start: nil, count: 0)) { _ in }
      return
    }
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
      throw FileError(.inputMissing, path: path, code: errno)
    }
    self.init(UnsafeRawBufferPointer(start: start, count: count)) { bytes in
      munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    }
  }
}
