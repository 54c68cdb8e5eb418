/// How long and how often is measured.
struct Effort: Sendable {
  /// Seconds of timed calls for each contestant of a case.
  var seconds: Double
  /// In how many turns: between two of them all others have theirs.
  var rounds: Int
  /// At least so many calls, also where they take longer.
  var minimumCalls: Int
  /// At most so many calls in a turn.
  var callsPerTurn: Int
  /// How often a process is started.
  var starts: Int
  /// After how many seconds without an answer a contestant is given up.
  var patience: Double

  static let full = Effort(seconds: 4, rounds: 5, minimumCalls: 3, callsPerTurn: 500, starts: 15, patience: 300)
  static let quick = Effort(seconds: 0.5, rounds: 2, minimumCalls: 1, callsPerTurn: 100, starts: 4, patience: 120)
}
