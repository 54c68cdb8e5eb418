import CAffinity

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Which processors the measured processes run on; where a system does not let one choose, it chooses itself.
enum Processors {
  /// The processors this process may run on, by their numbers.
  static let allowed: [CInt] = {
    var numbers = [CInt](repeating: 0, count: 4096)
    let count = min(Int(affinity_get(&numbers, CInt(numbers.count))), numbers.count)
    return count > 0 ? Array(numbers[..<count]) : Array(0..<CInt(max(1, sysconf(CInt(_SC_NPROCESSORS_ONLN)))))
  }()

  /// Runs `body`, which starts a process, on the last `count` processors; the first one has most of the system's work.
  static func limited<T>(to count: Int, _ body: () throws -> T) rethrows -> T {
    let chosen = Array(allowed.suffix(count))
    affinity_set(chosen, CInt(chosen.count))
    defer { affinity_set(allowed, CInt(allowed.count)) }
    return try body()
  }
}
