#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// JSON values, one a line, from one descriptor and to another.
struct LineChannel {
  private let reading: CInt
  private let writing: CInt
  private var buffered: [UInt8] = []

  init(reading: CInt, writing: CInt) { (self.reading, self.writing) = (reading, writing) }

  /// Writes one line.
  ///
  /// - Errors: `Refusal` where nobody reads any more.
  func send(_ line: String) throws {
    let bytes = Array((line + "\n").utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { write(writing, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw Refusal("it does not take requests any more") }
      sent += count
    }
  }

  /// The next line, or `nil` at the end.
  ///
  /// - Errors: `Refusal` where none has come after so many seconds.
  mutating func receive(within seconds: Double? = nil) throws -> String? {
    while true {
      if let end = buffered.firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: buffered[..<end], as: UTF8.self)
        buffered.removeSubrange(...end)
        return line
      }
      if let seconds {
        var state = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
        guard poll(&state, 1, CInt(1000 * seconds)) != 0 else {
          throw Refusal("no answer in \(Int(seconds)) s")
        }
      }
      var part = [UInt8](repeating: 0, count: 1 << 16)
      let count = read(reading, &part, part.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return nil }
      buffered += part[..<count]
    }
  }
}
