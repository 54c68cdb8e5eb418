/// Why a statement cannot be searched for a violation, and what to change.
public struct FalsificationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public let reason: String
  /// What to change.
  public let advice: String

  init(_ reason: String, advice: String) { (self.reason, self.advice) = (reason, advice) }

  public var description: String { "\(reason); \(advice)" }
}
