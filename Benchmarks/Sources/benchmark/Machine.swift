import AttentionHessian

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What the figures were measured on.
struct Machine: Sendable {
  let processor: String
  let processors: Int
  let system: String
  /// How many processes wanted to run in the last minute, before the first measurement.
  let loadBefore: String?
  let date: String

  init() {
    let information = (try? FileInput.readText("/proc/cpuinfo")) ?? ""
    let name = Self.value(of: "model name", in: information) ?? "an unknown processor"
    let flags = Self.value(of: "flags", in: information)?.split(separator: " ") ?? []
    let vectors = flags.contains("avx512f") ? " with AVX-512" : flags.contains("avx2") ? " with AVX2" : ""
    processor = name + vectors
    processors = Processors.allowed.count
    var names = utsname()
    uname(&names)
    system = Self.text(names.sysname) + " " + Self.text(names.release) + ", " + Self.text(names.machine)
    loadBefore = Self.load
    var now = time(nil), parts = tm()
    gmtime_r(&now, &parts)
    var characters = [CChar](repeating: 0, count: 32)
    strftime(&characters, characters.count, "%Y-%m-%d %H:%M UTC", &parts)
    date = characters.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
  }

  /// How many processes wanted to run in the last minute.
  static var load: String? {
    (try? FileInput.readText("/proc/loadavg"))?.split(separator: " ").first.map(String.init)
  }

  /// One line a fact.
  func lines(_ versions: [Version], seed: UInt64, effort: Effort) -> [String] {
    var lines = [
      "\(date); \(processor), \(processors) processors; \(system)",
      versions.map { "\($0.name) \($0.version)" }.joined(separator: "; "),
      "float64; seed \(seed); medians of single calls, the contestants in turn in \(effort.rounds) rounds",
    ]
    if let loadBefore, let after = Self.load {
      lines.append("load of the machine \(loadBefore) before, \(after) after")
    }
    return lines
  }

  private static func value(of key: String, in text: String) -> String? {
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else { return nil }
    return line.split(separator: ":", maxSplits: 1).last.map { String($0.drop { $0 == " " }) }
  }

  private static func text<T>(_ characters: T) -> String {
    withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
