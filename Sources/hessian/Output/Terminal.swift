#if canImport(Glibc)
  @preconcurrency import Glibc
#else
  import Darwin
#endif

/// Whether an output is a terminal, and whether it wants colours.
struct Terminal {
  enum Color: Int {
    case red = 31
    case green = 32
    case yellow = 33
  }

  static var standardOutput: Terminal { Terminal(descriptor: STDOUT_FILENO) }
  static var standardError: Terminal { Terminal(descriptor: STDERR_FILENO) }

  let isTerminal: Bool
  private let hasColors: Bool

  private init(descriptor: Int32) {
    isTerminal = isatty(descriptor) == 1
    let isPlain = Self.variable("TERM").map { $0 == "dumb" } ?? true
    // https://no-color.org: present and not empty.
    let isRefused = Self.variable("NO_COLOR").map { !$0.isEmpty } ?? false
    hasColors = isTerminal && !isPlain && !isRefused
  }

  /// The text in bold colour where this terminal has colours.
  func colored(_ text: String, _ color: Color) -> String {
    hasColors ? "\u{1B}[1;\(color.rawValue)m\(text)\u{1B}[0m" : text
  }

  private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
