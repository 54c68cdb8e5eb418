import AttentionHessian

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The most memory of this process that was resident so far.
enum PeakMemory {
  /// In bytes.
  static var current: Double {
    if let status = try? FileInput.readText("/proc/self/status"), let bytes = value(of: "VmHWM:", in: status) {
      return bytes
    }
    var usage = rusage()
    #if canImport(Glibc)
      getrusage(__rusage_who_t(0), &usage)
      return 1024 * Double(usage.ru_maxrss)
    #else
      getrusage(RUSAGE_SELF, &usage)
      return Double(usage.ru_maxrss)
    #endif
  }

  /// The bytes that the system has to give, where it says so.
  static var available: Double? {
    guard let text = try? FileInput.readText("/proc/meminfo") else { return nil }
    return value(of: "MemAvailable:", in: text)
  }

  private static func value(of key: String, in text: String) -> Double? {
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else { return nil }
    let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
    return words.count > 1 ? Double(words[1]).map { 1024 * $0 } : nil
  }
}
