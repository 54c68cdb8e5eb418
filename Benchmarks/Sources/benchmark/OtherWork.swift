import AttentionHessian

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How much the processors did for others while this ran: what makes figures worse than they are.
struct OtherWork {
  private let watch = Stopwatch()
  private let start = Self.busySeconds

  /// How many processors others kept busy on the mean, once every process that was started has ended; `nil` where the
  /// system does not say.
  var processors: Double? {
    guard let start, let end = Self.busySeconds, watch.seconds > 0 else { return nil }
    return max(0, end - start - Self.ownSeconds) / watch.seconds
  }

  /// The time all processors have been busy since the machine was started.
  private static var busySeconds: Double? {
    guard let line = (try? FileInput.readText("/proc/stat"))?.split(separator: "\n").first else { return nil }
    let ticks = line.split(separator: " ").dropFirst().compactMap { Double($0) }
    // user, nice, system, idle, waiting for a disk, interrupts (2), stolen by other machines.
    guard ticks.count >= 8 else { return nil }
    return (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6] + ticks[7]) / Double(sysconf(CInt(_SC_CLK_TCK)))
  }

  /// The time this process and those it waited for have been running.
  private static var ownSeconds: Double {
    var total = 0.0
    for who in [0, -1] as [CInt] {
      var usage = rusage()
      #if canImport(Glibc)
        getrusage(__rusage_who_t(who), &usage)
      #else
        getrusage(who, &usage)
      #endif
      for time in [usage.ru_utime, usage.ru_stime] { total += Double(time.tv_sec) + 1e-6 * Double(time.tv_usec) }
    }
    return total
  }
}
