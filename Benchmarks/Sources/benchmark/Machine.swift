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
    var now = time(nil), parts = tm()
    gmtime_r(&now, &parts)
    var characters = [CChar](repeating: 0, count: 32)
    strftime(&characters, characters.count, "%Y-%m-%d %H:%M UTC", &parts)
    date = characters.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
  }

  /// One line a fact.
  func lines(_ versions: [Version], seed: UInt64, effort: Effort, otherWork: OtherWork) -> [String] {
    var lines = [
      "\(date); \(processor), \(processors) processors; \(system)",
      versions.map { "\($0.name) \($0.version)" }.joined(separator: "; "),
      "float64; seed \(seed); medians of single calls, the contestants in turn in \(effort.rounds) rounds",
    ]
    if let processors = otherWork.processors {
      lines.append("meanwhile other processes kept \(Figures.digits(processors)) processors busy")
    }
    return lines.filter { !$0.isEmpty }
  }

  private static func value(of key: String, in text: String) -> String? {
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else { return nil }
    return line.split(separator: ":", maxSplits: 1).last.map { String($0.drop { $0 == " " }) }
  }

  private static func text<T>(_ characters: T) -> String {
    withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
