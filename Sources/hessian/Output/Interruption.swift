#if canImport(Glibc)
  @preconcurrency import Glibc
#else
  import Darwin
#endif

/// What signals do to the command.
enum Interruption {
  /// Ends the command with status 130 on an interrupt; a pipe without reader and a file beyond the permitted size become
  /// errors of the write.
  static func install() {
    let previous = signal(SIGINT) { _ in _exit(130) }
    // Whoever started the command in the background may have had interrupts ignored.
    if unsafeBitCast(previous, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { signal(SIGINT, SIG_IGN) }
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Runs the body with interrupts put off until it is over, so that no half-written file is left.
  static func deferred<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    var blocked = sigset_t()
    var previous = sigset_t()
    sigemptyset(&blocked)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&blocked, number) }
    pthread_sigmask(SIG_BLOCK, &blocked, &previous)
    defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
    return try body()
  }
}
