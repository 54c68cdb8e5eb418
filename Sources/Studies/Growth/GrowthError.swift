/// Why growth cannot be studied as asked.
public struct GrowthError: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
  /// What to change.
  public let advice: String

  init(_ description: String, advice: String) { (self.description, self.advice) = (description, advice) }
}
