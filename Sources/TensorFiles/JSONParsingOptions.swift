/// What a JSON text may be beyond the grammar of RFC 8259.
public struct JSONParsingOptions: Hashable, Sendable {
  /// What happens to a second member with the same key.
  public enum DuplicateKeys: Hashable, Sendable {
    /// Both are kept, in order; the caller decides.
    case kept
    /// The text is refused.
    case refused
  }

  /// What happens to a second member with the same key.
  public var duplicateKeys: DuplicateKeys
  /// How many arrays and objects may stand inside each other.
  public var maximumDepth: Int

  /// - Precondition: `1 ≤ maximumDepth ≤ 1000`, so that no text can exhaust the stack.
  public init(duplicateKeys: DuplicateKeys = .kept, maximumDepth: Int = 127) {
    precondition((1...1000).contains(maximumDepth), "the maximum depth \(maximumDepth) is not in 1…1000")
    self.duplicateKeys = duplicateKeys
    self.maximumDepth = maximumDepth
  }
}
