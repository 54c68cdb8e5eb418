/// Why a bound cannot be explained, and what to change.
public struct ExplanationError: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
  public let advice: String

  init(_ description: String, advice: String) { (self.description, self.advice) = (description, advice) }
}
