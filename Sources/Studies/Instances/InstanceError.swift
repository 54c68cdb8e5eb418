/// Why something is not a problem instance, where in it, and what to change.
public struct InstanceError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The place as a path, such as `heads[1].W_K[0][2]`; empty for the whole.
  public let path: String
  /// What is wrong.
  public let reason: String
  /// What to change.
  public let advice: String

  public init(_ path: String, _ reason: String, advice: String) {
    self.path = path
    self.reason = reason
    self.advice = advice
  }

  /// The place and what is wrong there.
  public var problem: String { path.isEmpty ? reason : "\(path): \(reason)" }

  public var description: String { "\(problem); \(advice)" }
}
