#if canImport(Glibc)
  @preconcurrency import Glibc
#else
  import Darwin
#endif

/// What signals do to the command.
enum Interruption {
  /// Ends the command with status 130 on an interrupt; a pipe without reader becomes an error of the write.
  static func install() {
    signal(SIGINT) { _ in _exit(130) }
    signal(SIGPIPE, SIG_IGN)
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
