#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A started process.
struct ChildProcess {
  /// What became of a process.
  struct End: Sendable {
    /// 0 for success; otherwise in words, such as "ended with signal 9".
    let problem: String?
    /// The most memory that was resident, in bytes.
    let peakMemory: Double
  }

  let identifier: pid_t

  /// Starts a program, found on the path, with standard streams from these descriptors.
  ///
  /// - Errors: `Refusal` where it cannot be started.
  init(
    _ arguments: [String], environment: [String], input: CInt, output: CInt, errors: CInt
  ) throws {
    #if canImport(Glibc)
      var actions = posix_spawn_file_actions_t()
    #else
      var actions: posix_spawn_file_actions_t?
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (from, to) in [(input, 0), (output, 1), (errors, 2)] as [(CInt, CInt)] where from != to {
      posix_spawn_file_actions_adddup2(&actions, from, to)
    }
    var argumentPointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    var variablePointers: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
    defer { for pointer in argumentPointers + variablePointers { free(pointer) } }
    var identifier: pid_t = 0
    let code = posix_spawnp(&identifier, arguments[0], &actions, nil, &argumentPointers, &variablePointers)
    guard code == 0 else {
      throw Refusal("\(arguments[0]) cannot be started: \(String(cString: strerror(code)))")
    }
    self.identifier = identifier
  }

  /// Waits for its end.
  func wait() -> End {
    var status: CInt = 0
    var usage = rusage()
    var result: pid_t
    repeat { result = wait4(identifier, &status, 0, &usage) } while result < 0 && errno == EINTR
    #if canImport(Glibc)
      let memory = 1024 * Double(usage.ru_maxrss)
    #else
      let memory = Double(usage.ru_maxrss)
    #endif
    let signal = status & 0x7F
    let code = (status >> 8) & 0xFF
    let problem = signal != 0 ? "ended with signal \(signal)" : code != 0 ? "ended with exit status \(code)" : nil
    return End(problem: problem, peakMemory: memory)
  }

  func kill() { _ = systemKill(identifier, SIGKILL) }
}

private func systemKill(_ process: pid_t, _ signal: CInt) -> CInt { kill(process, signal) }

/// A pipe whose ends no other process inherits.
struct Pipe {
  let reading: CInt
  let writing: CInt

  init() throws {
    var ends: [CInt] = [0, 0]
    guard pipe(&ends) == 0 else { throw Refusal("no pipe: \(String(cString: strerror(errno)))") }
    (reading, writing) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  }
}
