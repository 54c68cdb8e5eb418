/// An error of a command: what is wrong, what to change, and the exit status that says so.
struct CommandError: Error {
  /// Exit statuses of the command.
  enum Status: Int32 {
    /// A check failed.
    case failed = 1
    /// Not decided, not found, not converged.
    case undecided = 2
    case usage = 64
    case badData = 65
    case interrupted = 130
  }

  let message: String
  let hint: String
  let status: Status

  init(_ message: String, hint: String, status: Status) {
    self.message = message
    self.hint = hint
    self.status = status
  }
}
