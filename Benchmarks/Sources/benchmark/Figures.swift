#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Measured numbers as text, with three significant digits.
enum Figures {
  /// A duration with its unit, such as `1.23 ms`.
  static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<1e-3: "\(digits(1e6 * seconds)) µs"
    case ..<1: "\(digits(1e3 * seconds)) ms"
    default: "\(digits(seconds)) s"
    }
  }

  /// An amount of memory with its unit.
  static func memory(_ bytes: Double) -> String {
    bytes < 1e9 ? "\(digits(bytes / 1e6)) MB" : "\(digits(bytes / 1e9)) GB"
  }

  static func ratio(_ value: Double) -> String { digits(value) + "×" }

  static func difference(_ value: Double) -> String { value == 0 ? "0" : printed("%.1e", value) }

  /// Three significant digits, without an exponent up to a million.
  static func digits(_ value: Double) -> String {
    guard value.isFinite, abs(value) >= 999.5, abs(value) < 1e6 else { return printed("%.3g", value) }
    return printed("%.0f", value)
  }

  private static func printed(_ format: String, _ value: Double) -> String {
    var characters = [CChar](repeating: 0, count: 64)
    _ = withVaList([value]) { vsnprintf(&characters, characters.count, format, $0) }
    return characters.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
  }
}
